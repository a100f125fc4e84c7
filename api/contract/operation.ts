import * as z from 'zod';
import { WorkerLecture, NodeWorker } from '#engine/contract';
import { route } from './route.ts';

/** A media worker with the lectures on it. */
export const WorkerView = NodeWorker.extend({ lectures: z.array(WorkerLecture.extend({ title: z.string() })) });
export type WorkerView = z.infer<typeof WorkerView>;

export const operationRoutes = {
  listWorkers: route({
    method: 'GET',
    path: '/api/v1/workers',
    response: z.object({ workers: z.array(WorkerView) }),
    auth: 'admin',
    summary: 'List the media workers of this server: their load now, and the lectures on each with viewers and pipes.',
  }),
  getLiveness: route({
    method: 'GET',
    path: '/api/v1/health/live',
    aliases: ['/health/live'],
    response: z.object({ status: z.literal('ok') }),
    auth: 'none',
    summary: 'Check that the process runs.',
  }),
  getReadiness: route({
    method: 'GET',
    path: '/api/v1/health/ready',
    aliases: ['/health/ready'],
    response: z.object({ status: z.literal('ok') }),
    auth: 'none',
    summary: 'Check that the database and the disk can be written and that a media worker runs. 503 with the reason otherwise, and while the server stops.',
  }),
  getJwks: route({
    method: 'GET',
    path: '/.well-known/jwks.json',
    response: z.object({ keys: z.array(z.record(z.string(), z.string())) }),
    auth: 'none',
    summary: 'Get the public key of access tokens (RFC 7517).',
  }),
  getOpenApi: route({
    method: 'GET',
    path: '/api/v1/openapi.json',
    response: z.record(z.string(), z.unknown()),
    auth: 'none',
    summary: 'Get this API as an OpenAPI 3.1 document.',
  }),
};
