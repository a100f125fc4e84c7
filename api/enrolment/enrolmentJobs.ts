import * as z from 'zod';
import { background, jobKind, retryUntilPersisted, toInstant } from '#engine/kernel';
import type { Clock, Database, JobHandler, JobQueue, Logger } from '#engine/kernel';
import { fillSeatsIntervalMs, rosterPreviewMs, withdrawnPlaceMs } from '../limits.ts';
import { createEnrolment } from './createEnrolment.ts';
import { importRosters } from './roster/importRoster.ts';

const seatJobs = jobKind('course.fillSeats', { data: z.null() });

export interface EnrolmentJobsOptions {
  database: Database;
  jobs: JobQueue;
  clock: Clock;
  logger: Logger;
}

/** Applies lists of people, and lets people in where a process died before it could. */
export function enrolmentJobs({ database, jobs, clock, logger }: EnrolmentJobsOptions): { rosters: JobHandler<{ importId: string }>; seats: JobHandler<null> } {
  const enrolment = createEnrolment({ database, jobs, clock, logger });
  const { admissions, waiting, rosterStore } = enrolment;
  return {
    rosters: importRosters({ ...enrolment, rosters: rosterStore, logger }),
    seats: {
      kind: seatJobs,
      concurrency: 1,
      run: async () => {
        await admissions.moveUpEverywhere();
        await waiting.removeWithdrawn(toInstant(clock.nowMs() - withdrawnPlaceMs));
        await rosterStore.removeOld(toInstant(clock.nowMs() - rosterPreviewMs));
      },
    },
  };
}

/** Asks for the repeated job until the database accepts that. It exists once for the whole site. Returns what ends the asking. */
export function repeatFillSeats({ jobs, clock, logger }: Pick<EnrolmentJobsOptions, 'jobs' | 'clock' | 'logger'>): () => void {
  const closing = new AbortController();
  const ask = () => jobs.repeat(seatJobs, { key: 'site', data: null, everyMs: fillSeatsIntervalMs });
  background('fillSeats.repeat', retryUntilPersisted(ask, { clock, signal: closing.signal }), logger);
  return () => closing.abort(new Error('the server is stopping'));
}
