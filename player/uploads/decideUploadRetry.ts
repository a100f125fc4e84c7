import { ApiError } from '#api/contract';
import { isCoded } from '#engine/contract';
import type { ErrorCode } from '#engine/contract';

export type UploadRetry =
  /** Try again after this delay. */
  | { kind: 'later'; delayMs: number }
  /** The server does not have it any more: send it from its beginning. */
  | { kind: 'fromStart' }
  /** Only the person can go on. */
  | { kind: 'never' };

const firstDelayMs = 1000;
/** A closed laptop or a restarted server is back within a minute of its return. */
const longestDelayMs = 30_000;
/** After a restart of the server, everyone comes back at once. This share of the delay is random. */
const jitter = 0.3;
/** An upload that is lost twice will be lost again. */
const maxLosses = 1;

/** Failures that pass: another window has the upload, or the server is short of something. */
const passing: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'internal', 'server.busy', 'server.stopping', 'request.tooFrequent', 'database.unavailable', 'disk.full',
  'upload.locked', 'upload.offsetWrong', 'upload.checksumWrong',
]);

/** What follows after an upload has failed. `failures`: since bytes arrived last; `losses`: times that the server had lost it. */
export function decideUploadRetry(error: unknown, { failures, losses }: { failures: number; losses: number }, random: () => number = Math.random): UploadRetry {
  const code = error instanceof ApiError || isCoded(error) ? error.code : undefined;
  if (code === 'upload.notFound') return losses < maxLosses ? { kind: 'fromStart' } : { kind: 'never' };
  const isServerFault = error instanceof ApiError && error.status >= 500;
  if (code !== undefined && !passing.has(code) && !isServerFault) return { kind: 'never' };
  return { kind: 'later', delayMs: delayAfter(failures, random) };
}

function delayAfter(failures: number, random: () => number): number {
  const base = Math.min(longestDelayMs, firstDelayMs * 2 ** Math.min(failures, 10));
  return Math.round(base * (1 - jitter * random()));
}
