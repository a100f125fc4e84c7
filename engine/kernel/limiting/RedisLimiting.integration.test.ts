import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { hasRedis, RedisServer } from '../../testing/RedisServer.ts';
import { silentLogger } from '../../testing/silentLogger.ts';
import { until } from '../../testing/until.ts';
import type { RedisConnection } from '../bus/index.ts';
import { systemClock } from '../Clock.ts';
import { openLimiting } from './openLimiting.ts';
import { describeLimitingConformance } from './testing/limitingConformance.ts';

let redis: RedisServer;
let connections: RedisConnection[];

beforeEach(async () => {
  connections = [];
  if (hasRedis) redis = await RedisServer.start();
});
afterEach(async () => {
  for (const connection of connections) await connection.close();
  if (hasRedis) await redis.close();
});

async function open() {
  const connection = await redis.connect();
  connections.push(connection);
  return { connection, ...openLimiting({ redis: connection, clock: systemClock, logger: silentLogger }) };
}

describe.skipIf(!hasRedis)('With Redis', () => {
  describeLimitingConformance('Redis', async () => ({ here: await open(), there: await open(), pass: (ms) => sleep(ms), cleanup: async () => undefined }));

  const limit = { burst: 3, perSecond: 0.001 };

  it('limits of the process count in each process for itself', async () => {
    const [here, there] = [await open(), await open()];
    for (const { limiters } of [here, there]) {
      const limiter = limiters.open('test', { ...limit, scope: 'process' });
      for (let i = 0; i < 3; i += 1) expect(await limiter.take('one')).toEqual({ isAllowed: true });
      expect(await limiter.take('one')).toMatchObject({ isAllowed: false });
    }
  });

  it('the process limits alone while Redis is killed or suspended, and with the others afterwards', async () => {
    const [here, there] = [await open(), await open()];
    const [limiterHere, limiterThere] = [here.limiters.open('test', limit), there.limiters.open('test', limit)];
    for (let i = 0; i < 3; i += 1) await limiterHere.take('one');
    redis.suspend();
    // The first one may wait for Redis for a moment.
    for (let i = 0; i < 3; i += 1) expect(await limiterThere.take('one')).toEqual({ isAllowed: true });
    expect(await limiterThere.take('one')).toMatchObject({ isAllowed: false });
    expect(await there.tickets.use('ticket', 60_000)).toBe(true);
    redis.resume();
    await redis.kill();
    await redis.start();
    await until('the connections', () => here.connection.isUp && there.connection.isUp);
    for (let i = 0; i < 3; i += 1) await limiterHere.take('two');
    expect(await limiterThere.take('two')).toMatchObject({ isAllowed: false });
    expect(await there.tickets.use('ticket', 60_000)).toBe(false);
  });

  it('leaves nothing in Redis for longer than it is needed', async () => {
    const { connection, limiters } = await open();
    const quick = limiters.open('quick', { burst: 1, perSecond: 1000 });
    await quick.take('one');
    await limiters.open('slow', { burst: 1, perSecond: 0.5 }).take('one');
    await quick.giveBack('one');
    const keys = await connection.client.keys('lectern:limit:*');
    expect(keys).toEqual(['lectern:limit:slow:one']);
    const lifetimeMs = await connection.client.pTTL('lectern:limit:slow:one');
    // A key without an expiry has -1.
    expect(lifetimeMs).toBeGreaterThan(0);
    expect(lifetimeMs).toBeLessThanOrEqual(3000);
  });
});
