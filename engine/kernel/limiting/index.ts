export { MemoryRateLimiters } from './MemoryLimiting.ts';
export { openLimiting } from './openLimiting.ts';
export type { Limiting } from './openLimiting.ts';
export type { LimitScope, OneTimeTickets, RateDecision, RateLimit, RateLimiter, RateLimiters } from './RateLimiters.ts';
