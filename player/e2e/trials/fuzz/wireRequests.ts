import * as fc from 'fast-check';
import { routes } from '#api/contract';
import type { RouteName, RouteSpec } from '#api/contract';
import { inputsOf, junk, mutated } from './mutations.ts';
import { valuesOf } from './schemaValues.ts';
import type { KnownValues } from './schemaValues.ts';
import type { WireRequest } from './httpExchange.ts';

/** A request, and the route that it is meant for. */
export interface RouteInput {
  name: RouteName;
  request: WireRequest;
}

/** Whether a response is what the contract says of that method and path; an odd parameter may have led to another route. */
export function isDocumented({ request }: RouteInput, body: unknown): boolean {
  const method = request.method === 'HEAD' ? 'GET' : request.method;
  const path = (request.path.split('?')[0] ?? '').replace(/\/+$/, '');
  const specs: RouteSpec[] = Object.values(routes);
  const meant = specs.filter((each) => each.method === method && [each.path, ...(each.aliases ?? [])].some((template) => new RegExp(`^${template.replace(/:\w+/g, '[^/]+')}$`, 'i').test(path)));
  return meant.some((spec) => request.method === 'HEAD' || spec.status === 204 || spec.response.safeParse(body).success);
}

/** Routes that would end the attackers' own accounts, logins and courses, or close the site to those whom the trial needs. */
const excluded: ReadonlySet<RouteName> = new Set<RouteName>(['deactivate', 'logout', 'deleteCourse', 'signOutPerson', 'updateSettings']);

export const attackedRoutes = (Object.keys(routes) as RouteName[]).filter((name) => !excluded.has(name));

/** Requests of the contract, most of them invalid. */
export function routeInputs(known: KnownValues, names: readonly RouteName[] = attackedRoutes): fc.Arbitrary<RouteInput> {
  return fc.oneof(...names.map((name) => inputsOfRoute(name, routes[name], known)));
}

function inputsOfRoute(name: RouteName, spec: RouteSpec, known: KnownValues): fc.Arbitrary<RouteInput> {
  const part = (schema: RouteSpec['body']) => (schema ? fc.oneof(valuesOf(schema, known), mutated(valuesOf(schema, known))) : fc.option(junk, { freq: 4, nil: undefined }));
  const parts = fc.record({
    params: spec.params ? fc.oneof({ arbitrary: valuesOf(spec.params, known), weight: 3 }, { arbitrary: mutated(valuesOf(spec.params, known)), weight: 1 }) : fc.constant({}),
    query: part(spec.query),
    body: part(spec.body),
    path: fc.constantFrom(spec.path, ...(spec.aliases ?? [])),
    method: fc.oneof({ arbitrary: fc.constant<string>(spec.method), weight: 8 }, { arbitrary: fc.constantFrom(...otherMethodsFor(spec)), weight: 1 }),
    contentType: fc.oneof({ arbitrary: fc.constant('application/json'), weight: 8 }, { arbitrary: fc.constantFrom('text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', 'application/json; charset=utf-7', 'application/json; charset=utf-16', 'application/problem+json', '', ';', 'application/json,application/json'), weight: 1 }),
  });
  return parts.map(({ params, query, body, path, method, contentType }) => {
    const text = spec.method === 'GET' && method === 'GET' ? undefined : JSON.stringify(body);
    const headers = { host: 'lectern', 'x-lectern-client': 'web', ...(text !== undefined && { 'content-type': contentType, 'content-length': String(Buffer.byteLength(text)) }) };
    return { name, request: { method, path: pathWith(path, params) + queryOf(query), headers, ...(text !== undefined && { body: text }) } };
  });
}

/** Methods that do not lead from the route's path to an excluded route. */
function otherMethodsFor({ path, aliases = [] }: RouteSpec): string[] {
  const paths = [path, ...aliases];
  const forbidden = new Set([...excluded].filter((name) => paths.includes(routes[name].path)).map((name): string => routes[name].method));
  return ['GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'HEAD', 'OPTIONS', 'PROPFIND'].filter((method) => !forbidden.has(method));
}

function pathWith(path: string, params: unknown): string {
  const given = (typeof params === 'object' && params !== null ? params : {}) as Record<string, unknown>;
  return path.replace(/:(\w+)/g, (_, name: string) => encoded(given[name])).slice(0, 8000);
}

function queryOf(query: unknown): string {
  if (typeof query !== 'object' || query === null) return '';
  const entries = Object.entries(query).slice(0, 300).flatMap(([key, value]) => (Array.isArray(value) ? value.slice(0, 30).map((each: unknown) => `${encoded(key)}[]=${encoded(each)}`) : [`${encoded(key)}=${encoded(value)}`]));
  return entries.length === 0 ? '' : `?${entries.join('&').slice(0, 8000)}`;
}

/** Percent-encoded; a lone surrogate becomes what a client makes of it. */
function encoded(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
  return encodeURIComponent(text.slice(0, 3000).toWellFormed());
}

const odd = fc.constantFrom('x', '', '0', '-1', 'bytes=0-', '*', 'é', '\t', 'a'.repeat(9000), ';;;', '"', '%00', 'gzip', 'chunked', 'null');

/** Headers that browsers do not send. */
export const headerInputs: fc.Arbitrary<Record<string, string>> = fc.oneof(
  fc.dictionary(fc.constantFrom('accept', 'accept-encoding', 'accept-language', 'authorization', 'cookie', 'if-none-match', 'if-range', 'range', 'origin', 'referer', 'host', 'x-forwarded-for', 'x-forwarded-host', 'x-forwarded-proto', 'forwarded', 'x-http-method-override', 'upgrade-insecure-requests', 'te', 'via', 'sec-fetch-site', 'x-lectern-client', 'user-agent', 'max-forwards', 'expect'), odd, { maxKeys: 5 }),
  fc.integer({ min: 1, max: 40 }).map((kilobytes) => ({ cookie: `lectern_refresh=${'x'.repeat(kilobytes * 1024)}` })),
  fc.integer({ min: 1, max: 600 }).map((count) => ({ cookie: Array.from({ length: count }, (_, index) => `c${index}=${index}`).join('; ') })),
  fc.integer({ min: 1, max: 600 }).map((count) => Object.fromEntries(Array.from({ length: count }, (_, index) => [`x-${index}`, 'y']))),
  fc.integer({ min: 1, max: 800 }).map((count) => ({ range: `bytes=${Array.from({ length: count }, (_, index) => `${index}-${index + 1}`).join(',')}` })),
  fc.integer({ min: 1, max: 800 }).map((count) => ({ 'accept-encoding': Array.from({ length: count }, () => 'gzip;q=0.5').join(',') })),
  fc.integer({ min: 1, max: 12_000 }).map((count) => ({ 'accept-encoding': `gzip${' '.repeat(count)}x`, accept: `text/html${';q=1'.repeat(count / 8)}` })),
  fc.constantFrom('lectern_refresh=%', 'lectern_refresh=%00; lectern_device=%ff', '__proto__=1; lectern_refresh=a.b.c', '=; ==; ;;;').map((cookie) => ({ cookie })),
);

const steps = fc.constantFrom('..', '%2e%2e', '%2e%2e%2f', '..%5c', '....//', '%252e%252e', '%c0%ae%c0%ae', '.', '', '%00', 'assets', 'media', 'api', 'index.html', 'etc', 'passwd', '.env', 'secrets', 'lectern.db', '%E0%A4%A', '😀', '~', 'main.m3u8', 'main-video', 'init-0.mp4', '000000.m4s', 'a'.repeat(3000));

/** Path traversals out of the folders of pages and recordings. */
export function pathInputs(tokens: readonly string[]): fc.Arbitrary<string> {
  const way = fc.array(steps, { maxLength: 8 }).map((parts) => parts.join('/'));
  const start = fc.constantFrom('/', '//', '/assets/', '/media/', '/%2fmedia/', '/socket.io/', '/live/', '/api/v1/', '/\\', '/?', ...tokens.map((token) => `/media/${token}/`));
  return fc.tuple(start, way).map(([head, rest]) => encodeURI(head + rest).replace(/%25/g, '%'));
}

export { inputsOf };
