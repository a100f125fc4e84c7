import * as z from 'zod';
import { background, delay, jobKind, retryUntilPersisted, toInstant } from '#engine/kernel';
import type { Clock, Database, JobHandler, JobQueue, JobWorker, Logger } from '#engine/kernel';
import { foldAfterMs, foldIntervalMs, foldPauseMs, maxFoldsPerRun } from '../../limits.ts';
import type { ObjectStore } from '../../storage/ObjectStore.ts';
import { RecordingFolder } from './RecordingFolder.ts';

const foldJobs = jobKind('recordings.fold', { data: z.null() });

export interface FoldingOptions {
  database: Database;
  store: ObjectStore;
  jobs: JobQueue;
  clock: Clock;
  logger: Logger;
}

/** Folds the recordings that are due, one after the other, with pauses: a live lecture needs the database more. */
function foldRecordings({ database, store, clock, logger }: Omit<FoldingOptions, 'jobs'>): JobHandler<null> {
  return {
    kind: foldJobs,
    concurrency: 1,
    run: async ({ signal }) => {
      const pause = async () => {
        signal.throwIfAborted();
        await delay(clock, foldPauseMs);
      };
      const folder = new RecordingFolder({ database, store, pause });
      for (const { _id: recordingId } of await folder.due(toInstant(clock.nowMs() - foldAfterMs), maxFoldsPerRun)) {
        await pause();
        if (await folder.fold(recordingId)) logger.info({ recordingId }, 'recording.folded');
      }
    },
  };
}

/** Lets a worker fold recordings, and asks for that until the database accepts it; once for the whole site. Returns what ends the asking. */
export function startFolding(worker: Pick<JobWorker, 'handle'>, options: FoldingOptions): () => void {
  const { jobs, clock, logger } = options;
  const closing = new AbortController();
  worker.handle(foldRecordings(options));
  const ask = () => jobs.repeat(foldJobs, { key: 'site', data: null, everyMs: foldIntervalMs });
  background('recordings.fold.repeat', retryUntilPersisted(ask, { clock, signal: closing.signal }), logger);
  return () => closing.abort(new Error('the server is stopping'));
}
