import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { MediaReachability } from './MediaReachability.ts';

describe('MediaReachability', () => {
  const retry = vi.fn<() => void>();
  let reachability: MediaReachability;

  beforeEach(() => {
    vi.useFakeTimers();
    retry.mockReset();
    reachability = new MediaReachability(retry);
  });
  afterEach(() => vi.useRealTimers());

  const retriesWithin = async (ms: number) => {
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

  it('is blocked from the first failed connection', () => {
    expect(reachability.isBlocked.value).toBe(false);
    reachability.markUnreachable();
    expect(reachability.isBlocked.value).toBe(true);
  });

  it('retries immediately, then with growing delays', async () => {
    for (const delayMs of [0, 5_000, 15_000, 30_000, 30_000]) {
      reachability.markUnreachable();
      if (delayMs > 0) expect(await retriesWithin(delayMs - 1)).toBe(0);
      expect(await retriesWithin(1)).toBe(1);
      expect(await retriesWithin(60_000)).toBe(0);
    }
  });

  it('is unblocked by a connection and starts over after it', async () => {
    await failTimes(3);
    reachability.markUnreachable();
    reachability.markReachable();
    expect(reachability.isBlocked.value).toBe(false);
    expect(await retriesWithin(60_000)).toBe(0);
    reachability.markUnreachable();
    expect(await retriesWithin(0)).toBe(1);
  });

  it('retries immediately when the network changed', async () => {
    await failTimes(4);
    reachability.networkChanged();
    expect(await retriesWithin(0)).toBe(1);
    reachability.markUnreachable();
    expect(await retriesWithin(0)).toBe(1);
    reachability.markReachable();
    reachability.networkChanged();
    expect(await retriesWithin(60_000)).toBe(0);
  });

  it('does not retry after stopRetrying', async () => {
    reachability.markUnreachable();
    reachability.stopRetrying();
    expect(await retriesWithin(60_000)).toBe(0);
    expect(reachability.isBlocked.value).toBe(true);
  });
});
