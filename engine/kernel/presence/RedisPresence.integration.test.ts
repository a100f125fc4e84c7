import { expect, it } from 'vitest';
import { describeWithRedis } from '../../testing/describeWithRedis.ts';
import type { TestRedis } from '../../testing/describeWithRedis.ts';
import { ManualClock } from '../../testing/ManualClock.ts';
import { silentLogger } from '../../testing/silentLogger.ts';
import { until } from '../../testing/until.ts';
import { systemClock } from '../Clock.ts';
import type { Clock } from '../Clock.ts';
import { presenceFlushMs, presenceLifetimeMs } from './limits.ts';
import { RedisPresence } from './RedisPresence.ts';
import { describePresenceConformance, idsIn } from './testing/presenceConformance.ts';

async function openOn(redis: TestRedis, clock: Clock) {
  const connection = await redis.connect();
  const presence = new RedisPresence({ connection, clock, logger: silentLogger });
  redis.defer(() => presence.close());
  return { connection, presence };
}

describeWithRedis('With Redis', (redis) => {
  const open = (clock: Clock = systemClock) => openOn(redis, clock);

  describePresenceConformance('RedisPresence', async () => ({ here: (await open()).presence, there: (await open()).presence, cleanup: async () => undefined }));

  it('each process knows its own members while Redis is unavailable, and all of them afterwards', async () => {
    const [here, there] = [await open(), await open()];
    here.presence.enter('physics', { id: 'a', userId: 'ada' });
    there.presence.enter('physics', { id: 'b', userId: 'ben' });
    await until('both', async () => (await idsIn(here.presence, 'physics')) === 'a b');
    await redis.server.kill();
    await until('the loss', () => !here.connection.isUp);
    here.presence.enter('physics', { id: 'c', userId: 'cleo' });
    there.presence.leave('physics', 'b');
    there.presence.enter('physics', { id: 'd', userId: 'dora' });
    expect(await idsIn(here.presence, 'physics')).toBe('a c');
    await redis.server.start();
    for (const { presence } of [here, there]) await until('all', async () => (await idsIn(presence, 'physics')) === 'a c d');
  });

  it('writes its members again when Redis has missed a change, also when their number is the same', async () => {
    const clock = new ManualClock();
    const [here, there] = [await open(clock), await open()];
    here.presence.enter('physics', { id: 'a', userId: 'ada' });
    clock.advance(presenceFlushMs);
    await until('the member', async () => (await idsIn(there.presence, 'physics')) === 'a');
    redis.server.suspend();
    await until('the loss', () => !here.connection.isUp);
    here.presence.leave('physics', 'a');
    here.presence.enter('physics', { id: 'b', userId: 'ben' });
    clock.advance(presenceFlushMs);
    redis.server.resume();
    await until('the other member', async () => (await idsIn(there.presence, 'physics')) === 'b');
  });

  it('forgets the members of a process that dies', async () => {
    const [here, there] = [await open(), await open()];
    here.presence.enter('physics', { id: 'a', userId: 'ada' });
    await until('the member', async () => (await idsIn(there.presence, 'physics')) === 'a');
    await here.connection.close();
    const left = await there.connection.client.keys('lectern:presence:physics:*');
    const lifetimeMs = await there.connection.client.pTTL(left[0] ?? '');
    // A key without an expiry has -1.
    expect(lifetimeMs).toBeGreaterThan(0);
    expect(lifetimeMs).toBeLessThanOrEqual(presenceLifetimeMs);
    await until('nobody', async () => (await idsIn(there.presence, 'physics')) === '', 60_000);
  });
});
