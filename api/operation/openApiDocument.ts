import * as z from 'zod';
import { Problem, problemContentType, routes } from '../contract/index.ts';
import type { RouteName, RouteSpec } from '../contract/index.ts';

type Json = Record<string, unknown>;

/** The route table as an OpenAPI 3.1 document. */
export function openApiDocument(): Json {
  const paths: Record<string, Json> = {};
  for (const name of Object.keys(routes) as RouteName[]) {
    const spec: RouteSpec = routes[name];
    [spec.path, ...(spec.aliases ?? [])].forEach((path, index) => {
      const operationId = index === 0 ? name : `${name}_${index}`;
      const item = (paths[path.replace(/:(\w+)/g, '{$1}')] ??= {});
      item[spec.method.toLowerCase()] = operationOf(spec, operationId);
    });
  }
  return {
    openapi: '3.1.0',
    info: { title: 'Lectern', version: '1', description: 'Courses, lectures and their videos. Live rooms use Socket.IO: see signaling/PROTOCOL.md.' },
    paths,
    components: {
      securitySchemes: { bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } },
      schemas: { Problem: schemaOf(Problem, 'output') },
    },
  };
}

function operationOf(spec: RouteSpec, operationId: string): Json {
  const operation: Json = {
    operationId,
    summary: spec.summary,
    security: spec.auth === 'none' ? [] : [{ bearer: [] }],
    parameters: [...parametersOf(spec.params, 'path'), ...parametersOf(spec.query, 'query')],
    responses: { [spec.status ?? 200]: successOf(spec), default: problemResponse },
  };
  if (spec.upload) operation.requestBody = { required: true, content: filesOf(spec.upload.mediaTypes) };
  else if (spec.body) {
    operation.requestBody = { required: !spec.body.safeParse(undefined).success, content: { 'application/json': { schema: schemaOf(spec.body, 'input') } } };
  }
  return operation;
}

const problemResponse = { description: 'Failure, as a problem document (RFC 9457).', content: { [problemContentType]: { schema: { $ref: '#/components/schemas/Problem' } } } };

function successOf(spec: RouteSpec): Json {
  if (spec.status === 204) return { description: 'Success, without content.' };
  if (spec.download) return { description: 'Success.', content: filesOf(spec.download.mediaTypes) };
  return { description: 'Success.', content: { 'application/json': { schema: schemaOf(spec.response, 'output') } } };
}

/** A media type alone says that the content is its bytes (OpenAPI 3.1 §4.8.14.1). */
function filesOf(mediaTypes: readonly string[]): Json {
  return Object.fromEntries(mediaTypes.map((mediaType) => [mediaType, {}]));
}

function parametersOf(schema: z.ZodObject | undefined, place: 'path' | 'query'): Json[] {
  return Object.entries(schema?.shape ?? {}).map(([name, field]) => ({
    name,
    in: place,
    required: place === 'path' || !z.safeParse(field, undefined).success,
    schema: schemaOf(field as z.ZodType, 'input'),
  }));
}

function schemaOf(schema: z.ZodType, io: 'input' | 'output'): Json {
  const { $schema: _schema, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: 'any' });
  return rest;
}
