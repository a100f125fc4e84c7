import * as z from 'zod';
import { Instant, RecordId } from '#engine/contract';
import { route } from './route.ts';

/** `dead`: all tries have failed. `delayed`: it waits for its time, after a failure or for its next repetition. */
export const JobState = z.enum(['delayed', 'waiting', 'running', 'done', 'dead', 'cancelled']);
export type JobState = z.infer<typeof JobState>;

export const Job = z.object({
  id: RecordId,
  kind: z.string().describe('What is done, like video.poster.'),
  key: z.string().describe('What it is done to: mostly an id.'),
  state: JobState,
  attempts: z.number().int().describe('Tries that have begun.'),
  maxAttempts: z.number().int(),
  progress: z.number().min(0).max(1).nullable().describe('Null when unknown.'),
  progressNote: z.string().nullable(),
  isCancelRequested: z.boolean().describe('Its worker is about to stop it.'),
  isRepeated: z.boolean().describe('It runs again and again.'),
  error: z.string().nullable().describe('Of the last try that failed.'),
  dueAt: Instant.nullable().describe('When a delayed job runs next.'),
  createdAt: Instant,
  changedAt: Instant.describe('When its state changed last.'),
});
export type Job = z.infer<typeof Job>;

const jobParams = z.object({ jobId: RecordId });

/** Background jobs, for administrators. */
export const jobRoutes = {
  listJobs: route({
    method: 'GET',
    path: '/api/v1/jobs',
    query: z.object({ state: JobState.default('dead'), after: z.string().max(60).optional().describe('`next` of the page before.') }),
    response: z.object({ jobs: z.array(Job), next: z.string().nullable(), counts: z.record(JobState, z.number().int()) }),
    auth: 'admin',
    summary: 'List the background jobs in one state, the latest change first, and count those in every state.',
  }),
  cancelJob: route({
    method: 'POST',
    path: '/api/v1/jobs/:jobId/cancel',
    params: jobParams,
    response: Job,
    auth: 'admin',
    summary: 'Cancel a job that is not finished. A running one stops within some seconds.',
  }),
  resendJob: route({
    method: 'POST',
    path: '/api/v1/jobs/:jobId/resend',
    params: jobParams,
    response: Job,
    auth: 'admin',
    summary: 'Give a job whose tries have all failed new tries.',
  }),
};
