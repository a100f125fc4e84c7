import { describe, expect, it } from 'vitest';
import { ManualClock } from '../testing/index.ts';
import { waitUntilSettled } from './waitUntilSettled.ts';

const limitMs = 1000;

describe('What is waited for within a limit', () => {
  it('has settled when all have, however they ended', async () => {
    expect(await waitUntilSettled([Promise.resolve(), Promise.reject(new Error('refused'))], { clock: new ManualClock(), limitMs })).toBe(true);
    expect(await waitUntilSettled([], { clock: new ManualClock(), limitMs })).toBe(true);
  });

  it('has not when the limit is over', async () => {
    const clock = new ManualClock();
    const waited = waitUntilSettled([new Promise(() => undefined)], { clock, limitMs });
    clock.advance(limitMs);
    expect(await waited).toBe(false);
  });
});
