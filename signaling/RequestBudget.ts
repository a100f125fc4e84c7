import type { Clock } from '#engine/kernel';

export interface RequestLimit {
  /** Requests in the long run. */
  perSecond: number;
  /** Requests at once. */
  burst: number;
}

/** A token bucket for the requests of one connection. */
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

  /** False when the budget is used up. */
  take(): boolean {
    const { perSecond, burst } = this.#limit;
    const nowMs = this.#clock.nowMs();
    this.#tokens = Math.min(burst, this.#tokens + ((nowMs - this.#refilledMs) / 1000) * perSecond);
    this.#refilledMs = nowMs;
    if (this.#tokens < 1) return false;
    this.#tokens -= 1;
    return true;
  }
}
