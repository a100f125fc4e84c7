import type { RedisConnection } from '../bus/index.ts';
import type { Clock } from '../Clock.ts';
import type { Logger } from '../Logger.ts';
import { MemoryRateLimiters, MemoryTickets } from './MemoryLimiting.ts';
import type { OneTimeTickets, RateLimiters } from './RateLimiters.ts';
import { RedisRateLimiters, RedisTickets } from './RedisLimiting.ts';

export interface Limiting {
  limiters: RateLimiters;
  tickets: OneTimeTickets;
}

/** `redis`: undefined for a single process. */
export function openLimiting({ redis, clock, logger }: { redis: RedisConnection | undefined; clock: Clock; logger: Logger }): Limiting {
  if (!redis) return { limiters: new MemoryRateLimiters(clock), tickets: new MemoryTickets(clock) };
  const options = { connection: redis, clock, logger };
  return { limiters: new RedisRateLimiters(options), tickets: new RedisTickets(options) };
}
