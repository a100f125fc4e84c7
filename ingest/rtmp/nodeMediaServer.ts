import { createRequire } from 'node:module';
import type { Logger } from '#engine/kernel';

/**
 * The only importer of node-media-server, which is CommonJS without types. Its protocol class writes what Lectern answers to a
 * client: the handshake, with or without digests, and the messages. What clients send is read by Lectern's own ChunkReader.
 */

interface NmsInvocation {
  cmd: '_result' | 'onStatus' | 'onFCPublish';
  transId: number;
  cmdObj: Record<string, string | number> | null;
  info: Record<string, string | number> | number | undefined;
}

interface NmsRtmp {
  handshakeState: number;
  handshakeBytes: number;
  /** Of FLV over HTTP. */
  flv: { parserTagData: Buffer };
  parserData(bytes: Buffer): string | null;
  sendACK(bytes: number): void;
  sendWindowACK(bytes: number): void;
  setPeerBandwidth(bytes: number, limitType: number): void;
  setChunkSize(bytes: number): void;
  sendStreamStatus(event: number, value: number): void;
  sendInvokeMessage(streamId: number, invocation: NmsInvocation): void;
  onOutputCallback: (bytes: Buffer) => void;
}

const require = createRequire(import.meta.url);
const Rtmp = require('node-media-server/src/protocol/rtmp.js') as new () => NmsRtmp;
const nmsLogger = require('node-media-server/src/core/logger.js') as { log(message: string, level?: string): void };

/** It writes for all connections, one answer at a time. */
const rtmp = new Rtmp();
// Frees a buffer of one megabyte that RTMP does not use.
rtmp.flv.parserTagData = Buffer.alloc(0);

/** Sends the lines of its logger, which writes to the console, to our log at level debug. */
export function quietNodeMediaServer(logger: Logger): void {
  nmsLogger.log = (message, level = 'info') => logger.debug({ message, level }, 'nodeMediaServer.said');
}

/** The chunk size that it writes with, bytes. */
const outputChunkBytes = 65_535;
/** The client may send this many bytes without an acknowledgement. */
const windowBytes = 5_000_000;
/** The client may change the limit: RTMP specification §5.4.5. */
const dynamicLimit = 2;
/** User control events: RTMP specification §7.1.7. */
const userEvent = { pingRequest: 6, pingResponse: 7 } as const;

/** S0, S1 and S2 for C0 and C1. */
export function handshakeResponse(clientHello: Buffer): Buffer {
  rtmp.handshakeState = 0;
  rtmp.handshakeBytes = 0;
  return written(() => void rtmp.parserData(clientHello));
}

export function connectResponse(transactionId: number, objectEncoding: number): Buffer {
  const info = { level: 'status', code: 'NetConnection.Connect.Success', description: 'Connection succeeded.', objectEncoding };
  return written(() => {
    rtmp.sendWindowACK(windowBytes);
    rtmp.setPeerBandwidth(windowBytes, dynamicLimit);
    rtmp.setChunkSize(outputChunkBytes);
    rtmp.sendInvokeMessage(0, { cmd: '_result', transId: transactionId, cmdObj: { fmsVer: 'FMS/3,0,1,123', capabilities: 31 }, info });
  });
}

/** The result of any other command. */
export function commandResult(transactionId: number, value: number | undefined): Buffer {
  return written(() => rtmp.sendInvokeMessage(0, { cmd: '_result', transId: transactionId, cmdObj: null, info: value }));
}

export interface RtmpStatus {
  level: 'status' | 'error';
  code: string;
  description: string;
}

export function statusMessage(streamId: number, { level, code, description }: RtmpStatus): Buffer {
  return written(() => rtmp.sendInvokeMessage(streamId, { cmd: 'onStatus', transId: 0, cmdObj: null, info: { level, code, description: asAscii(description) } }));
}

/** For clients that announced a publication with FCPublish. */
export function publishNotice(): Buffer {
  return written(() => rtmp.sendInvokeMessage(0, { cmd: 'onFCPublish', transId: 0, cmdObj: null, info: { code: 'NetStream.Publish.Start', description: 'Started publishing stream.' } }));
}

export function acknowledgement(receivedBytes: number): Buffer {
  return written(() => rtmp.sendACK(receivedBytes % 2 ** 32));
}

export function windowSize(bytes: number): Buffer {
  return written(() => rtmp.sendWindowACK(bytes));
}

export function pingRequest(timestampMs: number): Buffer {
  return written(() => rtmp.sendStreamStatus(userEvent.pingRequest, timestampMs));
}

export function pingResponse(timestampMs: number): Buffer {
  return written(() => rtmp.sendStreamStatus(userEvent.pingResponse, timestampMs));
}

function written(write: () => void): Buffer {
  const parts: Buffer[] = [];
  rtmp.onOutputCallback = (bytes) => parts.push(bytes);
  write();
  return Buffer.concat(parts);
}

/** node-media-server states the length of a string in characters instead of bytes. */
function asAscii(text: string): string {
  return text.replaceAll('→', '>').replace(/[^\x20-\x7e]/g, '?');
}
