import { beforeEach, describe, expect, it } from 'vitest';
import { ManualClock } from '../testing/index.ts';
import { KeyedMutex } from './KeyedMutex.ts';

let mutex: KeyedMutex;
let started: string[];
beforeEach(() => {
  mutex = new KeyedMutex();
  started = [];
});

/** Queues a task that runs until its promise is settled by the test. */
function queue(key: string, name: string) {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const result = mutex.run(key, () => {
    started.push(name);
    return promise;
  });
  return { result, finish: () => resolve(name), fail: () => reject(new Error(name)) };
}

const nextTurn = () => new Promise<void>((resolve) => setImmediate(resolve));

describe('KeyedMutex', () => {
  it('runs the tasks of one key one after the other, in order', async () => {
    const [first, second, third] = [queue('key', 'first'), queue('key', 'second'), queue('key', 'third')];
    second.finish();
    await nextTurn();
    expect(started).toEqual(['first']);
    first.finish();
    expect(await first.result).toBe('first');
    expect(await second.result).toBe('second');
    await nextTurn();
    expect(started).toEqual(['first', 'second', 'third']);
    third.finish();
    expect(await third.result).toBe('third');
  });

  it('runs the tasks of different keys concurrently', async () => {
    const [one, other] = [queue('one', 'one'), queue('other', 'other')];
    await nextTurn();
    expect(started).toEqual(['one', 'other']);
    other.finish();
    expect(await other.result).toBe('other');
    one.finish();
    expect(await one.result).toBe('one');
  });

  it('runs the next task when one has failed', async () => {
    const [first, second] = [queue('key', 'first'), queue('key', 'second')];
    first.fail();
    await expect(first.result).rejects.toThrow('first');
    second.finish();
    expect(await second.result).toBe('second');
  });

  it('is locked until the last task of the key has settled', async () => {
    expect(mutex.isLocked('key')).toBe(false);
    const [first, second] = [queue('key', 'first'), queue('key', 'second')];
    expect(mutex.isLocked('key')).toBe(true);
    expect(mutex.isLocked('other')).toBe(false);
    first.finish();
    await first.result;
    expect(mutex.isLocked('key')).toBe(true);
    second.fail();
    await expect(second.result).rejects.toThrow('second');
    expect(mutex.isLocked('key')).toBe(false);
  });

  it('waits for the queued tasks of all keys', async () => {
    const clock = new ManualClock();
    const [one, other] = [queue('one', 'one'), queue('other', 'other')];
    let isDone = false;
    const waited = mutex.waitUntilSettled(1000, clock).then(() => (isDone = true));
    one.finish();
    await nextTurn();
    expect(isDone).toBe(false);
    other.finish();
    await waited;
    expect(clock.timers).toBe(0);
  });

  it('waits no longer than the limit', async () => {
    const clock = new ManualClock();
    const task = queue('key', 'task');
    const waited = mutex.waitUntilSettled(1000, clock);
    clock.advance(1000);
    await waited;
    expect(mutex.isLocked('key')).toBe(true);
    task.finish();
    await task.result;
  });
});
