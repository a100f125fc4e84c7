// Responsible for writing the pushes of this process to the Redis stream, in order. What Redis may have taken when the
// connection broke is written again. Owns the pushes that wait for Redis, and its timers.
import type { Clock, Logger } from '#engine/kernel';
import { maxWaitingPushes, streamMarkIntervalMs, streamRetryDelayMs } from './limits.ts';

/** A message of the stream, as the adapter writes it. */
export type StreamFields = Record<string, string>;

export interface StreamOutboxOptions {
  redis: { readonly isUp: boolean; onUp(listener: () => void): () => void };
  /** Appends an entry to the stream. Resolves with its id. */
  append: (fields: StreamFields) => Promise<string>;
  clock: Clock;
  logger: Logger;
}

interface Waiting {
  fields: StreamFields;
  resolve: (id: string) => void;
  reject: (err: unknown) => void;
}

export class StreamOutbox {
  readonly #options: StreamOutboxOptions;
  readonly #stopListening: () => void;
  #waiting: Waiting[] = [];
  #isWriting = false;
  #isClosed = false;
  #cancelMark: () => void = () => undefined;
  #cancelRetry: () => void = () => undefined;

  constructor(options: StreamOutboxOptions) {
    this.#options = options;
    this.#stopListening = options.redis.onUp(() => this.#write());
    this.#scheduleMark();
  }

  /** Resolves with the id of the entry. Rejects when too many wait, or when it is closed. */
  add(fields: StreamFields): Promise<string> {
    if (this.#isClosed) return Promise.reject(stopping());
    if (this.#waiting.length >= maxWaitingPushes) return Promise.reject(new Error('too many pushes wait for Redis'));
    const { promise, resolve, reject } = Promise.withResolvers<string>();
    this.#waiting.push({ fields, resolve, reject });
    this.#write();
    return promise;
  }

  /** Writes nothing any longer. What waits is rejected. */
  close(): void {
    this.#isClosed = true;
    this.#stopListening();
    this.#cancelMark();
    this.#cancelRetry();
    this.#rejectWaiting();
  }

  #rejectWaiting(): void {
    for (const { reject } of this.#waiting.splice(0)) reject(stopping());
  }

  #write(): void {
    if (this.#isClosed || this.#isWriting || !this.#options.redis.isUp || this.#waiting.length === 0) return;
    this.#isWriting = true;
    const batch = this.#waiting;
    this.#waiting = [];
    void this.#writeAll(batch);
  }

  async #writeAll(batch: Waiting[]): Promise<void> {
    const { append, clock, logger } = this.#options;
    const outcomes = await Promise.allSettled(batch.map(({ fields }) => append(fields)));
    const failed: Waiting[] = [];
    for (const [index, outcome] of outcomes.entries()) {
      const entry = batch[index] as Waiting;
      if (outcome.status === 'fulfilled') entry.resolve(outcome.value);
      else failed.push(entry);
    }
    this.#waiting = [...failed, ...this.#waiting];
    if (this.#isClosed) return this.#rejectWaiting();
    if (failed.length === 0) return this.#writeNext();
    logger.debug({ count: failed.length }, 'rooms.pushesDelayed');
    // While the connection is up, Redis itself refuses the entries. The next attempt would follow at once.
    this.#cancelRetry = clock.after(streamRetryDelayMs, () => this.#writeNext());
  }

  #writeNext(): void {
    this.#isWriting = false;
    this.#write();
  }

  /**
   * A reader that has read nothing yet knows no position, and would miss what is written between two of its reads. An entry
   * without a namespace is only a position.
   */
  #scheduleMark(): void {
    const { append, clock, logger, redis } = this.#options;
    this.#cancelMark = clock.after(streamMarkIntervalMs, () => {
      if (redis.isUp) append({ mark: '1' }).catch((err: unknown) => logger.debug({ err }, 'rooms.markFailed'));
      this.#write();
      this.#scheduleMark();
    });
  }
}

function stopping(): Error {
  return new Error('the server is stopping');
}
