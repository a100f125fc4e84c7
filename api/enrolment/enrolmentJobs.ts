import * as z from 'zod';
import { background, jobKind, retryUntilPersisted, toInstant } from '#engine/kernel';
import type { JobHandler, JobQueue, JobWorker } from '#engine/kernel';
import { fillSeatsIntervalMs, rosterPreviewMs, withdrawnPlaceMs } from '../limits.ts';
import { createEnrolment } from './createEnrolment.ts';
import type { Enrolment, EnrolmentOptions } from './createEnrolment.ts';
import { importRosters } from './roster/importRoster.ts';

const seatJobs = jobKind('course.fillSeats', { data: z.null() });

export type EnrolmentJobsOptions = Omit<EnrolmentOptions, 'jobs'> & { jobs: JobQueue };

/** Lets the worker apply lists of people, fill seats that a process which died has left free, and claim admissions that it has left. Returns what ends asking for the latter. */
export function startEnrolmentJobs(worker: Pick<JobWorker, 'handle'>, options: EnrolmentJobsOptions): () => void {
  const enrolment = createEnrolment(options);
  worker.handle(importRosters({ ...enrolment, rosters: enrolment.rosterStore, logger: options.logger }));
  worker.handle(fillSeats(enrolment, options));
  return repeatFillSeats(options);
}

function fillSeats({ admissions, pending, waiting, rosterStore }: Enrolment, { clock }: Pick<EnrolmentJobsOptions, 'clock'>): JobHandler<null> {
  return {
    kind: seatJobs,
    concurrency: 1,
    run: async () => {
      await pending.claimEverywhere();
      await admissions.moveUpEverywhere();
      await waiting.removeWithdrawn(toInstant(clock.nowMs() - withdrawnPlaceMs));
      await rosterStore.removeOld(toInstant(clock.nowMs() - rosterPreviewMs));
    },
  };
}

/** Asks for the repeated job until the database accepts that. It exists once for the whole site. */
function repeatFillSeats({ jobs, clock, logger }: Pick<EnrolmentJobsOptions, 'jobs' | 'clock' | 'logger'>): () => void {
  const closing = new AbortController();
  const ask = () => jobs.repeat(seatJobs, { key: 'site', data: null, everyMs: fillSeatsIntervalMs });
  background('fillSeats.repeat', retryUntilPersisted(ask, { clock, signal: closing.signal }), logger);
  return () => closing.abort(new Error('the server is stopping'));
}
