import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { describeWithRedis } from '../../../testing/describeWithRedis.ts';
import type { TestRedis } from '../../../testing/describeWithRedis.ts';
import { silentLogger } from '../../../testing/silentLogger.ts';
import { until } from '../../../testing/until.ts';
import { systemClock } from '../../Clock.ts';
import type { Bus } from '../Bus.ts';
import { openBus } from '../openBus.ts';
import { describeBusConformance, Inbox, longDeadline } from '../testing/busConformance.ts';
import { doubling, numbers, texts } from '../testing/busTopics.ts';

async function openOn(redis: TestRedis): Promise<Bus> {
  const opened = await openBus({ redisUrl: redis.server.url, clock: systemClock, logger: silentLogger });
  redis.defer(() => opened.close());
  return opened.bus;
}

async function inboxOf(bus: Bus): Promise<Inbox<number>> {
  const inbox = new Inbox<number>();
  await bus.subscribe(numbers, inbox);
  return inbox;
}

/** Another process with a bus; `lines` is what it has printed. */
async function startProcessOn(redis: TestRedis) {
  const child = spawn(process.execPath, [path.join(import.meta.dirname, '../testing/busProcess.ts'), redis.server.url], { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines: string[] = [];
  createInterface({ input: child.stdout }).on('line', (line) => lines.push(line));
  redis.defer(() => child.kill('SIGKILL'));
  await until('the other process', () => lines.includes('ready'));
  return { child, lines, publish: (number: number) => child.stdin.write(`${number}\n`) };
}

describeWithRedis('With Redis', (redis) => {
  const open = () => openOn(redis);
  const startProcess = () => startProcessOn(redis);

  describeBusConformance('RedisBus', async () => ({ here: await open(), there: await open(), cleanup: async () => undefined }));

  describe('a RedisBus between two processes', () => {
    it('carries messages and requests both ways, each once', async () => {
      const here = await open();
      const inbox = await inboxOf(here);
      const { lines, publish } = await startProcess();
      here.publish(numbers, 1);
      await until('the message there', () => lines.includes('1'));
      publish(2);
      await until('the message here', () => inbox.received.includes(2));
      expect(await here.request(doubling, 'other', { data: 21, ...longDeadline })).toBe(42);
      expect([lines, inbox.received]).toEqual([['ready', '1', '2'], [1, 2]]);
    });

    it('answers a request of a suspended process with a timeout, and one of a killed process with no owner', async () => {
      const here = await open();
      const { child } = await startProcess();
      child.kill('SIGSTOP');
      await expect(here.request(doubling, 'other', { data: 1, deadlineMs: 500 })).rejects.toMatchObject({ code: 'owner.timedOut' });
      child.kill('SIGKILL');
      // The first one may have been sent before Redis noticed.
      await until('its end', () => here.request(doubling, 'other', { data: 1, deadlineMs: 1000 }).then(() => false, ({ code }: { code: string }) => code === 'owner.notFound'));
    });

    it('notifies a process that read nothing for so long that Redis gave it up', async () => {
      const here = await open();
      const { child, lines } = await startProcess();
      child.kill('SIGSTOP');
      // More than the 32 MB that Redis keeps for a subscriber, and what the sockets hold.
      const filler = await open();
      for (let i = 0; i < 400; i += 1) {
        filler.publish(texts, 'x'.repeat(200_000));
        if (i % 20 === 0) await until('Redis to take them', () => filler.request(doubling, 'nobody', { data: 1, ...longDeadline }).then(() => false, () => true));
      }
      child.kill('SIGCONT');
      await until('the notification', () => lines.includes('missed'));
      await until('the next message', () => {
        here.publish(numbers, 3);
        return lines.includes('3');
      });
    });
  });

  describe('a RedisBus whose Redis is killed', () => {
    it('delivers within the process meanwhile, and notifies the others of what they missed', async () => {
      const [here, there] = [await open(), await open()];
      const [inboxHere, inboxThere] = [await inboxOf(here), await inboxOf(there)];
      await here.serve(doubling, 'mine', (number) => number * 2);
      await redis.server.kill();
      await until('the loss', () => !here.isConnected && !there.isConnected);
      here.publish(numbers, 1);
      await until('the message here', () => inboxHere.received.includes(1));
      expect(await here.request(doubling, 'mine', { data: 4, ...longDeadline })).toBe(8);
      await expect(here.request(doubling, 'theirs', { data: 4, ...longDeadline })).rejects.toMatchObject({ code: 'bus.unavailable' });
      await redis.server.start();
      await until('the connection', () => here.isConnected && there.isConnected);
      await until('the notifications', () => inboxThere.missed > 0 && inboxHere.missed > 0);
      there.publish(numbers, 2);
      await until('the next message', () => inboxHere.received.includes(2));
      expect(await there.request(doubling, 'mine', { data: 5, ...longDeadline })).toBe(10);
      expect(inboxThere.received).not.toContain(1);
    });

    it('subscribes and serves from its return on what was added while it was away', async () => {
      const [here, there] = [await open(), await open()];
      await redis.server.kill();
      await until('the loss', () => !here.isConnected && !there.isConnected);
      const inbox = await inboxOf(here);
      await here.serve(doubling, 'mine', (number) => number * 2);
      await redis.server.start();
      await until('the notification', () => inbox.missed > 0);
      await until('the connection', () => there.isConnected);
      there.publish(numbers, 2);
      await until('the next message', () => inbox.received.includes(2));
      expect(await there.request(doubling, 'mine', { data: 5, ...longDeadline })).toBe(10);
    });
  });

  it('opens without Redis, and connects when it is there', async () => {
    await redis.server.kill();
    const here = await open();
    const inbox = await inboxOf(here);
    here.publish(numbers, 1);
    await until('the message', () => inbox.received.includes(1));
    await redis.server.start();
    await until('the connection', () => here.isConnected);
    const there = await open();
    there.publish(numbers, 2);
    await until('the next message', () => inbox.received.includes(2));
  });

  it('counts a Redis that does not respond as away, and misses nothing unnoticed when it responds again', async () => {
    const [here, there] = [await open(), await open()];
    const [inboxHere, inboxThere] = [await inboxOf(here), await inboxOf(there)];
    redis.server.suspend();
    here.publish(numbers, 1);
    await until('the loss', () => !here.isConnected);
    here.publish(numbers, 2);
    await until('both here', () => inboxHere.received.length === 2);
    redis.server.resume();
    await until('the connection', () => here.isConnected && there.isConnected);
    await until('the notification of what was not sent', () => inboxThere.missed > 0);
    expect(inboxThere.received).not.toContain(2);
  });
});
