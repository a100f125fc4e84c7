import { describe, expect, it } from 'vitest';
import { until } from '#engine/testing';
import { perKeyLimit } from './perKeyLimit.ts';
import { boundedQueue } from './boundedQueue.ts';
import { derivationsAtOnce, hashPassword, verifyPassword } from './passwords.ts';

describe('a password', () => {
  it('is known again by its hash, and no other one is', async () => {
    const stored = await hashPassword('a good password');
    expect(stored).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(await verifyPassword('a good password', stored)).toBe(true);
    expect(await verifyPassword('a good passwore', stored)).toBe(false);
    expect(await verifyPassword('a good password', undefined)).toBe(false);
  });
});

describe('passwords of many at once', () => {
  it('leave a core to the media where there are two, and one of the four threads to the disk', () => {
    expect([1, 2, 3, 4, 64].map(derivationsAtOnce)).toEqual([1, 1, 2, 3, 3]);
  });

  it('are worked on so many side by side, and refused beyond what can be done soon', async () => {
    const inTurn = boundedQueue({ atOnce: 2, maxWaiting: 1 });
    const { promise, resolve } = Promise.withResolvers<void>();
    let [working, most] = [0, 0];
    const work = async () => {
      working += 1;
      most = Math.max(most, working);
      await promise;
      working -= 1;
    };
    const begun = [inTurn(work), inTurn(work)];
    await until('two at work', () => working === 2);
    const waiting = inTurn(work);
    await expect(inTurn(work)).rejects.toMatchObject({ code: 'server.busy', details: { retryAfterSeconds: 2 } });
    resolve();
    await Promise.all([...begun, waiting]);
    await inTurn(work);
    expect(most).toBe(2);
  });

  it('are few of one account, whose further tries are refused while others have theirs', async () => {
    const few = perKeyLimit(2);
    const { promise, resolve } = Promise.withResolvers<void>();
    const begun = [few('sam', () => promise), few('sam', () => promise), few('eve', () => promise)];
    await expect(few('sam', () => promise)).rejects.toMatchObject({ code: 'server.busy', details: { retryAfterSeconds: 2 } });
    resolve();
    await Promise.all(begun);
    await expect(few('sam', () => Promise.reject(new Error('wrong')))).rejects.toThrow('wrong');
    await Promise.all([few('sam', () => promise), few('sam', () => promise)]);
  });
});
