import { ApiError } from '#api/contract';
import { CodedError } from '#engine/contract';
import type { ErrorCode } from '#engine/contract';

export type RetryDecision =
  /** Retry after this delay. */
  | { kind: 'retry'; delayMs: number }
  /** The lecture has not started. */
  | { kind: 'wait' }
  | { kind: 'ended'; reason: 'lectureEnded' | 'removed' | 'removedFromCourse' }
  /** A retry cannot help: show the error. */
  | { kind: 'giveUp' };

const firstDelayMs = 300;
const longestDelayMs = 5_000;
/** After a server restart, everyone reconnects at once. This share of the delay is random. */
const jitter = 0.5;

const temporaryCodes: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'internal',
  'server.busy',
  'server.stopping',
  'request.tooFrequent',
  'auth.expired',
  'auth.invalid',
  'lecture.busy',
  'lecture.elsewhere',
  'media.unavailable',
  'database.unavailable',
  'disk.full',
  'transport.notFound',
]);

/** The delay before an attempt, counted from 0. */
export function delayBefore(attempt: number, random: () => number = Math.random): number {
  const base = Math.min(longestDelayMs, firstDelayMs * 2 ** attempt);
  return Math.round(base * (1 - jitter * random()));
}

/** Decides what follows after joining the room failed. */
export function decideRetry(error: unknown, attempt: number, random: () => number = Math.random): RetryDecision {
  const code = codeOf(error);
  if (code === undefined) return { kind: 'retry', delayMs: delayBefore(attempt, random) };
  if (code === 'lecture.notLive') return { kind: 'wait' };
  if (code === 'lecture.ended') return { kind: 'ended', reason: 'lectureEnded' };
  if (code === 'participant.removed') return { kind: 'ended', reason: 'removed' };
  if (code === 'enrolment.removed') return { kind: 'ended', reason: 'removedFromCourse' };
  const isSignedOut = error instanceof ApiError && error.status === 401;
  if (temporaryCodes.has(code) && !isSignedOut) return { kind: 'retry', delayMs: delayBefore(attempt, random) };
  return { kind: 'giveUp' };
}

/** The error code from the server; undefined if the server did not respond. */
function codeOf(error: unknown): ErrorCode | undefined {
  return error instanceof ApiError || error instanceof CodedError ? error.code : undefined;
}
