import { toInstant } from '#engine/kernel';
import type { JobAdministration, JobRow, Logger } from '#engine/kernel';
import type { Handlers } from '../access/index.ts';
import type { Job, jobRoutes } from '../contract/index.ts';

export interface JobHandlersOptions {
  jobs: JobAdministration;
  logger: Logger;
}

export function jobHandlers({ jobs, logger }: JobHandlersOptions): Handlers<keyof typeof jobRoutes> {
  return {
    listJobs: async ({ query: { state, after } }) => {
      const [page, counts] = await Promise.all([jobs.list(state, { after }), jobs.counts()]);
      return { jobs: page.jobs.map(jobView), next: page.next, counts };
    },
    cancelJob: async ({ params: { jobId }, caller }) => {
      const row = await jobs.cancel(jobId);
      logger.info({ jobId, kind: row.kind, byUserId: caller.userId }, 'job.cancelled');
      return jobView(row);
    },
    resendJob: async ({ params: { jobId }, caller }) => {
      const row = await jobs.resend(jobId);
      logger.info({ jobId, kind: row.kind, byUserId: caller.userId }, 'job.resent');
      return jobView(row);
    },
  };
}

function jobView(row: JobRow): Job {
  const { _id: id, kind, key, state, attempts, maxAttempts, progress, progressNote, isCancelRequested, error } = row;
  return {
    id,
    kind,
    key,
    state,
    attempts,
    maxAttempts,
    progress,
    progressNote,
    isCancelRequested,
    isRepeated: row.repeatMs !== null,
    error,
    dueAt: state === 'delayed' ? toInstant(row.wakeAtMs) : null,
    createdAt: toInstant(row.createdAtMs),
    changedAt: toInstant(row.changedAtMs),
  };
}
