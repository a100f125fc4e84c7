// Responsible for cutting a stream into parts of one size and sending some of them at a time. Owns the buffers of the parts, which it
// uses again: small slices of many buffers would keep all of them in memory.
import { Writable } from 'node:stream';

export interface PartQueueOptions {
  partBytes: number;
  /** Parts that are sent at once. */
  parallel: number;
  firstNumber: number;
  /** Bytes that precede the stream. */
  rest: Buffer | undefined;
  send(part: Buffer, number: number): Promise<void>;
  /** Called with each chunk when it was copied. */
  release?: (chunk: Buffer) => void;
}

export class PartQueue extends Writable {
  readonly #options: PartQueueOptions;
  readonly #idle: Buffer[] = [];
  readonly #sending = new Set<Promise<void>>();
  #current: Buffer;
  #filled = 0;
  #number: number;
  #failure: Error | undefined;
  /** Bytes of complete parts. */
  sentBytes = 0;
  /** Bytes of the stream. */
  receivedBytes = 0;

  constructor(options: PartQueueOptions) {
    super({ highWaterMark: 1024 * 1024 });
    this.#options = options;
    this.#number = options.firstNumber;
    this.#current = Buffer.allocUnsafeSlow(options.partBytes);
    this.#filled = options.rest?.copy(this.#current) ?? 0;
  }

  /** The bytes after the last complete part. Valid until the queue is collected. */
  get rest(): Buffer {
    return this.#current.subarray(0, this.#filled);
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.receivedBytes += chunk.length;
    this.#append(chunk).then(() => {
      this.#options.release?.(chunk);
      done();
    }, (error: unknown) => done(error as Error));
  }

  override _final(done: (error?: Error | null) => void): void {
    Promise.all(this.#sending).then(() => done(this.#failure ?? null), (error: unknown) => done(error as Error));
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    // A part in flight may still be stored; the next request must not overlap with it.
    Promise.allSettled(this.#sending).then(() => done(error), () => done(error));
  }

  async #append(chunk: Buffer): Promise<void> {
    for (let at = 0; at < chunk.length; ) {
      const copied = chunk.copy(this.#current, this.#filled, at);
      at += copied;
      this.#filled += copied;
      if (this.#filled === this.#options.partBytes) await this.#sendCurrent();
    }
  }

  async #sendCurrent(): Promise<void> {
    const [part, number] = [this.#current, this.#number];
    const sent = this.#options.send(part, number).then(() => {
      this.sentBytes += part.length;
      this.#idle.push(part);
    });
    const ended = sent.catch((error: unknown) => {
      this.#failure ??= error instanceof Error ? error : new Error('a part was not stored', { cause: error });
    }).finally(() => this.#sending.delete(ended));
    this.#sending.add(ended);
    this.#number += 1;
    this.#filled = 0;
    while (this.#sending.size >= this.#options.parallel) await Promise.race(this.#sending);
    if (this.#failure) throw this.#failure;
    this.#current = this.#idle.pop() ?? Buffer.allocUnsafeSlow(this.#options.partBytes);
  }
}
