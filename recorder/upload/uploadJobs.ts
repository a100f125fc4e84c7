import * as z from 'zod';
import { background, jobKind, retryUntilPersisted, toInstant } from '#engine/kernel';
import type { Clock, JobHandler, JobQueue, Logger } from '#engine/kernel';
import { arrivalJobs } from './arrivalJobs.ts';
import type { Arrivals } from './Arrivals.ts';
import type { IncomingStore } from './IncomingStore.ts';
import { maxScansAtOnce, uploadSweepIntervalMs, uploadSweepSize } from './limits.ts';
import type { UploadStore } from './UploadStore.ts';

/** Removes uploads that nobody continues. */
const sweepJobs = jobKind('upload.sweep', { data: z.null() });

export interface UploadJobsOptions {
  uploads: UploadStore;
  incoming: IncomingStore;
  arrivals: Arrivals;
  jobs: JobQueue;
  clock: Clock;
  logger: Logger;
}

export function checkUploads({ arrivals }: Pick<UploadJobsOptions, 'arrivals'>): JobHandler<{ uploadId: string }> {
  return { kind: arrivalJobs, concurrency: maxScansAtOnce, run: ({ data, signal }) => arrivals.check(data.uploadId, signal) };
}

export function sweepUploads({ uploads, incoming, jobs, clock, logger }: UploadJobsOptions): JobHandler<null> {
  return {
    kind: sweepJobs,
    concurrency: 1,
    run: async () => {
      const nowMs = clock.nowMs();
      const now = toInstant(nowMs);
      for (const row of await uploads.expired('receiving', now, uploadSweepSize)) {
        // The row goes last, so that a removal that failed is repeated.
        await incoming.remove(row);
        await uploads.remove(row._id);
        logger.info({ uploadId: row._id, courseId: row.courseId, bytes: row.bytes, offset: row.offset }, 'upload.expired');
      }
      for (const { _id } of await uploads.expired('refused', now, uploadSweepSize)) await uploads.remove(_id);
      for (const { _id } of await uploads.inState('arrived', uploadSweepSize)) await jobs.add(arrivalJobs, { key: _id, data: { uploadId: _id } });
      const removed = await incoming.removeUnknown((uploadIds) => uploads.known(uploadIds), nowMs);
      if (removed > 0) logger.info({ removed }, 'upload.unknownRemoved');
    },
  };
}

/** Asks for the sweep until the database accepts that. It exists once for the whole site. Returns what ends the asking. */
export function repeatSweep({ jobs, clock, logger }: Pick<UploadJobsOptions, 'jobs' | 'clock' | 'logger'>): () => void {
  const closing = new AbortController();
  const ask = () => jobs.repeat(sweepJobs, { key: 'site', data: null, everyMs: uploadSweepIntervalMs });
  background('uploads.repeatSweep', retryUntilPersisted(ask, { clock, signal: closing.signal }), logger);
  return () => closing.abort(new Error('the server is stopping'));
}
