import { describe, expect, it } from 'vitest';
import { ManualClock } from '../testing/index.ts';
import { waitUntilSettled } from './waitUntilSettled.ts';

const limitMs = 1000;

describe('waitUntilSettled', () => {
  it('resolves to true when all promises have settled, also when some were rejected', async () => {
    const clock = new ManualClock();
    expect(await waitUntilSettled([Promise.resolve(), Promise.reject(new Error('refused'))], { clock, limitMs })).toBe(true);
    expect(await waitUntilSettled([], { clock, limitMs })).toBe(true);
    expect(clock.timers).toBe(0);
  });

  it('resolves to false when the limit has passed', async () => {
    const clock = new ManualClock();
    const settled = waitUntilSettled([new Promise(() => undefined)], { clock, limitMs });
    clock.advance(limitMs);
    expect(await settled).toBe(false);
  });
});
