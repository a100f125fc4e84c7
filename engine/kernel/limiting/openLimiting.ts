import type { RedisConnection } from '../bus/index.ts';
import type { Clock } from '../Clock.ts';
import type { Database } from '../database/index.ts';
import type { Logger } from '../Logger.ts';
import { DatabaseTickets } from './DatabaseTickets.ts';
import { MemoryRateLimiters, MemoryTickets } from './MemoryLimiting.ts';
import type { OneTimeTickets, RateLimiters } from './RateLimiters.ts';
import { RedisRateLimiters, RedisTickets } from './RedisLimiting.ts';

export interface Limiting {
  limiters: RateLimiters;
  tickets: OneTimeTickets;
}

export interface OpenLimitingOptions {
  /** Undefined: each process counts limits alone. */
  redis: RedisConnection | undefined;
  /** The database, if several processes may share it: without Redis, they keep used tickets there. */
  sharedDatabase: Database | undefined;
  clock: Clock;
  logger: Logger;
}

export function openLimiting({ redis, sharedDatabase, clock, logger }: OpenLimitingOptions): Limiting {
  if (!redis) return { limiters: new MemoryRateLimiters(clock), tickets: sharedDatabase ? new DatabaseTickets({ database: sharedDatabase, clock }) : new MemoryTickets(clock) };
  const options = { connection: redis, clock, logger };
  return { limiters: new RedisRateLimiters(options), tickets: new RedisTickets(options) };
}
