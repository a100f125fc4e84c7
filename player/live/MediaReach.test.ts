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

  it('is known from the first connection that cannot be made, and tried again once for both directions', async () => {
    expect(reach.isBlocked.value).toBe(false);
    reach.unreachable();
    reach.unreachable();
    expect(reach.isBlocked.value).toBe(true);
    expect(await triesWithin(60_000)).toBe(1);
  });

  it('is tried at once, and then ever more seldom', async () => {
    for (const delayMs of [0, 5_000, 15_000, 30_000, 30_000]) {
      reach.unreachable();
      expect(await triesWithin(Math.max(0, delayMs - 1))).toBe(delayMs === 0 ? 1 : 0);
      await vi.advanceTimersByTimeAsync(1);
      expect(tryAgain).toHaveBeenCalledTimes(1);
    }
  });

  it('is over with the first connection, and begins anew after it', async () => {
    for (let i = 0; i < 3; i += 1) {
      reach.unreachable();
      await vi.advanceTimersByTimeAsync(30_000);
    }
    reach.unreachable();
    reach.connected();
    expect(reach.isBlocked.value).toBe(false);
    expect(await triesWithin(60_000)).toBe(0);
    reach.unreachable();
    expect(await triesWithin(0)).toBe(1);
  });

  it('is not tried while the room is left or entered anew', async () => {
    reach.unreachable();
    reach.rest();
    expect(await triesWithin(60_000)).toBe(0);
    expect(reach.isBlocked.value).toBe(true);
  });
});
