import * as z from 'zod';
import { background, jobKind, retryUntilPersisted } from '#engine/kernel';
import type { Clock, JobHandler, JobQueue, JobWorker, Logger } from '#engine/kernel';
import { classJobIntervalMs, restorePollMs } from '../limits.ts';
import type { ClassMover } from './ClassMover.ts';
import type { ClassRules } from './classRules.ts';
import type { Restores } from './Restores.ts';

const moveJobs = jobKind('site.storageClasses', { data: z.null() });
const restoreJobs = jobKind('site.restores', { data: z.null() });
/** Begins at once with one video; `site.restores` goes on with it. */
export const restoreJob = jobKind('video.restore', { data: z.object({ videoId: z.string() }), priority: 2 });

export interface ClassJobsOptions {
  mover: ClassMover;
  restores: Restores;
  /** The rules as they are now. */
  rules: () => ClassRules;
  jobs: JobQueue;
  clock: Clock;
  logger: Logger;
}

/** Lets a worker move videos between storage classes and restore them, and asks for that. Returns what ends the asking. */
export function startClassJobs(worker: Pick<JobWorker, 'handle'>, { mover, restores, rules, jobs, clock, logger }: ClassJobsOptions): () => void {
  const closing = new AbortController();
  const move: JobHandler<null> = {
    kind: moveJobs,
    concurrency: 1,
    isLight: true,
    run: async (job) => void (await mover.run(rules(), { signal: job.signal, progress: (fraction, note) => job.progress(fraction, note) })),
  };
  worker.handle(move);
  worker.handle({ kind: restoreJobs, concurrency: 1, isLight: true, run: ({ signal }: { signal: AbortSignal }) => restores.run(signal) });
  worker.handle({ kind: restoreJob, concurrency: 4, isLight: true, run: async ({ data, signal }: { data: { videoId: string }; signal: AbortSignal }) => void (await restores.advance(data.videoId, signal)) });
  const ask = async () => {
    await jobs.repeat(moveJobs, { key: 'site', data: null, everyMs: classJobIntervalMs });
    await jobs.repeat(restoreJobs, { key: 'site', data: null, everyMs: restorePollMs });
  };
  background('storageClasses.repeat', retryUntilPersisted(ask, { clock, signal: closing.signal }), logger);
  return () => closing.abort(new Error('the server is stopping'));
}
