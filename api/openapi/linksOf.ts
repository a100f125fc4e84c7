import { routes } from '../contract/index.ts';
import type { RouteName, RouteSpec } from '../contract/index.ts';

type Json = Record<string, unknown>;

/** Links to a response: enough to reach everything, and few enough to read. */
const maxLinks = 40;

/** The name of the parameter that an id goes into, by the prefix of the id. */
const parameterOfPrefix: Readonly<Record<string, string>> = { usr: 'userId', crs: 'courseId', lec: 'lectureId', vid: 'videoId' };

const prefixOf: Readonly<Record<string, string>> = Object.fromEntries(Object.entries(parameterOfPrefix).map(([prefix, parameter]) => [parameter, prefix]));

/**
 * The operations that take an id from this response (OpenAPI 3.1 §4.8.20), found by the schema: an `id` of a course goes into
 * `courseId`, a field `lectureId` into `lectureId`, the first element of a list likewise.
 */
export function linksOf(name: RouteName, response: Json): Record<string, Json> {
  const links: Record<string, Json> = {};
  for (const { pointer, parameter } of idsIn(response)) {
    const value = `$response.body#${pointer}`;
    const suffix = `By${parameter[0]?.toUpperCase()}${parameter.slice(1)}${pointer.includes('/0/') ? 'OfFirst' : ''}`;
    const targets = [
      ...operationsWith(parameter).map((target) => ({ target, link: { operationId: target, parameters: { [parameter]: value } } })),
      ...operationsWithBody(parameter).map((target) => ({ target, link: { operationId: target, requestBody: { [parameter]: value } } })),
    ];
    for (const { target, link } of targets) if (target !== name && Object.keys(links).length < maxLinks) links[`${target}${suffix}`] ??= link;
  }
  return links;
}

/** Operations whose path has this id and no other. */
function operationsWith(parameter: string): RouteName[] {
  return (Object.keys(routes) as RouteName[]).filter((name) => {
    const { method, params, path }: RouteSpec = routes[name];
    // Something that belongs to it may not exist yet.
    const isOfPart = method === 'DELETE' && !path.endsWith(`:${parameter}`);
    return params !== undefined && Object.keys(params.shape).join() === parameter && !isOfPart;
  });
}

/** Operations whose body may be this id alone. */
function operationsWithBody(parameter: string): RouteName[] {
  return (Object.keys(routes) as RouteName[]).filter((name) => {
    const { params, body, upload }: RouteSpec = routes[name];
    if (upload) return false;
    const alone = { [parameter]: `${prefixOf[parameter] ?? 'zzz'}_${'0'.repeat(20)}` };
    return params === undefined && body?.safeParse(alone).success === true && !body.safeParse({}).success;
  });
}

function idsIn(schema: Json, pointer = ''): { pointer: string; parameter: string }[] {
  // Deeper lists are mostly empty.
  if (pointer.split('/').length > 3) return [];
  if (schema.type === 'array') return idsIn((schema.items ?? {}) as Json, `${pointer}/0`);
  const fields = Object.entries((schema.properties ?? {}) as Record<string, Json>);
  return fields.flatMap(([field, inner]) => {
    const parameter = parameterFor(field, inner);
    return parameter === undefined ? idsIn(inner, `${pointer}/${field}`) : [{ pointer: `${pointer}/${field}`, parameter }];
  });
}

function parameterFor(field: string, { pattern }: Json): string | undefined {
  const prefix = typeof pattern === 'string' ? /^\^([a-z]{3})_/.exec(pattern)?.[1] : undefined;
  if (prefix !== undefined) return parameterOfPrefix[prefix];
  return field.endsWith('Id') && typeof pattern === 'string' ? field : undefined;
}
