import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { describeWithRedis } from '../../testing/describeWithRedis.ts';
import type { TestRedis } from '../../testing/describeWithRedis.ts';
import { silentLogger } from '../../testing/silentLogger.ts';
import { until } from '../../testing/until.ts';
import { systemClock } from '../Clock.ts';
import { openLimiting } from './openLimiting.ts';
import { describeLimitingConformance } from './testing/limitingConformance.ts';

async function openOn(redis: TestRedis) {
  const connection = await redis.connect();
  return { connection, ...openLimiting({ redis: connection, sharedDatabase: undefined, clock: systemClock, logger: silentLogger }) };
}

describeWithRedis('With Redis', (redis) => {
  const open = () => openOn(redis);
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
    redis.server.suspend();
    // The first one may wait for Redis for a moment.
    for (let i = 0; i < 3; i += 1) expect(await limiterThere.take('one')).toEqual({ isAllowed: true });
    expect(await limiterThere.take('one')).toMatchObject({ isAllowed: false });
    expect(await there.tickets.use('ticket', 60_000)).toBe(true);
    redis.server.resume();
    await redis.server.kill();
    await redis.server.start();
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
