import * as z from 'zod';
import { resourceGroups } from '#engine/contract';
import { exampleOf } from '#engine/kernel';
import { routeAccess } from '../access/index.ts';
import { editedThings } from '../editing/editedThings.ts';
import { groupOf, Problem, routes, scopeOf } from '../contract/index.ts';
import type { RouteName, RouteSpec } from '../contract/index.ts';
import { linksOf } from './linksOf.ts';
import { problemResponses } from './problemResponses.ts';

type Json = Record<string, unknown>;

const description = `Courses, lectures and their videos. Live rooms use Socket.IO: see signaling/PROTOCOL.md. Who may do what: api/PERMISSIONS.md.

Failures are problem documents (RFC 9457) with a \`code\`. Every response has an \`X-Request-Id\`, which is also in the log of the server; a
well-formed one of the request is kept. \`RateLimit-Policy\` and \`RateLimit\` say how many requests are allowed and left.`;

const groupDescriptions: Record<(typeof resourceGroups)[number], string> = {
  account: 'Your account and its logins; for administrators, all accounts.',
  courses: 'Courses, their members and invitations.',
  lectures: 'Lectures: scheduled, live and ended.',
  videos: 'Recorded lectures.',
  site: 'The site: its health, its background jobs, this document.',
};

/** The route table as an OpenAPI 3.1 document. */
export function openApiDocument(): Json {
  const paths: Record<string, Json> = {};
  for (const name of Object.keys(routes) as RouteName[]) {
    const spec: RouteSpec = routes[name];
    [spec.path, ...(spec.aliases ?? [])].forEach((path, index) => {
      const operationId = index === 0 ? name : `${name}_${index}`;
      const item = (paths[path.replace(/:(\w+)/g, '{$1}')] ??= {});
      item[spec.method.toLowerCase()] = operationOf(name, operationId);
    });
  }
  return {
    openapi: '3.1.0',
    info: { title: 'Lectern', version: '1', description },
    servers: [{ url: '/' }],
    tags: resourceGroups.map((group) => ({ name: group, description: groupDescriptions[group] })),
    paths,
    components: {
      securitySchemes: { bearer: { type: 'http', scheme: 'bearer', description: 'The access token of a login, or an access token that a person has made: `lecpat_…`.' } },
      headers: { RequestId: { schema: { type: 'string' }, description: 'The id of this request, in the log of the server.' } },
      schemas: { Problem: schemaOf(Problem, 'output') },
    },
  };
}

function operationOf(name: RouteName, operationId: string): Json {
  const spec: RouteSpec = routes[name];
  const operation: Json = {
    operationId,
    tags: [groupOf(spec) ?? 'site'],
    summary: spec.summary,
    ...(spec.auth !== 'none' && { description: notesOf(name, spec) }),
    security: spec.auth === 'none' ? [] : [{ bearer: [] }],
    parameters: [...parametersOf(spec.params, 'path'), ...parametersOf(spec.query, 'query'), ...parametersOf(spec.exchange?.headers, 'header')],
    responses: { [spec.status ?? 200]: successOf(name, spec), ...problemResponses({ name, spec, access: routeAccess[name] }) },
  };
  if (spec.exchange) operation.requestBody = bodyOfExchange(spec);
  else if (spec.upload) operation.requestBody = { required: true, content: filesOf(spec.upload.mediaTypes) };
  else if (spec.body) operation.requestBody = { required: !spec.body.safeParse(undefined).success, content: { 'application/json': bodyOf(spec.body) } };
  return operation;
}

function notesOf(name: RouteName, spec: RouteSpec): string {
  const scope = scopeOf(spec);
  const ofTokens = scope === 'never' ? 'Not for access tokens that a person has made.' : `Access tokens need the scope \`${scope}\`.`;
  return [editedThings[name] && ifMatch, spec.method === 'POST' && !spec.exchange && idempotencyKey, ofTokens].filter(Boolean).join(' ');
}

function bodyOf(body: z.ZodType): Json {
  const schema = schemaOf(body, 'input');
  try {
    return { schema, example: exampleOf(body, {}) };
  } catch {
    // Not every schema tells by itself what it accepts.
    return { schema };
  }
}

function successOf(name: RouteName, spec: RouteSpec): Json {
  const headers = { 'X-Request-Id': { $ref: '#/components/headers/RequestId' } };
  if (spec.exchange?.responseHeaders) Object.assign(headers, headersOf(spec.exchange.responseHeaders));
  if (spec.status === 204 || spec.exchange?.protocol === 'tus') return { description: 'Success, without content.', headers };
  if (spec.status === 302) return { description: 'It redirects to the file.', headers: { ...headers, Location: { schema: { type: 'string' } } } };
  if (spec.download) return { description: 'Success.', headers, content: filesOf(spec.download.mediaTypes) };
  const schema = schemaOf(spec.response, 'output');
  const links = linksOf(name, schema);
  return { description: 'Success.', headers, content: { 'application/json': { schema } }, ...(Object.keys(links).length > 0 && { links }) };
}

/** The body of a route that reads it by itself. What tus sends is bytes, and its metadata is a header. */
function bodyOfExchange({ exchange, method }: RouteSpec): Json | undefined {
  if (exchange?.protocol === 'multipart') return { required: true, content: { 'multipart/form-data': { schema: { type: 'object', required: ['file'], properties: { file: { type: 'string', contentMediaType: 'application/octet-stream' } } } } } };
  return method === 'PATCH' ? { required: true, content: filesOf(['application/offset+octet-stream']) } : undefined;
}

function headersOf(schema: z.ZodObject): Json {
  return Object.fromEntries(Object.entries(schema.shape).map(([name, field]) => [name, { schema: schemaOf(field as z.ZodType, 'output') }]));
}

/** A media type alone says that the content is its bytes (OpenAPI 3.1 §4.8.14.1). */
function filesOf(mediaTypes: readonly string[]): Json {
  return Object.fromEntries(mediaTypes.map((mediaType) => [mediaType, {}]));
}

function parametersOf(schema: z.ZodObject | undefined, place: 'path' | 'query' | 'header'): Json[] {
  return Object.entries(schema?.shape ?? {}).map(([name, field]) => ({
    name,
    in: place,
    required: place === 'path' || !z.safeParse(field, undefined).success,
    schema: schemaOf(field as z.ZodType, 'input'),
  }));
}

// Both headers are in the text and not among the parameters: a value of them is known from an earlier request, or the failure is right.
const ifMatch = 'Send the `ETag` of what you have read as `If-Match`: if somebody else has changed it since, the request fails with 412, which says what has changed. Without it, the last change wins.';
const idempotencyKey = 'Send a UUID as `Idempotency-Key`: its answer is kept for 24 h, and the same request with the same key does not create again.';

function schemaOf(schema: z.ZodType, io: 'input' | 'output'): Json {
  const { $schema: _schema, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: 'any' });
  return rest;
}
