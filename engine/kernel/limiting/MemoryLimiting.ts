import type { Clock } from '../Clock.ts';
import { firstSweepSize } from './limits.ts';
import type { OneTimeTickets, RateLimit, RateLimiter, RateLimiters } from './RateLimiters.ts';
import { TokenBuckets } from './TokenBuckets.ts';

/** Limits that count in the memory of this process. */
export class MemoryRateLimiters implements RateLimiters {
  readonly #clock: Clock;
  readonly #byName = new Map<string, TokenBuckets>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  open(name: string, limit: RateLimit): RateLimiter {
    const buckets = this.#byName.get(name) ?? new TokenBuckets(this.#clock, limit);
    this.#byName.set(name, buckets);
    return buckets;
  }
}

/** Tickets that were used in this process, each kept for as long as it would be valid. */
export class MemoryTickets implements OneTimeTickets {
  readonly #clock: Clock;
  readonly #expiresAtMs = new Map<string, number>();
  #sweepSize = firstSweepSize;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  async use(ticketId: string, lifetimeMs: number): Promise<boolean> {
    const nowMs = this.#clock.nowMs();
    if (this.#expiresAtMs.size >= this.#sweepSize) this.#removeExpired(nowMs);
    if ((this.#expiresAtMs.get(ticketId) ?? nowMs) > nowMs) return false;
    this.#expiresAtMs.set(ticketId, nowMs + lifetimeMs);
    return true;
  }

  #removeExpired(nowMs: number): void {
    for (const [ticketId, expiresAtMs] of this.#expiresAtMs) if (expiresAtMs <= nowMs) this.#expiresAtMs.delete(ticketId);
    this.#sweepSize = Math.max(firstSweepSize, this.#expiresAtMs.size * 2);
  }
}
