import { afterEach, describe, expect, it, vi } from 'vitest';
import { systemClock } from './Clock.ts';

afterEach(() => vi.useRealTimers());

describe('The clock of the system', () => {
  it('begins as wall time', () => {
    expect(Math.abs(systemClock.nowMs() - Date.now())).toBeLessThan(60_000);
  });

  it.each([3_600_000, -3_600_000])('does not move when the clock of the machine is set by %i ms', (stepMs) => {
    const before = systemClock.nowMs();
    vi.useFakeTimers({ toFake: ['Date'], now: before + stepMs });
    expect(Math.abs(new Date().getTime() - before - stepMs)).toBeLessThan(1000);
    const after = systemClock.nowMs();
    expect(after).toBeGreaterThanOrEqual(before);
    expect(after - before).toBeLessThan(1000);
  });
});
