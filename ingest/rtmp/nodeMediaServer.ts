import { createRequire } from 'node:module';
import type { Logger } from '#engine/kernel';
import { maxChunkBytes, maxChunkStreams, maxCommandBytes, maxHeldBytes, maxMediaMessageBytes } from '../limits.ts';

/**
 * The only importer of node-media-server, which is CommonJS without types. Uses its RTMP protocol class (handshake, chunks,
 * commands), one instance per connection, and not its server: the server passes media to players before a key was looked up,
 * refuses a second publisher, and exits the process when its port is taken.
 */

/** An audio (FLV type 8) or video (9) message. The data buffer is reused. */
interface NmsPacket {
  codec_type: number;
  dts: number;
  size: number;
  data: Buffer;
}

interface NmsRtmp {
  inChunkSize: number;
  ackSize?: number;
  streamApp?: unknown;
  streamName?: unknown;
  streamId: number;
  objectEncoding?: unknown;
  inPackets: Map<number, unknown>;
  /** 0 before the first byte, 1 in C1, 2 in C2, 3 after the handshake. */
  handshakeState: number;
  /** Of FLV over HTTP. */
  flv: { parserTagData: Buffer };
  parserPacket: { header: { fmt: number; length: number; type: number }; bytes: number; capacity: number };
  parserData(bytes: Buffer): string | null;
  chunkMessageHeaderRead(): number;
  packetAlloc(): void;
  respondConnect(transactionId: unknown): void;
  respondCreateStream(transactionId: unknown): void;
  respondPublish(): void;
  respondPlay(): void;
  sendACK(bytes: number): void;
  sendStatusMessage(streamId: number, level: 'status' | 'error', code: string, description: string): void;
  onOutputCallback: (bytes: Buffer) => void;
  onConnectCallback: (request: unknown) => void;
  onPushCallback: () => void;
  onPlayCallback: () => void;
  onDeleteStream: () => void;
  onPacketCallback: (packet: NmsPacket) => void;
}

const require = createRequire(import.meta.url);
const Rtmp = require('node-media-server/src/protocol/rtmp.js') as { new (): NmsRtmp; prototype: NmsRtmp };
const nmsLogger = require('node-media-server/src/core/logger.js') as { log(message: string, level?: string): void };

/** Sends the lines of its logger, which writes to the console, to our log at level debug. */
export function quietNodeMediaServer(logger: Logger): void {
  nmsLogger.log = (message, level = 'info') => logger.debug({ message, level }, 'nodeMediaServer.said');
}

export interface RtmpProtocolHandler {
  output(bytes: Buffer): void;
  /** The client asks to publish. A correct client sends no media before `acceptPublish`. */
  publish(request: { app: string; name: string }): void;
  play(): void;
  unpublish(): void;
  packet(packet: { kind: 'audio' | 'video'; timestampMs: number; body: Buffer }): void;
}

const flvType = { audio: 8, video: 9 } as const;
/** RTMP specification §5.3.1.2.4: the header type of a chunk that continues a message. */
const continuation = 3;

/** The RTMP protocol of one connection. Throws when the client exceeds a limit. */
export class RtmpProtocol {
  readonly #rtmp = new Rtmp();
  readonly #startPublish: () => void;
  #isPublishing = false;
  #heldBytes = 0;
  #receivedBytes = 0;
  #acknowledgedBytes = 0;
  #hasBegun = false;

  constructor(handler: RtmpProtocolHandler) {
    const rtmp = this.#rtmp;
    // Frees a buffer of one megabyte that RTMP does not use.
    rtmp.flv.parserTagData = Buffer.alloc(0);
    this.#startPublish = () => Rtmp.prototype.respondPublish.call(rtmp);
    // "Publish.Start" waits for the key, and nothing can be played.
    rtmp.respondPublish = () => undefined;
    rtmp.respondPlay = () => undefined;
    // These numbers are sent back to the client. A client could send an object of thousands of fields, which takes seconds to encode.
    rtmp.respondConnect = (transactionId) => {
      rtmp.objectEncoding = asNumber(rtmp.objectEncoding);
      Rtmp.prototype.respondConnect.call(rtmp, asNumber(transactionId));
    };
    rtmp.respondCreateStream = (transactionId) => Rtmp.prototype.respondCreateStream.call(rtmp, asNumber(transactionId));
    rtmp.packetAlloc = () => this.#allocate();
    // With a shorter message inside another one, the parser counts the missing bytes backwards and reads the same bytes again.
    rtmp.chunkMessageHeaderRead = () => {
      if (rtmp.parserPacket.bytes > 0 && rtmp.parserPacket.header.fmt !== continuation) throw new RangeError('a message begins within another');
      return Rtmp.prototype.chunkMessageHeaderRead.call(rtmp);
    };
    rtmp.onOutputCallback = (bytes) => handler.output(bytes);
    rtmp.onConnectCallback = () => undefined;
    rtmp.onPushCallback = () => handler.publish({ app: asText(rtmp.streamApp), name: asText(rtmp.streamName) });
    rtmp.onPlayCallback = () => handler.play();
    rtmp.onDeleteStream = () => handler.unpublish();
    rtmp.onPacketCallback = ({ codec_type: type, dts, size, data }) => {
      if (type !== flvType.audio && type !== flvType.video) return;
      handler.packet({ kind: type === flvType.audio ? 'audio' : 'video', timestampMs: dts, body: data.subarray(0, size) });
    };
  }

  /** @throws RangeError, or another error of the parser. The connection cannot be used after that. */
  receive(bytes: Buffer): void {
    if (!this.#hasBegun && bytes[0] !== 3) throw new RangeError('this is not RTMP');
    this.#hasBegun = true;
    this.#receivedBytes += bytes.length;
    const problem = this.#rtmp.parserData(bytes);
    if (problem !== null) throw new RangeError(problem);
    const { inChunkSize, ackSize } = this.#rtmp;
    if (inChunkSize < 1 || inChunkSize > maxChunkBytes) throw new RangeError('the chunk size is out of bounds');
    this.#acknowledge(ackSize);
  }

  /** How far the client has come in the handshake and the commands. */
  get progress(): number {
    return this.#rtmp.handshakeState + (this.#rtmp.streamApp === undefined ? 0 : 1);
  }

  acceptPublish(): void {
    this.#isPublishing = true;
    this.#startPublish();
  }

  refusePublish(sentence: string): void {
    this.#rtmp.sendStatusMessage(this.#rtmp.streamId, 'error', 'NetStream.Publish.BadName', sentence);
  }

  refusePlay(): void {
    this.#rtmp.sendStatusMessage(this.#rtmp.streamId, 'error', 'NetStream.Play.Failed', 'Lectures are not played over RTMP.');
  }

  #allocate(): void {
    const { parserPacket, inPackets } = this.#rtmp;
    const { length, type } = parserPacket.header;
    const isMedia = type === flvType.audio || type === flvType.video;
    if (length > (this.#isPublishing && isMedia ? maxMediaMessageBytes : maxCommandBytes)) throw new RangeError('a message is too long');
    if (inPackets.size > maxChunkStreams) throw new RangeError('there are too many chunk streams');
    const heldBefore = parserPacket.capacity;
    if (this.#heldBytes + Math.max(0, length - heldBefore) > maxHeldBytes[this.#isPublishing ? 'publishing' : 'opening']) throw new RangeError('too many incomplete messages');
    Rtmp.prototype.packetAlloc.call(this.#rtmp);
    this.#heldBytes += parserPacket.capacity - heldBefore;
  }

  /** Hardware encoders stop without acknowledgements, and node-media-server sends none. */
  #acknowledge(windowBytes = 2_500_000): void {
    if (this.#receivedBytes - this.#acknowledgedBytes < Math.max(65_536, windowBytes / 2)) return;
    this.#acknowledgedBytes = this.#receivedBytes;
    this.#rtmp.sendACK(this.#receivedBytes % 2 ** 32);
  }
}

function asNumber(value: unknown): number {
  return typeof value === 'number' ? value : 0;
}

function asText(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
