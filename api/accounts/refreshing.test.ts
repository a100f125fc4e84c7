import { beforeEach, describe, expect, it } from 'vitest';
import { refusal, startTestApi } from '../testing/index.ts';
import type { TestApi } from '../testing/index.ts';

const cookieName = 'lectern_refresh';
/** It outlives the login, so that the owner is distinguished from others who guess the password. */
const deviceCookieName = 'lectern_device';
let site: TestApi;
beforeEach(async () => {
  site = await startTestApi();
});

describe('refreshing', () => {
  const refreshedFromPage = (cookie: string | undefined) =>
    fetch(`${site.url}/api/v1/users/refresh`, { method: 'POST', headers: { cookie: `${cookieName}=${cookie}`, 'x-lectern-client': 'web', 'sec-fetch-site': 'same-origin' } });
  const cookieOf = (response: Response) => new RegExp(`${cookieName}=([^;]*)`).exec(response.headers.getSetCookie().join('\n'))?.[1];

  it('returns a new access token and replaces the cookie, which scripts and other sites cannot read', async () => {
    const sam = await site.signup('sam');
    const first = sam.cookies.get(cookieName);
    expect(first?.attributes).toMatch(/HttpOnly/);
    expect(first?.attributes).toMatch(/SameSite=Strict/);
    expect(first?.path).toBe('/api/v1/users');
    site.clock.advance(11 * 60_000);
    sam.take(await sam.api.refresh());
    expect(sam.cookies.get(cookieName)?.value).not.toBe(first?.value);
    expect(await sam.api.getProfile()).toMatchObject({ displayName: 'sam' });
  });

  it('ends the login when a used cookie is sent again', async () => {
    const sam = await site.signup('sam');
    const stolen = sam.cookies.get(cookieName);
    sam.take(await sam.api.refresh());
    const thief = site.browser();
    if (stolen) thief.cookies.set(cookieName, stolen);
    expect(await refusal(thief.api.refresh())).toMatchObject({ code: 'auth.reused', status: 401 });
    expect(await refusal(sam.api.refresh())).toMatchObject({ code: 'auth.invalid' });
    expect(await refusal(sam.api.getProfile())).toMatchObject({ code: 'auth.invalid' });
  });

  it('accepts a page that is reloaded while it refreshes, for ten seconds', async () => {
    const sam = await site.signup('sam');
    const cookie = `${cookieName}=${sam.cookies.get(cookieName)?.value}`;
    const fromPage = () =>
      fetch(`${site.url}/api/v1/users/refresh`, { method: 'POST', headers: { cookie, 'x-lectern-client': 'web', 'sec-fetch-site': 'same-origin' } });
    const [one, two] = await Promise.all([fromPage(), fromPage()]);
    expect([one.status, two.status]).toEqual([200, 200]);
    expect(one.headers.getSetCookie()[0]).toBe(two.headers.getSetCookie()[0]);
    const { accessToken } = (await two.json()) as { accessToken: string };
    await fetch(`${site.url}/api/v1/users/profile`, { headers: { authorization: `Bearer ${accessToken}` } });
    site.clock.advance(11_000);
    expect((await fromPage()).status).toBe(401);
  });

  it('accepts a used cookie whose response was lost, as long as its successor is unused', async () => {
    const sam = await site.signup('sam');
    const before = sam.cookies.get(cookieName);
    await sam.api.refresh();
    site.clock.advance(24 * 3600_000);
    expect((await refreshedFromPage(before?.value)).status).toBe(200);
  });

  it('ends the login when a thief uses the successor of a stolen cookie after the owner has refreshed', async () => {
    const sam = await site.signup('sam');
    const stolen = sam.cookies.get(cookieName)?.value;
    const thiefs = cookieOf(await refreshedFromPage(stolen));
    site.clock.advance(60_000);
    const owner = await refreshedFromPage(stolen);
    expect(owner.status).toBe(200);
    const { accessToken } = (await owner.clone().json()) as { accessToken: string };
    await fetch(`${site.url}/api/v1/users/profile`, { headers: { authorization: `Bearer ${accessToken}` } });
    site.clock.advance(60_000);
    expect(await (await refreshedFromPage(thiefs)).json()).toMatchObject({ code: 'auth.reused' });
    expect(await (await refreshedFromPage(cookieOf(owner))).json()).toMatchObject({ code: 'auth.invalid' });
  });

  it('refuses forged cookies, requests from other sites, and expired logins', async () => {
    const sam = await site.signup('sam');
    const value = sam.cookies.get(cookieName)?.value ?? '';
    const send = (cookie: string, headers: Record<string, string> = { 'x-lectern-client': 'web' }) =>
      fetch(`${site.url}/api/v1/users/refresh`, { method: 'POST', headers: { cookie: `${cookieName}=${cookie}`, ...headers } });
    expect((await send(value, {})).status).toBe(403);
    expect((await send(value, { 'x-lectern-client': 'web', 'sec-fetch-site': 'cross-site' })).status).toBe(403);
    for (const forged of [value.replace('.1.', '.2.'), value.replace(/.$/, (last) => (last === 'A' ? 'Q' : 'A')), 'nonsense']) {
      expect(await (await send(forged)).json()).toMatchObject({ status: 401, code: 'auth.invalid' });
    }
    expect(await sam.api.getProfile()).toMatchObject({ displayName: 'sam' });
    site.clock.advance(31 * 24 * 3600_000);
    expect(await (await send(value)).json()).toMatchObject({ status: 401, code: expect.stringMatching(/^auth\.(expired|invalid)$/) });
  });

  it('keeps the login when it fails because of the server', async () => {
    let isDiskFull = false;
    const site = await startTestApi({ isWriteRefused: ({ collection }) => isDiskFull && collection === 'logins' });
    const sam = await site.signup('sam');
    isDiskFull = true;
    expect(await refusal(sam.api.refresh())).toMatchObject({ code: 'disk.full' });
    isDiskFull = false;
    expect((await sam.api.refresh()).account.displayName).toBe('sam');
  });

  it('is refused after logging out, and so is the access token', async () => {
    const sam = await site.signup('sam');
    await sam.api.logout();
    expect([...sam.cookies.keys()]).toEqual([deviceCookieName]);
    expect(await refusal(sam.api.refresh())).toMatchObject({ code: 'auth.required' });
    expect(await refusal(sam.api.getProfile())).toMatchObject({ code: 'auth.invalid' });
  });
});
