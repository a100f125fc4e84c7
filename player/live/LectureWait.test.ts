import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { LectureState } from '#engine/contract';
import { LectureWait } from './LectureWait.ts';

describe('waiting for a lecture to begin', () => {
  const fetchState = vi.fn<() => Promise<LectureState>>();
  const onBegun = vi.fn<() => void>();
  const onFailed = vi.fn<(error: unknown) => void>();
  let wait: LectureWait;

  beforeEach(() => {
    vi.useFakeTimers();
    fetchState.mockReset().mockResolvedValue('scheduled');
    onBegun.mockReset();
    onFailed.mockReset();
    wait = new LectureWait({ fetchState, onBegun, onFailed });
  });
  afterEach(() => vi.useRealTimers());

  it('looks again and again, and enters once when it has begun', async () => {
    wait.lookSoon();
    await vi.advanceTimersByTimeAsync(12_000);
    expect(fetchState).toHaveBeenCalledTimes(3);
    expect(onBegun).not.toHaveBeenCalled();
    fetchState.mockResolvedValue('live');
    await vi.advanceTimersByTimeAsync(20_000);
    expect(fetchState).toHaveBeenCalledTimes(4);
    expect(onBegun).toHaveBeenCalledOnce();
  });

  it('goes back to its own pace after a look that was asked for sooner', async () => {
    wait.lookSoon(300);
    await vi.advanceTimersByTimeAsync(4200);
    expect(fetchState).toHaveBeenCalledOnce();
    await vi.advanceTimersByTimeAsync(200);
    expect(fetchState).toHaveBeenCalledTimes(2);
  });

  it('tells of a lecture that cannot be looked at, and looks no further', async () => {
    fetchState.mockRejectedValue(new Error('cancelled'));
    wait.lookSoon();
    await vi.advanceTimersByTimeAsync(20_000);
    expect(onFailed).toHaveBeenCalledOnce();
    expect(fetchState).toHaveBeenCalledOnce();
  });

  it('does nothing more once it is stopped, also in the middle of a look', async () => {
    const answer = Promise.withResolvers<LectureState>();
    fetchState.mockReturnValue(answer.promise);
    wait.lookSoon();
    await vi.advanceTimersByTimeAsync(4000);
    wait.stop();
    answer.resolve('live');
    await vi.advanceTimersByTimeAsync(20_000);
    expect(onBegun).not.toHaveBeenCalled();
    expect(fetchState).toHaveBeenCalledOnce();
  });
});
