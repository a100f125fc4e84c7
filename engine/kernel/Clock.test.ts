import { afterEach, describe, expect, it, vi } from 'vitest';
import { ManualClock } from '../testing/index.ts';
import { clockNotBefore, systemClock } from './Clock.ts';

afterEach(() => vi.useRealTimers());

describe('systemClock', () => {
  it('starts at wall time', () => {
    expect(Math.abs(systemClock.nowMs() - Date.now())).toBeLessThan(60_000);
  });

  it.each([3_600_000, -3_600_000])('does not move when the clock of the machine is set by %i ms', (stepMs) => {
    const before = systemClock.nowMs();
    vi.useFakeTimers({ toFake: ['Date'], now: before + stepMs });
    expect(Math.abs(new Date().getTime() - before - stepMs)).toBeLessThan(60_000);
    const after = systemClock.nowMs();
    expect(after).toBeGreaterThanOrEqual(before);
    expect(after - before).toBeLessThan(Math.abs(stepMs) / 2);
  });
});

describe('clockNotBefore', () => {
  it('returns the same clock when the earliest time has passed', () => {
    expect(clockNotBefore(systemClock.nowMs() - 1000, systemClock)).toBe(systemClock);
  });

  it('continues from the earliest time when that is in the future', () => {
    const clock = new ManualClock();
    const earliestMs = clock.nowMs() + 3_600_000;
    const ahead = clockNotBefore(earliestMs, clock);
    expect(ahead.nowMs()).toBe(earliestMs);
    clock.advance(500);
    expect(ahead.nowMs()).toBe(earliestMs + 500);
  });
});
