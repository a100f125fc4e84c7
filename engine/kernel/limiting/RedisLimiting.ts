// Responsible for limits and tickets that all processes share, in Redis. While Redis is unavailable, the process decides alone.
import { isCoded } from '../../contract/index.ts';
import type { RedisConnection } from '../bus/index.ts';
import type { Clock } from '../Clock.ts';
import type { Logger } from '../Logger.ts';
import { bucketMarginMs } from './limits.ts';
import { MemoryRateLimiters, MemoryTickets } from './MemoryLimiting.ts';
import type { LimitScope, OneTimeTickets, RateDecision, RateLimit, RateLimiter, RateLimiters } from './RateLimiters.ts';

export interface RedisLimitingOptions {
  connection: RedisConnection;
  clock: Clock;
  logger: Logger;
}

/**
 * Takes ARGV[3] from the bucket KEYS[1], or gives it back when negative. Returns 0, or the milliseconds until there is enough. The
 * time is that of Redis, so the clocks of the processes do not matter. A full bucket is removed.
 */
const takeScript = `
local burst, perSecond, cost, margin = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local time = redis.call('TIME')
local now = tonumber(time[1]) + tonumber(time[2]) / 1000000
local bucket = redis.call('HMGET', KEYS[1], 'tokens', 'at')
local elapsed = math.max(0, now - (tonumber(bucket[2]) or now))
local tokens = math.min(burst, (tonumber(bucket[1]) or burst) + elapsed * perSecond)
local wait = 0
if cost > tokens then wait = math.ceil((cost - tokens) / perSecond * 1000)
else tokens = math.min(burst, tokens - cost) end
if tokens >= burst then redis.call('DEL', KEYS[1])
else
  redis.call('HSET', KEYS[1], 'tokens', string.format('%.9f', tokens), 'at', string.format('%.6f', now))
  redis.call('PEXPIRE', KEYS[1], math.ceil((burst - tokens) / perSecond * 1000) + margin)
end
return wait
`;

/** Runs `shared`, or `alone` while Redis is unavailable. */
async function sharedOrAlone<T>(shared: () => Promise<T>, alone: () => Promise<T>, logger: Logger): Promise<T> {
  try {
    return await shared();
  } catch (err) {
    if (!isCoded(err, 'bus.unavailable')) logger.warn({ err }, 'redis.commandFailed');
    return alone();
  }
}

export class RedisRateLimiters implements RateLimiters {
  readonly #options: RedisLimitingOptions;
  readonly #alone: MemoryRateLimiters;

  constructor(options: RedisLimitingOptions) {
    this.#options = options;
    this.#alone = new MemoryRateLimiters(options.clock);
  }

  open(name: string, { scope = 'site', ...limit }: RateLimit & { scope?: LimitScope }): RateLimiter {
    const alone = this.#alone.open(name, limit);
    return scope === 'process' ? alone : new RedisRateLimiter(name, limit, { ...this.#options, alone });
  }
}

class RedisRateLimiter implements RateLimiter {
  readonly #name: string;
  readonly #limit: RateLimit;
  readonly #options: RedisLimitingOptions & { alone: RateLimiter };

  constructor(name: string, limit: RateLimit, options: RedisLimitingOptions & { alone: RateLimiter }) {
    this.#name = name;
    this.#limit = limit;
    this.#options = options;
  }

  async take(key: string, cost = 1): Promise<RateDecision> {
    const { alone, logger } = this.#options;
    return sharedOrAlone<RateDecision>(async () => {
      const retryAfterMs = await this.#run(key, cost);
      return retryAfterMs === 0 ? { isAllowed: true } : { isAllowed: false, retryAfterMs };
    }, () => alone.take(key, cost), logger);
  }

  async giveBack(key: string, cost = 1): Promise<void> {
    const { alone, logger } = this.#options;
    await sharedOrAlone<unknown>(() => this.#run(key, -cost), () => alone.giveBack(key, cost), logger);
  }

  async #run(key: string, cost: number): Promise<number> {
    const { burst, perSecond } = this.#limit;
    const options = { keys: [`lectern:limit:${this.#name}:${key}`], arguments: [burst, perSecond, cost, bucketMarginMs].map(String) };
    return Number(await this.#options.connection.command((client) => client.eval(takeScript, options)));
  }
}

export class RedisTickets implements OneTimeTickets {
  readonly #options: RedisLimitingOptions;
  /** What was used here is refused here, also when Redis was away or has lost it. */
  readonly #usedHere: MemoryTickets;

  constructor(options: RedisLimitingOptions) {
    this.#options = options;
    this.#usedHere = new MemoryTickets(options.clock);
  }

  async use(ticketId: string, lifetimeMs: number): Promise<boolean> {
    if (!(await this.#usedHere.use(ticketId, lifetimeMs))) return false;
    const { connection, logger } = this.#options;
    const key = `lectern:ticket:${ticketId}`;
    const claim = () => connection.command((client) => client.set(key, '1', { condition: 'NX', expiration: { type: 'PX', value: lifetimeMs } }));
    return sharedOrAlone(async () => (await claim()) !== null, async () => true, logger);
  }
}
