import { describe, expect, it } from 'vitest';
import { ManualClock } from '../testing/index.ts';
import { settledWithin } from './settledWithin.ts';

const limitMs = 1000;

describe('What is waited for within a limit', () => {
  it('has settled when all have, however they ended', async () => {
    expect(await settledWithin([Promise.resolve(), Promise.reject(new Error('refused'))], { clock: new ManualClock(), limitMs })).toBe(true);
    expect(await settledWithin([], { clock: new ManualClock(), limitMs })).toBe(true);
  });

  it('has not when the limit is over', async () => {
    const clock = new ManualClock();
    const waited = settledWithin([new Promise(() => undefined)], { clock, limitMs });
    clock.advance(limitMs);
    expect(await waited).toBe(false);
  });
});
