import type { RedisConnection } from '../bus/index.ts';
import type { Clock } from '../Clock.ts';
import type { Logger } from '../Logger.ts';
import { MemoryPresence } from './MemoryPresence.ts';
import type { Presence } from './Presence.ts';
import { RedisPresence } from './RedisPresence.ts';

export { MemoryPresence } from './MemoryPresence.ts';
export type { Member, Presence } from './Presence.ts';

/** `redis`: undefined for a single process. */
export function openPresence({ redis, clock, logger }: { redis: RedisConnection | undefined; clock: Clock; logger: Logger }): Presence {
  return redis ? new RedisPresence({ connection: redis, clock, logger }) : new MemoryPresence();
}
