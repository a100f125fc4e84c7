import { editedThings } from '../editing/editedThings.ts';
import { problemContentType } from '../contract/index.ts';
import type { RouteName, RouteSpec } from '../contract/index.ts';
import type { RouteAccess } from '../access/index.ts';

type Json = Record<string, unknown>;

interface Described {
  name: RouteName;
  spec: RouteSpec;
  access: RouteAccess;
}

const isWriting = ({ spec }: Described) => spec.method !== 'GET';
const isRestricted = ({ spec, access }: Described) => access !== 'account' || spec.auth === 'instructor' || spec.auth === 'admin';

/** What a route can answer beside its success, and which routes can. */
const answers: Readonly<Record<string, { description: string; if: (route: Described) => boolean }>> = {
  400: { description: 'Something in the request is not right; `errors` says which field.', if: ({ spec }) => [spec.params, spec.query, spec.body].some(Boolean) },
  401: { description: 'No access token, or one that is not valid any more.', if: ({ spec }) => spec.auth !== 'none' },
  403: { description: 'The caller may not do this.', if: (route) => isRestricted(route) || isWriting(route) },
  404: { description: 'There is no such thing.', if: ({ spec }) => spec.path.includes(':') },
  409: { description: 'The state of things does not allow it now.', if: isWriting },
  412: { description: '`If-Match` names another version; `details.changed` has the fields that differ, with both values.', if: ({ name }) => editedThings[name] !== undefined },
  413: { description: 'The body is too large.', if: ({ spec }) => spec.body !== undefined },
  422: { description: 'The `Idempotency-Key` was used with another request, or a value cannot be used.', if: ({ spec }) => spec.method === 'POST' },
  429: { description: 'Too many requests: see `RateLimit` and `Retry-After`.', if: () => true },
  default: { description: 'Another failure.', if: () => true },
};

/** The responses of a route beside its success, by status. `default` stands for what every route can answer. */
export function problemResponses(route: Described): Record<string, Json> {
  const possible = Object.entries(answers).filter(([, answer]) => answer.if(route));
  return Object.fromEntries(possible.map(([status, { description }]) => [status, problem(status, description)]));
}

function problem(status: string, description: string): Json {
  const headers: Json = { 'X-Request-Id': { $ref: '#/components/headers/RequestId' } };
  if (status === '429') headers['Retry-After'] = { schema: { type: 'integer' }, description: 'Seconds to wait.' };
  if (status === '401') headers['WWW-Authenticate'] = { schema: { type: 'string' } };
  return { description, headers, content: { [problemContentType]: { schema: { $ref: '#/components/schemas/Problem' } } } };
}
