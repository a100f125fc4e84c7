// Responsible for one request that brings bytes of an upload: hashes them, checks the type as soon as it can be known, and ends when
// it is aborted. Owns nothing: its request and its store are closed by others.
import { createHash } from 'node:crypto';
import type { Hash } from 'node:crypto';
import { Transform } from 'node:stream';
import type { TransformCallback } from 'node:stream';
import { CodedError } from '#engine/contract';
import type { Clock } from '#engine/kernel';
import { inspectMedia } from './inspectMedia.ts';
import type { KnownHashes } from './KnownHashes.ts';
import { minMediaHeadBytes, stalledTransferMs } from './limits.ts';

/** What the sender says about the bytes of one request (tus extension `checksum`). */
export interface ExpectedChecksum {
  algorithm: 'sha1' | 'sha256';
  digest: string;
}

export interface TransferOptions {
  uploadId: string;
  userId: string;
  loginId: string;
  clock: Clock;
  hashes: KnownHashes;
  checksum?: ExpectedChecksum | undefined;
  /** Called with every chunk. */
  onProgress?: (offset: number) => void;
}

export class Transfer {
  readonly #options: TransferOptions;
  readonly #aborting = new AbortController();
  #lastByteMs: number;
  #hash: Hash | undefined;
  #checked: Hash | undefined;

  constructor(options: TransferOptions) {
    this.#options = options;
    this.#lastByteMs = options.clock.nowMs();
    if (options.checksum) this.#checked = createHash(options.checksum.algorithm);
  }

  get uploadId(): string {
    return this.#options.uploadId;
  }

  get loginId(): string {
    return this.#options.loginId;
  }

  /** Aborts when the request has to end: its client is gone, its login has ended, or another client continues. */
  get signal(): AbortSignal {
    return this.#aborting.signal;
  }

  /** Its client has not sent anything for a while. */
  get isStalled(): boolean {
    return this.#options.clock.nowMs() - this.#lastByteMs >= stalledTransferMs;
  }

  abort(): void {
    this.#aborting.abort();
  }

  /** Passes the bytes on to the store; fails when they are no media, as soon as that is known. */
  tap(offset: number): Transform {
    const { uploadId, hashes, clock, onProgress } = this.#options;
    this.#hash = hashes.continueAt(uploadId, offset);
    let received = offset;
    let head = offset === 0 ? Buffer.alloc(0) : undefined;
    const transform = (chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback) => {
      this.#lastByteMs = clock.nowMs();
      this.#hash?.update(chunk);
      this.#checked?.update(chunk);
      received += chunk.length;
      onProgress?.(received);
      if (!head) return done(null, chunk);
      head = Buffer.concat([head, chunk]);
      if (head.length < minMediaHeadBytes) return done(null, chunk);
      const whole = head;
      head = undefined;
      inspectMedia({ head: whole }).then(() => done(null, chunk), (error: unknown) => done(error as Error));
    };
    return new Transform({ transform });
  }

  /** The store has the bytes up to here. @throws CodedError `upload.checksumWrong` */
  requireChecksum(): void {
    const { checksum } = this.#options;
    if (!checksum || !this.#checked || this.#checked.digest('base64') === checksum.digest) return;
    throw new CodedError('upload.checksumWrong', 'The bytes of this request were altered on their way. Send them again.');
  }

  /** Keeps the hash of what the store has now. */
  keepHash(offset: number): void {
    const { uploadId, hashes } = this.#options;
    if (this.#hash) hashes.keep(uploadId, { hash: this.#hash, offset });
  }
}
