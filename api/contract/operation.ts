import * as z from 'zod';
import { route } from './route.ts';

export const operationRoutes = {
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
