import { describe, expect, it } from 'vitest';
import { until } from '#engine/testing';
import { derivationsAtOnce, hashPassword, verifyPassword } from './passwords.ts';
import { TurnQueue } from './TurnQueue.ts';

describe('a password', () => {
  it('is known again by its hash, and no other one is', async () => {
    const stored = await hashPassword('a good password');
    expect(await verifyPassword('a good password', stored)).toBe(true);
    expect(await verifyPassword('a good passwore', stored)).toBe(false);
    expect(await verifyPassword('a good password', undefined)).toBe(false);
  });
});

describe('passwords of many at once', () => {
  it('leave a core to the media where there are two, and one of the four threads to the disk', () => {
    expect([1, 2, 3, 4, 64].map(derivationsAtOnce)).toEqual([1, 1, 2, 3, 3]);
  });

  it('are worked on so many side by side, in the order in which they came', async () => {
    const queue = new TurnQueue({ atOnce: 2, maxWaiting: 10 });
    const begun: number[] = [];
    const jobs = Array.from({ length: 5 }, (_, index) => {
      const { promise, resolve, reject } = Promise.withResolvers<number>();
      const run = queue.run(() => {
        begun.push(index);
        return promise;
      });
      return { run, finish: () => resolve(index), fail: () => reject(new Error('no')) };
    });
    expect(begun).toEqual([0, 1]);
    jobs[1]?.finish();
    await until('the third', () => begun.length > 2);
    expect(begun).toEqual([0, 1, 2]);
    jobs[0]?.fail();
    await expect(jobs[0]?.run).rejects.toThrow('no');
    await until('the fourth', () => begun.length > 3);
    expect(begun).toEqual([0, 1, 2, 3]);
    for (const { finish } of jobs) finish();
    expect(await Promise.all(jobs.slice(1).map(({ run }) => run))).toEqual([1, 2, 3, 4]);
  });

  it('are refused beyond what can be done soon, and taken again afterwards', async () => {
    const queue = new TurnQueue({ atOnce: 1, maxWaiting: 1 });
    const { promise, resolve } = Promise.withResolvers<void>();
    const taken = [queue.run(() => promise), queue.run(() => promise)];
    await expect(queue.run(() => promise)).rejects.toMatchObject({ code: 'server.busy', details: { retryAfterSeconds: 2 } });
    resolve();
    await Promise.all(taken);
    await queue.run(() => promise);
  });
});
