import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { MediaReach } from './MediaReach.ts';

describe('media that does not get through', () => {
  const tryAgain = vi.fn<() => void>();
  let reach: MediaReach;

  beforeEach(() => {
    vi.useFakeTimers();
    tryAgain.mockReset();
    reach = new MediaReach(tryAgain);
  });
  afterEach(() => vi.useRealTimers());

  const triesWithin = async (ms: number) => {
    tryAgain.mockClear();
    await vi.advanceTimersByTimeAsync(ms);
    return tryAgain.mock.calls.length;
  };
  const failTimes = async (times: number) => {
    for (let i = 0; i < times; i += 1) {
      reach.unreachable();
      await vi.advanceTimersByTimeAsync(30_000);
    }
  };

  it('is known from the first connection that cannot be made', () => {
    expect(reach.isBlocked.value).toBe(false);
    reach.unreachable();
    expect(reach.isBlocked.value).toBe(true);
  });

  it('is tried at once, and then ever more seldom', async () => {
    for (const delayMs of [0, 5_000, 15_000, 30_000, 30_000]) {
      reach.unreachable();
      if (delayMs > 0) expect(await triesWithin(delayMs - 1)).toBe(0);
      expect(await triesWithin(1)).toBe(1);
      expect(await triesWithin(60_000)).toBe(0);
    }
  });

  it('is over with the first connection, and begins anew after it', async () => {
    await failTimes(3);
    reach.unreachable();
    reach.clear();
    expect(reach.isBlocked.value).toBe(false);
    expect(await triesWithin(60_000)).toBe(0);
    reach.unreachable();
    expect(await triesWithin(0)).toBe(1);
  });

  it('is tried at once on another network', async () => {
    await failTimes(4);
    reach.networkChanged();
    expect(await triesWithin(0)).toBe(1);
    reach.unreachable();
    expect(await triesWithin(0)).toBe(1);
    reach.clear();
    reach.networkChanged();
    expect(await triesWithin(60_000)).toBe(0);
  });

  it('is not tried while the room is left or entered anew', async () => {
    reach.unreachable();
    reach.rest();
    expect(await triesWithin(60_000)).toBe(0);
    expect(reach.isBlocked.value).toBe(true);
  });
});
