import * as z from 'zod';
import { route } from './route.ts';

export const operationRoutes = {
  getLiveness: route({
    method: 'GET',
    path: '/api/v1/health/live',
    aliases: ['/health/live'],
    response: z.object({ status: z.literal('ok') }),
    auth: 'none',
    summary: 'The process runs.',
  }),
  getReadiness: route({
    method: 'GET',
    path: '/api/v1/health/ready',
    aliases: ['/health/ready'],
    response: z.object({ status: z.literal('ok') }),
    auth: 'none',
    summary: 'Database and media answer; 503 while one does not or the server stops.',
  }),
  getJwks: route({
    method: 'GET',
    path: '/.well-known/jwks.json',
    response: z.object({ keys: z.array(z.record(z.string(), z.string())) }),
    auth: 'none',
    summary: 'The public key of access tokens (RFC 7517).',
  }),
  getOpenApi: route({
    method: 'GET',
    path: '/api/v1/openapi.json',
    response: z.record(z.string(), z.unknown()),
    auth: 'none',
    summary: 'This API as an OpenAPI 3.1 document.',
  }),
};
