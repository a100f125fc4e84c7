import type { Clock } from '../Clock.ts';
import { firstSweepSize } from './limits.ts';
import type { RateDecision, RateLimit, RateLimiter } from './RateLimiters.ts';

interface Bucket {
  tokens: number;
  refilledMs: number;
}

/** The buckets of one limit in the memory of this process. */
export class TokenBuckets implements RateLimiter {
  readonly #clock: Clock;
  readonly #limit: RateLimit;
  readonly #buckets = new Map<string, Bucket>();
  #sweepSize = firstSweepSize;

  constructor(clock: Clock, limit: RateLimit) {
    this.#clock = clock;
    this.#limit = limit;
  }

  async take(key: string, cost = 1): Promise<RateDecision> {
    const bucket = this.#bucket(key);
    if (bucket.tokens < cost) return { isAllowed: false, retryAfterMs: Math.ceil(((cost - bucket.tokens) / this.#limit.perSecond) * 1000) };
    bucket.tokens -= cost;
    return { isAllowed: true };
  }

  async giveBack(key: string, cost = 1): Promise<void> {
    const bucket = this.#bucket(key);
    bucket.tokens = Math.min(this.#limit.burst, bucket.tokens + cost);
  }

  #bucket(key: string): Bucket {
    const known = this.#buckets.get(key);
    if (known) {
      this.#refill(known);
      return known;
    }
    if (this.#buckets.size >= this.#sweepSize) this.#removeFull();
    const bucket = { tokens: this.#limit.burst, refilledMs: this.#clock.nowMs() };
    this.#buckets.set(key, bucket);
    return bucket;
  }

  #refill(bucket: Bucket): void {
    const { perSecond, burst } = this.#limit;
    const nowMs = this.#clock.nowMs();
    bucket.tokens = Math.min(burst, bucket.tokens + ((nowMs - bucket.refilledMs) / 1000) * perSecond);
    bucket.refilledMs = nowMs;
  }

  /** A full bucket is as good as none. */
  #removeFull(): void {
    for (const [key, bucket] of this.#buckets) {
      this.#refill(bucket);
      if (bucket.tokens >= this.#limit.burst) this.#buckets.delete(key);
    }
    this.#sweepSize = Math.max(firstSweepSize, this.#buckets.size * 2);
  }
}
