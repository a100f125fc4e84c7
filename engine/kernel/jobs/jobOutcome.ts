import { maxErrorChars, retryJitter } from './limits.ts';
import type { JobRow, JobState } from './JobRow.ts';

/**
 * How a run ended. `expired`: its worker has sent no heartbeat for a whole lease. `released`: its worker stops, and the job
 * is not to blame.
 */
export type JobOutcome = { type: 'succeeded' } | { type: 'failed'; error: string } | { type: 'expired' } | { type: 'cancelled' } | { type: 'released' };

export interface OutcomeContext {
  nowMs: number;
  /** From 0 to 1. */
  random: number;
}

type JobChange = Partial<Pick<JobRow, 'state' | 'attempts' | 'wakeAtMs' | 'queuedAtMs' | 'isWantedAgain' | 'isCancelRequested' | 'progress' | 'progressNote' | 'error' | 'changedAtMs'>>;

type NextJob = JobChange & { state: JobState };

/** What a running job becomes: the only place that decides it. The caller removes `uniqueKey` from a finished one. */
export function jobAfter(row: JobRow, outcome: JobOutcome, context: OutcomeContext): NextJob {
  const { nowMs } = context;
  const ended = { changedAtMs: nowMs, isCancelRequested: false, isWantedAgain: false };
  if (outcome.type === 'succeeded') return { ...ended, ...afterSuccess(row, nowMs) };
  if (outcome.type === 'cancelled' || row.isCancelRequested) return { ...ended, ...finished(row, nowMs, 'cancelled') };
  // The next try serves those who want it again, too.
  if (outcome.type === 'released') return { ...ended, state: 'waiting', attempts: row.attempts - 1 };
  const error = (outcome.type === 'failed' ? outcome.error : 'Its worker stopped responding.').slice(0, maxErrorChars);
  return { ...ended, error, ...afterFailure(row, outcome.type, context) };
}

function afterSuccess(row: JobRow, nowMs: number): NextJob {
  if (row.isWantedAgain) return { state: 'waiting', attempts: 0, queuedAtMs: nowMs, error: null, progress: null, progressNote: null };
  return { progress: 1, error: null, ...finished(row, nowMs, 'done') };
}

function afterFailure(row: JobRow, how: 'failed' | 'expired', { nowMs, random }: OutcomeContext): NextJob {
  if (row.isWantedAgain) return { state: 'waiting', attempts: 0, queuedAtMs: nowMs };
  if (row.attempts >= row.maxAttempts) return finished(row, nowMs, 'dead');
  // The lease of an expired run was delay enough.
  if (how === 'expired') return { state: 'waiting' };
  return { state: 'delayed', wakeAtMs: nowMs + retryDelayMs(row, random) };
}

/** A job that repeats waits for its next time instead. */
function finished(row: JobRow, nowMs: number, state: 'done' | 'dead' | 'cancelled'): NextJob {
  if (row.repeatMs === null) return { state };
  return { state: 'delayed', attempts: 0, wakeAtMs: nowMs + row.repeatMs, progress: null, progressNote: null };
}

function retryDelayMs({ attempts, retryFirstMs, retryMaxMs }: JobRow, random: number): number {
  return Math.round(Math.min(retryMaxMs, retryFirstMs * 2 ** (attempts - 1)) * (1 + retryJitter * random));
}
