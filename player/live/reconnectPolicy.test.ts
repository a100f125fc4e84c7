import { describe, expect, it } from 'vitest';
import { ApiError, ApiUnreachableError } from '#api/contract';
import { CodedError } from '#engine/contract';
import type { ErrorCode } from '#engine/contract';
import { delayBefore, decideRetry } from './reconnectPolicy.ts';

const never = () => 0;
const coded = (code: ErrorCode) => new CodedError(code, code);

describe('the delay before reconnecting', () => {
  it('grows with every attempt and stops growing at five seconds', () => {
    const delays = [0, 1, 2, 3, 4, 5, 20].map((attempt) => delayBefore(attempt, never));
    expect(delays).toEqual([300, 600, 1200, 2400, 4800, 5000, 5000]);
  });

  it('is random, so that a class does not reconnect at the same moment', () => {
    expect(delayBefore(4, () => 1)).toBe(2400);
  });
});

describe('the decision after joining failed', () => {
  it('retries while the network or the server is unavailable', () => {
    expect(decideRetry(new ApiUnreachableError(undefined), 1, never)).toEqual({ kind: 'retry', delayMs: 600 });
    expect(decideRetry(coded('server.stopping'), 0, never)).toEqual({ kind: 'retry', delayMs: 300 });
    expect(decideRetry(coded('media.unavailable'), 0, never)).toEqual({ kind: 'retry', delayMs: 300 });
  });

  it('retries with a new ticket when the last one has expired', () => {
    expect(decideRetry(coded('auth.expired'), 0, never).kind).toBe('retry');
  });

  it('waits for a lecture that has not started', () => {
    expect(decideRetry(coded('lecture.notLive'), 7, never).kind).toBe('wait');
  });

  it('stops when the lecture has ended and when the user was removed', () => {
    expect(decideRetry(coded('lecture.ended'), 0)).toEqual({ kind: 'ended', reason: 'lectureEnded' });
    expect(decideRetry(coded('participant.removed'), 0)).toEqual({ kind: 'ended', reason: 'removed' });
  });

  it('gives up when a retry cannot help', () => {
    for (const code of ['access.denied', 'lecture.notFound', 'enrolment.notFound', 'media.unsupported'] as const) {
      expect(decideRetry(coded(code), 0).kind).toBe('giveUp');
    }
    const signedOut = new ApiError({ type: '', title: '', status: 401, detail: '', code: 'auth.expired', instance: '' });
    expect(decideRetry(signedOut, 0).kind).toBe('giveUp');
  });
});
