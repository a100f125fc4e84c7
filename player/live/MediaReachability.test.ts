import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { MediaReachability } from './MediaReachability.ts';

describe('media that does not get through', () => {
  const retry = vi.fn<() => void>();
  let reachability: MediaReachability;

  beforeEach(() => {
    vi.useFakeTimers();
    retry.mockReset();
    reachability = new MediaReachability(retry);
  });
  afterEach(() => vi.useRealTimers());

  const triesWithin = async (ms: number) => {
    retry.mockClear();
    await vi.advanceTimersByTimeAsync(ms);
    return retry.mock.calls.length;
  };
  const failTimes = async (times: number) => {
    for (let i = 0; i < times; i += 1) {
      reachability.markUnreachable();
      await vi.advanceTimersByTimeAsync(30_000);
    }
  };

  it('is known from the first connection that cannot be made', () => {
    expect(reachability.isBlocked.value).toBe(false);
    reachability.markUnreachable();
    expect(reachability.isBlocked.value).toBe(true);
  });

  it('is tried at once, and then ever more seldom', async () => {
    for (const delayMs of [0, 5_000, 15_000, 30_000, 30_000]) {
      reachability.markUnreachable();
      if (delayMs > 0) expect(await triesWithin(delayMs - 1)).toBe(0);
      expect(await triesWithin(1)).toBe(1);
      expect(await triesWithin(60_000)).toBe(0);
    }
  });

  it('is over with the first connection, and begins anew after it', async () => {
    await failTimes(3);
    reachability.markUnreachable();
    reachability.markReachable();
    expect(reachability.isBlocked.value).toBe(false);
    expect(await triesWithin(60_000)).toBe(0);
    reachability.markUnreachable();
    expect(await triesWithin(0)).toBe(1);
  });

  it('is tried at once on another network', async () => {
    await failTimes(4);
    reachability.networkChanged();
    expect(await triesWithin(0)).toBe(1);
    reachability.markUnreachable();
    expect(await triesWithin(0)).toBe(1);
    reachability.markReachable();
    reachability.networkChanged();
    expect(await triesWithin(60_000)).toBe(0);
  });

  it('is not tried while the room is left or entered anew', async () => {
    reachability.markUnreachable();
    reachability.stopRetrying();
    expect(await triesWithin(60_000)).toBe(0);
    expect(reachability.isBlocked.value).toBe(true);
  });
});
