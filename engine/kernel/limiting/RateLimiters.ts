/** A token bucket: `burst` at once, `perSecond` in the long run. */
export interface RateLimit {
  burst: number;
  perSecond: number;
}

export type RateDecision = { isAllowed: true } | { isAllowed: false; retryAfterMs: number };

/** One limit, which counts by key: an account, an address. */
export interface RateLimiter {
  /** Takes `cost`, by default 1. When less is left, takes nothing and says when there will be enough. */
  take(key: string, cost?: number): Promise<RateDecision>;
  /** Puts back what was taken. */
  giveBack(key: string, cost?: number): Promise<void>;
}

/**
 * Where a limit counts. `site`: in all processes together; while they cannot reach one another, in each for itself. `process`:
 * what is frequent and belongs to one process, such as the requests in a room.
 */
export type LimitScope = 'site' | 'process';

export interface RateLimiters {
  /** Those with one name count together. The limit of a name is the same in every process. */
  open(name: string, limit: RateLimit & { scope?: LimitScope }): RateLimiter;
}

/** Tickets that are valid once on the whole site. */
export interface OneTimeTickets {
  /** True for the first caller with this ticket. It is remembered for `lifetimeMs`, after which it has to be invalid by itself. */
  use(ticketId: string, lifetimeMs: number): Promise<boolean>;
}
