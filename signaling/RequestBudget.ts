import type { Clock } from '#engine/kernel';

export interface RequestLimit {
  /** Units in the long run. */
  perSecond: number;
  /** Units at once. */
  burst: number;
}

/** A token bucket for what one person requests. */
export class RequestBudget {
  readonly #clock: Clock;
  readonly #limit: RequestLimit;
  #tokens: number;
  #refilledMs: number;

  constructor(clock: Clock, limit: RequestLimit) {
    this.#clock = clock;
    this.#limit = limit;
    this.#tokens = limit.burst;
    this.#refilledMs = clock.nowMs();
  }

  /** Nothing of it is used. */
  get isFull(): boolean {
    this.#refill();
    return this.#tokens >= this.#limit.burst;
  }

  /** False, and nothing is taken, when less than `cost` is left. */
  take(cost = 1): boolean {
    this.#refill();
    if (this.#tokens < cost) return false;
    this.#tokens -= cost;
    return true;
  }

  #refill(): void {
    const { perSecond, burst } = this.#limit;
    const nowMs = this.#clock.nowMs();
    this.#tokens = Math.min(burst, this.#tokens + ((nowMs - this.#refilledMs) / 1000) * perSecond);
    this.#refilledMs = nowMs;
  }
}
