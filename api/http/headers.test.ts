import { describe, expect, it } from 'vitest';
import { ManualClock } from '#engine/testing';
import { requestBudgets } from '../programLimits.ts';
import { startTestApi } from '../testing/index.ts';
import { RequestBudget } from './RequestBudget.ts';

const profile = '/api/v1/users/profile';

describe('another method of a known path', () => {
  it('is answered with 405 and the methods that the path takes', async () => {
    const { url } = await startTestApi();
    const allowOf = async (method: string, path: string) => {
      const response = await fetch(`${url}${path}`, { method });
      return [response.status, response.headers.get('allow')];
    };
    expect(await allowOf('DELETE', profile)).toEqual([405, 'GET, HEAD, OPTIONS']);
    expect(await allowOf('PATCH', '/api/v1/courses')).toEqual([405, 'POST, GET, HEAD, OPTIONS']);
    expect(await allowOf('PUT', '/api/v1/courses/catalogue')).toEqual([405, 'GET, HEAD, OPTIONS']);
    expect(await allowOf('OPTIONS', '/api/v1/users/login')).toEqual([204, 'POST, OPTIONS']);
    expect(await allowOf('PATCH', '/api/v1/nowhere')).toEqual([404, null]);
  });
});

describe('a request id', () => {
  it('of the client is kept, and is in the log line and the problem document', async () => {
    const site = await startTestApi();
    const response = await fetch(`${site.url}${profile}`, { headers: { 'x-request-id': 'portal.4711-abc' } });
    expect(response.headers.get('x-request-id')).toBe('portal.4711-abc');
    expect(await response.json()).toMatchObject({ instance: 'portal.4711-abc' });
    expect(site.logLines).toContainEqual(expect.objectContaining({ msg: 'request.refused', requestId: 'portal.4711-abc' }));
  });

  it.each(['short', 'with a space in it', 'x'.repeat(65), 'new\u00e9-letters-here'])('that is not well-formed is replaced: %s', async (given) => {
    const { url } = await startTestApi();
    const response = await fetch(`${url}${profile}`, { headers: { 'x-request-id': given } });
    expect(response.headers.get('x-request-id')).toMatch(/^[\da-f-]{36}$/);
  });

  it('is in every line that a request logs', async () => {
    const site = await startTestApi();
    const form = { email: 'sam@example.org', displayName: 'Sam', password: 'sam-has-a-password' };
    await fetch(`${site.url}/api/v1/users/signup`, { method: 'POST', headers: { 'content-type': 'application/json', 'x-request-id': 'signup-of-sam' }, body: JSON.stringify(form) });
    expect(site.logLines).toContainEqual(expect.objectContaining({ msg: 'login.opened', requestId: 'signup-of-sam' }));
  });
});

describe('the rate-limit fields', () => {
  it('say in every answer of the API what is left', async () => {
    const site = await startTestApi();
    const sam = await site.signup('sam');
    const call = async () => sam.fetch(profile, { headers: { authorization: `Bearer ${sam.token ?? ''}` } });
    const first = await call();
    expect(first.headers.get('ratelimit-policy')).toBe(`"account";q=${requestBudgets.account};w=60`);
    const [, left = '', reset = ''] = /^"account";r=(\d+);t=(\d+)$/.exec(first.headers.get('ratelimit') ?? '') ?? [];
    expect(Number(left)).toBe(requestBudgets.account - 1);
    expect((await fetch(`${site.url}/api/v1/nowhere`)).headers.get('ratelimit')).toMatch(/^"address";r=\d+;t=\d+$/);
    expect(Number(reset)).toBeLessThanOrEqual(60);
  });

  it('refuse a caller beyond the limit until the next window, and nobody else', () => {
    const clock = new ManualClock();
    const budget = new RequestBudget(clock);
    const headers = new Map<string, unknown>();
    const spend = (key: string) => budget.spend('account', key, { setHeader: (name, value) => headers.set(name, value) });
    for (let i = 0; i < requestBudgets.account; i += 1) spend('sam');
    const reset = Number(/t=(\d+)/.exec(String(headers.get('RateLimit')))?.[1]);
    expect(() => spend('sam')).toThrow(expect.objectContaining({ code: 'request.tooFrequent', details: { retryAfterSeconds: reset } }));
    expect(headers.get('RateLimit')).toBe(`"account";r=0;t=${reset}`);
    spend('sue');
    clock.advance(reset * 1000);
    spend('sam');
  });

  it('name the limits of a route that invites guessing, and the one that refuses', async () => {
    const { url } = await startTestApi();
    const guess = () => fetch(`${url}/api/v1/users/login`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ email: 'sam@example.org', password: 'guess' }) });
    expect((await guess()).headers.get('ratelimit-policy')).toContain('"login.addressAndEmail";q=10;w=900');
    for (let tries = 1; tries < 10; tries += 1) await guess();
    const refused = await guess();
    expect(refused.status).toBe(429);
    expect(refused.headers.get('ratelimit')).toMatch(/^"login\.addressAndEmail";r=0;t=\d+$/);
  });
});

describe('pages of other origins', () => {
  const origin = 'https://portal.example.org';
  const preflight = (url: string, from: string) => fetch(`${url}${profile}`, { method: 'OPTIONS', headers: { origin: from, 'access-control-request-method': 'GET', 'access-control-request-headers': 'authorization' } });

  it('may call the API if the setting lists them, with tokens and without cookies', async () => {
    const { url } = await startTestApi({ settings: { LECTERN_CORS_ORIGINS: `${origin}, https://other.example.org` } });
    const allowed = await preflight(url, origin);
    expect([allowed.status, allowed.headers.get('access-control-allow-origin'), allowed.headers.get('access-control-allow-credentials')]).toEqual([204, origin, null]);
    expect(allowed.headers.get('access-control-allow-headers')).toContain('Authorization');
    expect(allowed.headers.get('access-control-allow-headers')).not.toContain('X-Lectern-Client');
    const refused = await fetch(`${url}${profile}`, { headers: { origin } });
    expect([refused.status, refused.headers.get('access-control-allow-origin'), refused.headers.get('vary')]).toEqual([401, origin, 'Origin']);
    expect((await preflight(url, 'https://evil.example.org')).headers.get('access-control-allow-origin')).toBeNull();
  });

  it('may not without the setting', async () => {
    const { url } = await startTestApi();
    expect((await preflight(url, origin)).headers.get('access-control-allow-origin')).toBeNull();
  });
});

it('the page to try the API comes from this origin, with all that it needs', async () => {
  const { url } = await startTestApi({ pagesFolder: import.meta.dirname });
  const page = await (await fetch(`${url}/api/docs`)).text();
  const parts = [...page.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, path]) => path);
  expect(parts).toHaveLength(4);
  for (const part of parts) expect((await fetch(`${url}${part}`)).status, part).toBe(200);
  expect(page).not.toMatch(/https?:\/\//);
  expect((await fetch(`${url}/api/docs/package.json`)).status).toBe(404);
});
