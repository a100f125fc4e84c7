import * as z from 'zod';
import { background, jobKind, retryUntilPersisted, toInstant } from '#engine/kernel';
import type { Clock, Database, JobHandler, JobQueue, JobWorker, Logger } from '#engine/kernel';
import { storageMeasureIntervalMs } from '../limits.ts';
import { StorageUsage } from './StorageUsage.ts';

const measureJobs = jobKind('site.measureStorage', { data: z.null() });

/** Measures how much each course stores. */
function measureStorage({ usage, clock }: { usage: StorageUsage; clock: Clock }): JobHandler<null> {
  return { kind: measureJobs, concurrency: 1, run: ({ signal }) => usage.measure({ now: toInstant(clock.nowMs()), signal }) };
}

/** Lets a worker measure it, and asks for that until the database accepts it; once for the whole site. Returns what ends the asking. */
export function startMeasuringStorage(worker: Pick<JobWorker, 'handle'>, { database, jobs, clock, logger }: { database: Database; jobs: JobQueue; clock: Clock; logger: Logger }): () => void {
  const closing = new AbortController();
  worker.handle(measureStorage({ usage: new StorageUsage(database), clock }));
  const ask = () => jobs.repeat(measureJobs, { key: 'site', data: null, everyMs: storageMeasureIntervalMs });
  background('storage.repeat', retryUntilPersisted(ask, { clock, signal: closing.signal }), logger);
  return () => closing.abort(new Error('the server is stopping'));
}
