import { connect } from 'node:net';
import type { Socket } from 'node:net';
import type { Readable } from 'node:stream';
import { CodedError } from '#engine/contract';
import { scanChunkBytes, scanConnectTimeoutMs, scanIdleTimeoutMs, scanOverlapBytes, scanPieceBytes } from '../limits.ts';
import type { FileScanner, ScanResult } from './FileScanner.ts';

/** `tcp`: a host and port. `unix`: the path of a socket. */
export type ClamdAddress = { host: string; port: number } | { path: string };

export interface ClamdScannerOptions {
  address: ClamdAddress;
  /** Bytes of one stream, and of what two streams have in common. Tests lower them. */
  pieceBytes?: number;
  overlapBytes?: number;
  idleTimeoutMs?: number;
}

/**
 * Scans by the command INSTREAM of clamd (clamd(8)), over TCP or a Unix socket. A file that is longer than clamd accepts in one stream
 * is scanned in pieces that overlap. Opens a connection for each piece, and closes it.
 */
export class ClamdScanner implements FileScanner {
  readonly #options: Required<ClamdScannerOptions>;

  constructor(options: ClamdScannerOptions) {
    this.#options = { pieceBytes: scanPieceBytes, overlapBytes: scanOverlapBytes, idleTimeoutMs: scanIdleTimeoutMs, ...options };
  }

  async scan(content: Readable, signal: AbortSignal): Promise<ScanResult> {
    let piece: ClamdStream | undefined;
    let tail = Buffer.alloc(0);
    try {
      piece = await this.#open(signal);
      for await (const chunk of content as AsyncIterable<Buffer>) {
        await piece.send(chunk);
        tail = Buffer.concat([tail, chunk]).subarray(-this.#options.overlapBytes);
        if (piece.sentBytes < this.#options.pieceBytes) continue;
        const found = await piece.end();
        if (!found.isClean) return found;
        piece = await this.#open(signal);
        await piece.send(tail);
      }
      return await piece.end();
    } finally {
      piece?.close();
      content.destroy();
    }
  }

  #open(signal: AbortSignal): Promise<ClamdStream> {
    return ClamdStream.open(this.#options.address, { idleTimeoutMs: this.#options.idleTimeoutMs, signal });
  }
}

/** One INSTREAM command on a connection of its own. */
class ClamdStream {
  readonly #socket: Socket;
  readonly #answer: Promise<string>;
  sentBytes = 0;

  static open(address: ClamdAddress, { idleTimeoutMs, signal }: { idleTimeoutMs: number; signal: AbortSignal }): Promise<ClamdStream> {
    return new Promise((resolve, reject) => {
      const socket = connect(address);
      const abort = () => socket.destroy(new Error('the scan was stopped'));
      if (signal.aborted) abort();
      signal.addEventListener('abort', abort, { once: true });
      socket.once('close', () => signal.removeEventListener('abort', abort));
      socket.setTimeout(scanConnectTimeoutMs, () => socket.destroy(new Error('it does not answer')));
      socket.once('error', (cause) => reject(notScanned(cause)));
      socket.once('connect', () => {
        socket.setTimeout(idleTimeoutMs);
        socket.write('zINSTREAM\0');
        resolve(new ClamdStream(socket));
      });
    });
  }

  constructor(socket: Socket) {
    this.#socket = socket;
    this.#answer = readAnswer(socket);
    // It is read at the end of the piece; clamd may answer, or be gone, before.
    this.#answer.catch(() => undefined);
  }

  /** Sends bytes in chunks, each with its length before it. */
  async send(bytes: Uint8Array): Promise<void> {
    for (let at = 0; at < bytes.length; at += scanChunkBytes) {
      const chunk = bytes.subarray(at, at + scanChunkBytes);
      const length = Buffer.alloc(4);
      length.writeUInt32BE(chunk.length);
      this.#socket.write(length);
      if (!this.#socket.write(chunk)) await Promise.race([this.#drained(), this.#answer]);
      this.sentBytes += chunk.length;
    }
  }

  async end(): Promise<ScanResult> {
    this.#socket.write(Buffer.alloc(4));
    const answer = await this.#answer;
    if (answer === 'stream: OK') return { isClean: true };
    const found = /^stream: (.+) FOUND$/.exec(answer)?.[1];
    if (found === undefined) throw notScanned(new Error(answer));
    return { isClean: false, name: found };
  }

  close(): void {
    this.#socket.destroy();
  }

  #drained(): Promise<void> {
    return new Promise((resolve) => this.#socket.once('drain', resolve));
  }
}

/** The answer of clamd without the byte that ends it. */
function readAnswer(socket: Socket): Promise<string> {
  return new Promise((resolve, reject) => {
    let answer = '';
    socket.on('data', (bytes: Buffer) => {
      answer += bytes.toString('utf8');
      const end = answer.indexOf('\0');
      if (end >= 0) resolve(answer.slice(0, end));
    });
    socket.once('error', (cause) => reject(notScanned(cause)));
    socket.once('close', () => reject(notScanned(new Error('it closed the connection'))));
  });
}

function notScanned(cause: unknown): CodedError {
  const reason = cause instanceof Error ? cause.message : 'unknown';
  return new CodedError('upload.notScanned', `The virus scanner cannot scan the file (${reason}). The video waits until it can.`, { cause, details: { reason } });
}
