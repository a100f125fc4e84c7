import * as z from 'zod';
import { Instant } from '#engine/contract';
import { route } from './route.ts';

/** What needs the attention of an administrator. */
export const HealthProblemCode = z.enum(['part.failed', 'disk.low', 'certificate.expiring', 'clock.off', 'process.silent', 'versions.mixed', 'jobs.failed', 'jobs.waiting', 'workers.missing']);
export type HealthProblemCode = z.infer<typeof HealthProblemCode>;

export const HealthProblem = z.object({
  code: HealthProblemCode,
  nodeId: z.string().nullable().describe('Of the process that has it; null for the whole site.'),
  detail: z.string().describe('A sentence with the figures.'),
});
export type HealthProblem = z.infer<typeof HealthProblem>;

export const PartHealth = z.object({
  part: z.string().describe('`database`, `store`, `redis`, `media`, `spool`.'),
  durationMs: z.number().min(0),
  problem: z.string().nullable().describe('Null while it works.'),
});
export type PartHealth = z.infer<typeof PartHealth>;

/** What a process measures of itself. */
export const ProcessReport = z.object({
  nowMs: z.number().describe('Its clock, in ms since 1970.'),
  parts: z.array(PartHealth),
  disk: z.object({ freeBytes: z.number(), totalBytes: z.number() }).nullable().describe('Of its data folder; null if it cannot be measured.'),
  certificate: z.object({ expiresAt: Instant, names: z.string() }).nullable().describe('Of HTTPS and RTMPS; null without one of its own.'),
  mediaWorkers: z.object({ running: z.number().int(), all: z.number().int() }).nullable().describe('Null for a process without media.'),
  memoryBytes: z.number().int(),
});
export type ProcessReport = z.infer<typeof ProcessReport>;

export const ProcessHealth = z.object({
  nodeId: z.string(),
  roles: z.array(z.string()),
  version: z.string(),
  hostname: z.string(),
  startedAt: Instant,
  announcedAt: Instant.describe('By the clock of the process.'),
  report: ProcessReport.nullable().describe('Null when it does not answer.'),
  clockOffsetMs: z.number().nullable().describe('How much its clock is ahead of the one of the process that answers this request.'),
  clockErrorMs: z.number().nullable().describe('The offset is right within this: half of the time that the question took.'),
});
export type ProcessHealth = z.infer<typeof ProcessHealth>;

export const HealthDetails = z.object({
  checkedAt: Instant,
  problems: z.array(HealthProblem).describe('Empty while all is well.'),
  processes: z.array(ProcessHealth),
  jobs: z.object({ waiting: z.number().int(), running: z.number().int(), failed: z.number().int(), oldestWaitingAt: Instant.nullable() }),
});
export type HealthDetails = z.infer<typeof HealthDetails>;

export const healthRoutes = {
  getHealthDetails: route({
    method: 'GET',
    path: '/api/v1/health/details',
    response: HealthDetails,
    auth: 'admin',
    summary: 'Get the health of all processes of the site: database, Redis, object store, disk, media workers, certificates, clocks, versions and background jobs.',
  }),
};
