import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { LectureState } from '#engine/contract';
import { LectureStartPoller } from './LectureStartPoller.ts';

describe('LectureStartPoller', () => {
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

  it('polls repeatedly and reports the start once', async () => {
    poller.pollAfter();
    await vi.advanceTimersByTimeAsync(12_000);
    expect(fetchState).toHaveBeenCalledTimes(3);
    expect(onStarted).not.toHaveBeenCalled();
    fetchState.mockResolvedValue('live');
    await vi.advanceTimersByTimeAsync(20_000);
    expect(fetchState).toHaveBeenCalledTimes(4);
    expect(onStarted).toHaveBeenCalledOnce();
  });

  it('returns to the usual interval after an earlier poll', async () => {
    poller.pollAfter(300);
    await vi.advanceTimersByTimeAsync(4200);
    expect(fetchState).toHaveBeenCalledOnce();
    await vi.advanceTimersByTimeAsync(200);
    expect(fetchState).toHaveBeenCalledTimes(2);
  });

  it('reports a failed poll and stops polling', async () => {
    fetchState.mockRejectedValue(new Error('cancelled'));
    poller.pollAfter();
    await vi.advanceTimersByTimeAsync(20_000);
    expect(onFailed).toHaveBeenCalledOnce();
    expect(fetchState).toHaveBeenCalledOnce();
  });

  it('does nothing after it is stopped, even during a poll', async () => {
    const response = Promise.withResolvers<LectureState>();
    fetchState.mockReturnValue(response.promise);
    poller.pollAfter();
    await vi.advanceTimersByTimeAsync(4000);
    poller.stop();
    response.resolve('live');
    await vi.advanceTimersByTimeAsync(20_000);
    expect(onStarted).not.toHaveBeenCalled();
    expect(fetchState).toHaveBeenCalledOnce();
  });
});
