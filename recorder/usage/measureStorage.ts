import * as z from 'zod';
import { background, jobKind, retryUntilPersisted, toInstant } from '#engine/kernel';
import type { Clock, JobHandler, JobQueue, Logger } from '#engine/kernel';
import { storageMeasureIntervalMs } from '../limits.ts';
import type { StorageUsage } from './StorageUsage.ts';

const measureJobs = jobKind('site.measureStorage', { data: z.null() });

/** Measures how much each course stores. */
export function measureStorage({ usage, clock }: { usage: StorageUsage; clock: Clock }): JobHandler<null> {
  return { kind: measureJobs, concurrency: 1, run: ({ signal }) => usage.measure({ now: toInstant(clock.nowMs()), signal }) };
}

/** Asks for it until the database accepts that; once for the whole site. Returns what ends the asking. */
export function repeatMeasureStorage({ jobs, clock, logger }: { jobs: JobQueue; clock: Clock; logger: Logger }): () => void {
  const closing = new AbortController();
  const ask = () => jobs.repeat(measureJobs, { key: 'site', data: null, everyMs: storageMeasureIntervalMs });
  background('storage.repeat', retryUntilPersisted(ask, { clock, signal: closing.signal }), logger);
  return () => closing.abort(new Error('the server is stopping'));
}
