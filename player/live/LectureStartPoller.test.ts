import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { LectureState } from '#engine/contract';
import { LectureStartPoller } from './LectureStartPoller.ts';

describe('waiting for a lecture to begin', () => {
  const fetchState = vi.fn<() => Promise<LectureState>>();
  const onStarted = vi.fn<() => void>();
  const onFailed = vi.fn<(error: unknown) => void>();
  let poller: LectureStartPoller;

  beforeEach(() => {
    vi.useFakeTimers();
    fetchState.mockReset().mockResolvedValue('scheduled');
    onStarted.mockReset();
    onFailed.mockReset();
    poller = new LectureStartPoller({ fetchState, onStarted, onFailed });
  });
  afterEach(() => vi.useRealTimers());

  it('looks again and again, and enters once when it has begun', async () => {
    poller.pollAfter();
    await vi.advanceTimersByTimeAsync(12_000);
    expect(fetchState).toHaveBeenCalledTimes(3);
    expect(onStarted).not.toHaveBeenCalled();
    fetchState.mockResolvedValue('live');
    await vi.advanceTimersByTimeAsync(20_000);
    expect(fetchState).toHaveBeenCalledTimes(4);
    expect(onStarted).toHaveBeenCalledOnce();
  });

  it('goes back to its own pace after a look that was asked for sooner', async () => {
    poller.pollAfter(300);
    await vi.advanceTimersByTimeAsync(4200);
    expect(fetchState).toHaveBeenCalledOnce();
    await vi.advanceTimersByTimeAsync(200);
    expect(fetchState).toHaveBeenCalledTimes(2);
  });

  it('tells of a lecture that cannot be looked at, and looks no further', async () => {
    fetchState.mockRejectedValue(new Error('cancelled'));
    poller.pollAfter();
    await vi.advanceTimersByTimeAsync(20_000);
    expect(onFailed).toHaveBeenCalledOnce();
    expect(fetchState).toHaveBeenCalledOnce();
  });

  it('does nothing more once it is stopped, also in the middle of a look', async () => {
    const answer = Promise.withResolvers<LectureState>();
    fetchState.mockReturnValue(answer.promise);
    poller.pollAfter();
    await vi.advanceTimersByTimeAsync(4000);
    poller.stop();
    answer.resolve('live');
    await vi.advanceTimersByTimeAsync(20_000);
    expect(onStarted).not.toHaveBeenCalled();
    expect(fetchState).toHaveBeenCalledOnce();
  });
});
