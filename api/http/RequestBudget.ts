import { CodedError } from '#engine/contract';
import type { Clock } from '#engine/kernel';
import { requestBudgets, requestWindowSeconds } from '../programLimits.ts';

export type BudgetName = keyof typeof requestBudgets;

/**
 * Counts the requests of each caller in this process and says in every response what is left, in the header fields of
 * draft-ietf-httpapi-ratelimit-headers-10. All windows begin together, so one map is enough, which is emptied with each window.
 */
export class RequestBudget {
  readonly #clock: Clock;
  #window = -1;
  #counts = new Map<string, number>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** @throws CodedError `request.tooFrequent` */
  spend(budget: BudgetName, key: string, response: { setHeader(name: string, value: string): unknown }): void {
    const nowSeconds = this.#clock.nowMs() / 1000;
    const window = Math.floor(nowSeconds / requestWindowSeconds);
    if (window !== this.#window) {
      this.#window = window;
      this.#counts = new Map();
    }
    const counted = `${budget} ${key}`;
    const count = (this.#counts.get(counted) ?? 0) + 1;
    this.#counts.set(counted, count);
    const quota = requestBudgets[budget];
    const resetSeconds = Math.max(1, Math.ceil((window + 1) * requestWindowSeconds - nowSeconds));
    response.setHeader('RateLimit-Policy', `"${budget}";q=${quota};w=${requestWindowSeconds}`);
    response.setHeader('RateLimit', `"${budget}";r=${Math.max(0, quota - count)};t=${resetSeconds}`);
    if (count <= quota) return;
    throw new CodedError('request.tooFrequent', `Too many requests. Try again in ${resetSeconds} seconds.`, { details: { retryAfterSeconds: resetSeconds } });
  }
}
