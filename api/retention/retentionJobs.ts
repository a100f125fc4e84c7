import * as z from 'zod';
import { background, jobKind, retryUntilPersisted } from '#engine/kernel';
import type { Clock, JobQueue, JobWorker, Logger } from '#engine/kernel';
import { retentionIntervalMs } from '../learningLimits.ts';
import type { Retention } from './Retention.ts';

const retentionJobs = jobKind('site.retention', { data: z.null() });

/** Lets a worker apply the retention, and asks for that. Returns what ends the asking. */
export function startRetention(worker: Pick<JobWorker, 'handle'>, { retention, jobs, clock, logger }: { retention: Retention; jobs: JobQueue; clock: Clock; logger: Logger }): () => void {
  const closing = new AbortController();
  worker.handle({ kind: retentionJobs, concurrency: 1, run: ({ signal }: { signal: AbortSignal }) => retention.run(signal) });
  const ask = () => jobs.repeat(retentionJobs, { key: 'site', data: null, everyMs: retentionIntervalMs });
  background('retention.repeat', retryUntilPersisted(ask, { clock, signal: closing.signal }), logger);
  return () => closing.abort(new Error('the server is stopping'));
}
