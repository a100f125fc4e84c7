import * as z from 'zod';
import { background, jobKind, retryUntilPersisted, toInstant } from '#engine/kernel';
import type { Clock, JobHandler, JobQueue, Logger } from '#engine/kernel';
import type { LoginStore } from '../accounts/LoginStore.ts';
import type { AuditStore } from '../audit/index.ts';
import { cleanUpIntervalMs, dayMs } from '../limits.ts';
import type { CurrentSettings } from '../settings/index.ts';

const cleanUpJobs = jobKind('site.cleanUp', { data: z.null() });

export interface CleanUpOptions {
  jobs: JobQueue;
  logins: LoginStore;
  audit: AuditStore;
  /** How long things are kept. */
  settings: CurrentSettings;
  /** Deleted courses that can no longer be restored. */
  courses: { request(): Promise<void> };
  clock: Clock;
  /** Removes other records that have expired by now. */
  removals?: readonly ((nowMs: number) => Promise<void>)[];
}

/** Removes from the database what is too old: expired logins, deleted courses, finished jobs, entries of the audit log and other records. */
export function cleanUp({ jobs, logins, audit, settings, courses, clock, removals = [] }: CleanUpOptions): JobHandler<null> {
  return {
    kind: cleanUpJobs,
    concurrency: 1,
    run: async () => {
      const nowMs = clock.nowMs();
      const { auditDays, failedJobDays } = settings.current;
      await logins.removeExpired(toInstant(nowMs));
      await courses.request();
      for (const remove of removals) await remove(nowMs);
      await jobs.removeOld(failedJobDays * dayMs);
      await audit.removeBefore(toInstant(nowMs - auditDays * dayMs));
    },
  };
}

/**
 * Asks for it until the database accepts that: a full disk does not keep the server from starting. It exists once for the whole
 * site. Returns what ends the asking.
 */
export function repeatCleanUp({ jobs, clock, logger }: Pick<CleanUpOptions, 'jobs' | 'clock'> & { logger: Logger }): () => void {
  const closing = new AbortController();
  const ask = () => jobs.repeat(cleanUpJobs, { key: 'site', data: null, everyMs: cleanUpIntervalMs });
  background('cleanUp.repeat', retryUntilPersisted(ask, { clock, signal: closing.signal }), logger);
  return () => closing.abort(new Error('the server is stopping'));
}
