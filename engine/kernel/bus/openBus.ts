import type { Clock } from '../Clock.ts';
import type { Logger } from '../Logger.ts';
import type { Bus } from './Bus.ts';
import { InProcessBus } from './InProcessBus.ts';
import type { RedisConnection } from './redis/RedisConnection.ts';

export interface OpenBusOptions {
  /** Of Redis; without it, the bus is within this process. */
  redisUrl: string | undefined;
  clock: Clock;
  logger: Logger;
}

/** The bus, and the connection that limits, tickets, presence and rooms share with it; undefined within one process. */
export interface OpenedBus {
  bus: Bus;
  redis: RedisConnection | undefined;
  close(): Promise<void>;
}

export async function openBus({ redisUrl, clock, logger }: OpenBusOptions): Promise<OpenedBus> {
  if (redisUrl === undefined) {
    const bus = new InProcessBus({ clock, logger });
    return { bus, redis: undefined, close: () => bus.close() };
  }
  // Loaded only where it is used: a single process starts without it.
  const [{ RedisConnection }, { RedisBus }] = await Promise.all([import('./redis/RedisConnection.ts'), import('./redis/RedisBus.ts')]);
  const redis = await RedisConnection.open({ url: redisUrl, clock, logger });
  const bus = await RedisBus.open({ connection: redis, clock, logger });
  return {
    bus,
    redis,
    close: async () => {
      await bus.close();
      await redis.close();
    },
  };
}
