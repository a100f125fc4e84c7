import { describe, expect, it } from 'vitest';
import { openApiDocument } from '../openapi/openApiDocument.ts';
import { ApiError, ApiUnreachableError, createApiClient, groupOf, nothing, routes } from './index.ts';
import type { RouteSpec } from './index.ts';

const specs: [string, RouteSpec][] = Object.entries(routes);

describe('the route table', () => {
  it.each(specs)('declares for %s the parameters of its path', (_name, spec) => {
    const inPath = [...spec.path.matchAll(/:(\w+)/g)].map(([, name]) => name);
    expect(Object.keys(spec.params?.shape ?? {}).sort()).toEqual(inPath.sort());
    expect(spec.status === 204).toBe(spec.response === nothing);
  });

  it.each(specs)('declares for %s what it is about', (_name, spec) => {
    expect(groupOf(spec), `Add the first segment of ${spec.path} to groupOfSegment in api/contract/resourceGroups.ts.`).toBeDefined();
  });

  it('declares every method and path once', () => {
    const all = specs.flatMap(([, { method, path, aliases = [] }]) => [path, ...aliases].map((each) => `${method} ${each.replace(/:\w+/g, ':')}`));
    expect(new Set(all).size).toBe(all.length);
  });

  it('contains the routes that external clients rely on', () => {
    const all = new Set(specs.flatMap(([, { method, path, aliases = [] }]) => [path, ...aliases].map((each) => `${method} ${each}`)));
    const required = [
      'POST /live/start', 'POST /live/join', 'POST /live/:lectureId/end', 'GET /content/:videoId', 'GET /content/:videoId/stream',
      'POST /users/signup', 'POST /users/login', 'POST /users/logout', 'POST /users/refresh', 'GET /users/profile',
      'PUT /users/profile/update', 'DELETE /users/deactivate', 'POST /auth/register', 'POST /auth/login',
    ];
    for (const route of required) expect(all).toContain(route.replace('/', '/api/v1/'));
  });
});

describe('the OpenAPI document', () => {
  it('lists every route with its security, parameters and responses', () => {
    const { paths } = openApiDocument() as { paths: Record<string, Record<string, { security: unknown[]; responses: object; parameters: { name: string; in: string }[] }>> };
    const all = specs.flatMap(([, spec]) => [spec.path, ...(spec.aliases ?? [])].map((path) => ({ spec, path })));
    for (const { spec, path } of all) {
      const operation = paths[path.replace(/:(\w+)/g, '{$1}')]?.[spec.method.toLowerCase()];
      const fields = [spec.params, spec.query].flatMap((schema) => Object.keys(schema?.shape ?? {}));
      expect(operation?.security).toHaveLength(spec.auth === 'none' ? 0 : 1);
      expect(Object.keys(operation?.responses ?? {})).toEqual(expect.arrayContaining([String(spec.status ?? 200), '429', 'default']));
      expect(operation?.parameters.filter((each) => each.in !== 'header').map(({ name }) => name)).toEqual(fields);
    }
  });
});

describe('the client', () => {
  const problem = { type: 'urn:x', title: 'No', status: 401, detail: 'No.', code: 'auth.expired', instance: 'r1', errors: [{ path: 'a', message: 'b' }] };
  const refusing = (body: unknown, status = 401) => async () => new Response(JSON.stringify(body), { status });
  const clientOf = (fetch: typeof globalThis.fetch, onUnauthorized = async () => false) =>
    createApiClient({ baseUrl: '', fetch, getAccessToken: () => 'token', onUnauthorized });

  it('gets a new token once, and repeats the call with it', async () => {
    let calls = 0;
    const fetch = async () => ((calls += 1) === 1 ? refusing(problem)() : new Response('{"courses":[],"nextCursor":null}'));
    expect(await clientOf(fetch, async () => true).listCourses()).toEqual({ courses: [], nextCursor: null });
    expect(calls).toBe(2);
  });

  it('fails with the problem document of the server', async () => {
    const error: unknown = await clientOf(refusing(problem)).listCourses().catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ApiError);
    expect([(error as ApiError).code, (error as ApiError).field('a')]).toEqual(['auth.expired', 'b']);
  });

  it('distinguishes a server that is unreachable from one that refuses', async () => {
    const unreachable = async () => Promise.reject(new TypeError('failed to fetch'));
    await expect(clientOf(unreachable).listCourses()).rejects.toBeInstanceOf(ApiUnreachableError);
    const gateway = async () => new Response('<h1>Bad gateway</h1>', { status: 502 });
    await expect(clientOf(gateway).listCourses()).rejects.toBeInstanceOf(ApiUnreachableError);
  });

  it('does not get a new token after a wrong password', async () => {
    const wrong = refusing({ ...problem, code: 'credentials.wrong' });
    const onUnauthorized = async () => Promise.reject(new Error('unexpected'));
    await expect(clientOf(wrong, onUnauthorized).updateProfile({ body: {} })).rejects.toBeInstanceOf(ApiError);
  });
});
