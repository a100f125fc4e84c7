import * as z from 'zod';
import { background, jobKind, retryUntilPersisted, toInstant } from '#engine/kernel';
import type { Clock, Database, JobHandler, JobQueue, JobWorker, Logger } from '#engine/kernel';
import { classMeasureIntervalMs, storageMeasureIntervalMs } from '../limits.ts';
import { ClassUsage } from './ClassUsage.ts';
import { StorageUsage } from './StorageUsage.ts';

const measureJobs = jobKind('site.measureStorage', { data: z.null() });

/** Measures how much each course stores. */
function measureStorage({ usage, clock }: { usage: StorageUsage; clock: Clock }): JobHandler<null> {
  return { kind: measureJobs, concurrency: 1, run: ({ signal }) => usage.measure({ now: toInstant(clock.nowMs()), signal }) };
}

const classJobs = jobKind('site.measureClasses', { data: z.null() });

/** Measures how much each course stores in each storage class. */
function measureClasses({ usage, clock }: { usage: ClassUsage; clock: Clock }): JobHandler<null> {
  return { kind: classJobs, concurrency: 1, run: ({ signal }) => usage.measure({ now: toInstant(clock.nowMs()), signal }) };
}

/** Lets a worker measure it, and asks for that until the database accepts it; once for the whole site. Returns what ends the asking. */
export function startMeasuringStorage(worker: Pick<JobWorker, 'handle'>, { database, jobs, clock, logger }: { database: Database; jobs: JobQueue; clock: Clock; logger: Logger }): () => void {
  const closing = new AbortController();
  const usage = new StorageUsage(database);
  worker.handle(measureStorage({ usage, clock }));
  worker.handle(measureClasses({ usage: new ClassUsage(database, usage), clock }));
  const ask = async () => {
    await jobs.repeat(measureJobs, { key: 'site', data: null, everyMs: storageMeasureIntervalMs });
    await jobs.repeat(classJobs, { key: 'site', data: null, everyMs: classMeasureIntervalMs });
  };
  background('storage.repeat', retryUntilPersisted(ask, { clock, signal: closing.signal }), logger);
  return () => closing.abort(new Error('the server is stopping'));
}
