import { CodedError } from '#engine/contract';
import type { Clock } from '#engine/kernel';

export interface SlowLaneOptions {
  clock: Clock;
  /** Milliseconds between two requests with the same key. */
  intervalMs: number;
  /** The longest wait, milliseconds. A request that would wait longer is refused. */
  maxWaitMs: number;
}

/** Keys in memory from which on those that nobody waits for are removed. */
const sweepSize = 1000;

/** Lets the requests with one key pass one after the other. Owns the timers of those that wait. */
export class SlowLane {
  readonly #options: SlowLaneOptions;
  /** When the next request of a key may pass. */
  readonly #nextMs = new Map<string, number>();

  constructor(options: SlowLaneOptions) {
    this.#options = options;
  }

  /** Resolves when it is the turn of this request. @throws CodedError `server.busy` when too many wait */
  async pass(key: string): Promise<void> {
    const { clock, intervalMs, maxWaitMs } = this.#options;
    const nowMs = clock.nowMs();
    if (this.#nextMs.size >= sweepSize) this.#sweep(nowMs);
    const atMs = Math.max(nowMs, this.#nextMs.get(key) ?? nowMs);
    if (atMs - nowMs > maxWaitMs) {
      throw new CodedError('server.busy', 'Very many requests come from your network right now. Try again in a moment.', { details: { retryAfterSeconds: Math.ceil(maxWaitMs / 1000) } });
    }
    this.#nextMs.set(key, atMs + intervalMs);
    if (atMs > nowMs) await new Promise<void>((resolve) => clock.after(atMs - nowMs, resolve));
  }

  #sweep(nowMs: number): void {
    for (const [key, nextMs] of this.#nextMs) if (nextMs <= nowMs) this.#nextMs.delete(key);
  }
}
