// Responsible for the bytes of one request on their way to the store: hashes them, checks the type as soon as it can be known, and ends
// when it is aborted. Owns nothing: its request and its store are closed by others.
import { createHash } from 'node:crypto';
import type { Hash } from 'node:crypto';
import { Transform } from 'node:stream';
import type { Readable, TransformCallback } from 'node:stream';
import { CodedError, isCoded } from '#engine/contract';
import type { Clock } from '#engine/kernel';
import { inspectMedia } from './inspectMedia.ts';
import type { KnownHashes } from './KnownHashes.ts';
import { minMediaHeadBytes, stalledTransferMs } from './limits.ts';
import { releaserOf } from './releaseChunk.ts';

/** What the sender says about the bytes of one request (tus extension `checksum`). */
export interface ExpectedChecksum {
  algorithm: 'sha1' | 'sha256';
  digest: string;
}

export interface TransferOptions {
  uploadId: string;
  userId: string;
  loginId: string;
  /** The body of the request; undefined if it brings no bytes. */
  source: Readable | undefined;
  /** The size of the file, or what it is at most. */
  bytes: number;
  clock: Clock;
  hashes: KnownHashes;
  checksum?: ExpectedChecksum | undefined;
  /** Called with every chunk. */
  onProgress?: (offset: number) => void;
}

export class Transfer {
  readonly #options: TransferOptions;
  /** Gives the memory of a chunk back. The store calls it when it has stored or copied the chunk. */
  readonly release: (chunk: Buffer) => void;
  readonly #aborting = new AbortController();
  #lastByteMs: number;
  #hash: Hash | undefined;
  #checked: Hash | undefined;
  #failure: CodedError | undefined;

  constructor(options: TransferOptions) {
    this.#options = options;
    this.release = releaserOf(options.source);
    this.#lastByteMs = options.clock.nowMs();
    if (options.checksum) this.#checked = createHash(options.checksum.algorithm);
    const { source } = options;
    // A form fails with what is wrong with it. A request that breaks off is aborted, maybe before anybody reads it.
    source?.once('error', (error) => {
      if (isCoded(error)) this.#failure = error;
      this.abort();
    });
    for (const event of ['aborted', 'close']) source?.once(event, () => source.readableEnded || this.abort());
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

  /**
   * The bytes for the store, from `offset` on. It ends where the request ends or is aborted, so that what has arrived is stored, and fails
   * with `upload.typeUnknown` and `upload.polyglot` as soon as that is known, and with `upload.lengthWrong`.
   */
  open(offset: number): Readable {
    const { uploadId, hashes, source } = this.#options;
    this.#hash = hashes.continueAt(uploadId, offset);
    const tap = this.#tap(offset);
    const end = () => {
      source?.unpipe(tap);
      if (this.#failure) tap.destroy(this.#failure);
      else tap.end();
    };
    if (!source || this.signal.aborted) end();
    else source.pipe(tap);
    this.signal.addEventListener('abort', end, { once: true });
    return tap;
  }

  #tap(offset: number): Transform {
    const { bytes, clock, onProgress } = this.#options;
    let received = offset;
    let head = offset === 0 ? Buffer.alloc(0) : undefined;
    const transform = (chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback) => {
      this.#lastByteMs = clock.nowMs();
      received += chunk.length;
      if (received > bytes) return done(new CodedError('upload.lengthWrong', 'This request brings more bytes than the upload has by its length. Begin again with the right length.'));
      this.#hash?.update(chunk);
      this.#checked?.update(chunk);
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
