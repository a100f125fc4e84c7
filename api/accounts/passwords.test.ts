import { describe, expect, it } from 'vitest';
import { until } from '#engine/testing';
import { hashConcurrency, hashPassword, verifyPassword } from './passwords.ts';
import { perKeyLimit } from './perKeyLimit.ts';
import { priorityQueue } from './priorityQueue.ts';

describe('a password', () => {
  it('matches its hash, and no other password does', async () => {
    const stored = await hashPassword('a good password');
    expect(stored).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(await verifyPassword('a good password', stored)).toBe(true);
    expect(await verifyPassword('a good passwore', stored)).toBe(false);
    expect(await verifyPassword('a good password', undefined)).toBe(false);
  });
});

describe('password hashing', () => {
  it('leaves a core to the media, and one of the four threads of libuv to the disk', () => {
    expect([1, 2, 3, 4, 64].map(hashConcurrency)).toEqual([1, 1, 2, 3, 3]);
  });

  it('runs a few tasks at once, and refuses more than can wait', async () => {
    const enqueue = priorityQueue({ concurrency: 2, maxWaiting: 1 });
    const { promise, resolve } = Promise.withResolvers<void>();
    let [running, most] = [0, 0];
    const task = async () => {
      running += 1;
      most = Math.max(most, running);
      await promise;
      running -= 1;
    };
    const started = [enqueue('stranger', task), enqueue('stranger', task)];
    await until('two tasks to run', () => running === 2);
    const waiting = enqueue('stranger', task);
    await expect(enqueue('stranger', task)).rejects.toMatchObject({ code: 'server.busy', details: { retryAfterSeconds: 2 } });
    resolve();
    await Promise.all([...started, waiting]);
    await enqueue('stranger', task);
    expect(most).toBe(2);
  });

  it('has places for known devices that strangers cannot take, and serves them first', async () => {
    const enqueue = priorityQueue({ concurrency: 1, maxWaiting: 2 });
    const { promise, resolve } = Promise.withResolvers<void>();
    const served: string[] = [];
    const serve = (who: string) => async () => void served.push(who);
    const tasks = [enqueue('stranger', () => promise), enqueue('stranger', serve('stranger')), enqueue('stranger', serve('another stranger'))];
    await expect(enqueue('stranger', serve('one too many'))).rejects.toMatchObject({ code: 'server.busy' });
    tasks.push(enqueue('known', serve('known')), enqueue('known', serve('known too')));
    resolve();
    await Promise.all(tasks);
    expect(served).toEqual(['known', 'known too', 'stranger', 'another stranger']);
  });

  it('refuses too many attempts of one account at once, while others have theirs', async () => {
    const limitPerAccount = perKeyLimit(2);
    const { promise, resolve } = Promise.withResolvers<void>();
    const started = [limitPerAccount('sam', () => promise), limitPerAccount('sam', () => promise), limitPerAccount('eve', () => promise)];
    await expect(limitPerAccount('sam', () => promise)).rejects.toMatchObject({ code: 'server.busy', details: { retryAfterSeconds: 2 } });
    resolve();
    await Promise.all(started);
    await expect(limitPerAccount('sam', () => Promise.reject(new Error('wrong')))).rejects.toThrow('wrong');
    await Promise.all([limitPerAccount('sam', () => promise), limitPerAccount('sam', () => promise)]);
  });
});
