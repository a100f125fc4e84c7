import * as z from 'zod';
import { jobKind, toInstant } from '#engine/kernel';
import type { Clock, JobHandler, JobQueue } from '#engine/kernel';
import type { LoginStore } from '../accounts/LoginStore.ts';
import { cleanUpIntervalMs } from '../limits.ts';

const cleanUpJobs = jobKind('site.cleanUp', { data: z.null() });

export interface CleanUpOptions {
  jobs: JobQueue;
  logins: LoginStore;
  clock: Clock;
}

/** Removes from the database what is too old: expired logins and finished jobs. */
export function cleanUp({ jobs, logins, clock }: CleanUpOptions): JobHandler<null> {
  return {
    kind: cleanUpJobs,
    concurrency: 1,
    run: async () => {
      await logins.removeExpired(toInstant(clock.nowMs()));
      await jobs.removeOld();
    },
  };
}

/** Once for the whole site. */
export async function repeatCleanUp(jobs: JobQueue): Promise<void> {
  await jobs.repeat(cleanUpJobs, { key: 'site', data: null, everyMs: cleanUpIntervalMs });
}
