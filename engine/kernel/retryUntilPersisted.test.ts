import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ManualClock, until } from '../testing/index.ts';
import { persistRetry } from './limits.ts';
import { retryUntilPersisted } from './retryUntilPersisted.ts';

let clock: ManualClock;
let closing: AbortController;
beforeEach(() => {
  clock = new ManualClock();
  closing = new AbortController();
  vi.spyOn(Math, 'random').mockReturnValue(0);
});
afterEach(() => vi.restoreAllMocks());

/** A write whose first `failures` attempts fail, and the time of each attempt in ms. */
function failingWrite(failures: number) {
  const startMs = clock.nowMs();
  const attemptsMs: number[] = [];
  const write = async () => {
    attemptsMs.push(clock.nowMs() - startMs);
    if (attemptsMs.length <= failures) throw new Error('disk full');
  };
  return { write, attemptsMs };
}

describe('retryUntilPersisted', () => {
  it('writes once when the write succeeds', async () => {
    const { write, attemptsMs } = failingWrite(0);
    await retryUntilPersisted(write, { clock, signal: closing.signal });
    expect(attemptsMs).toEqual([0]);
    expect(clock.timers).toBe(0);
  });

  it('repeats a failed write after 1, 2 and 4 s and then every 5 s until it succeeds', async () => {
    const failures = 6;
    const { write, attemptsMs } = failingWrite(failures);
    const persisted = retryUntilPersisted(write, { clock, signal: closing.signal });
    for (let failed = 0; failed < failures; failed += 1) {
      await until('the next attempt to be scheduled', () => clock.timers === 1);
      // Steps of 100 ms show when the timer is due.
      while (clock.timers === 1) clock.advance(100);
    }
    await persisted;
    expect(attemptsMs).toEqual([0, 1000, 3000, 7000, 12_000, 17_000, 22_000]);
  });

  it('adds at most a quarter to the longest delay', async () => {
    vi.spyOn(Math, 'random').mockReturnValue(0.999);
    const { write, attemptsMs } = failingWrite(4);
    const persisted = retryUntilPersisted(write, { clock, signal: closing.signal });
    for (let failed = 0; failed < 4; failed += 1) {
      await until('the next attempt to be scheduled', () => clock.timers === 1);
      clock.advance(persistRetry.maxDelayMs * 1.25);
    }
    await persisted;
    expect(attemptsMs).toHaveLength(5);
  });

  it('rejects when the signal aborts, and writes no more', async () => {
    const { write, attemptsMs } = failingWrite(Infinity);
    const persisted = retryUntilPersisted(write, { clock, signal: closing.signal });
    await until('the second attempt to be scheduled', () => clock.timers === 1);
    closing.abort(new Error('closing'));
    await expect(persisted).rejects.toThrow('closing');
    clock.advance(60_000);
    expect(attemptsMs).toEqual([0]);
  });
});
