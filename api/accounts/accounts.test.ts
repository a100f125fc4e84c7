import { generateKeyPairSync } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import { UserId } from '#engine/contract';
import { newId, TokenSigner } from '#engine/kernel';
import { ManualClock } from '#engine/testing';
import { refusal, startTestApi } from '../testing/index.ts';
import type { TestApi } from '../testing/index.ts';

let site: TestApi;
beforeEach(async () => {
  site = await startTestApi();
});

describe('the first account', () => {
  it('is created with the printed token, as administrator and instructor', async () => {
    const visitor = site.browser();
    expect(await visitor.api.getSetup()).toEqual({ isNeeded: true });
    const form = { email: 'ada@example.org', displayName: 'Ada', password: 'ada-password' };
    expect(await refusal(visitor.api.completeSetup({ body: { ...form, token: 'guessed' } }))).toMatchObject({ code: 'setup.tokenWrong', status: 403 });
    const ada = await site.firstAccount();
    expect(ada.account?.roles).toEqual(['admin', 'instructor']);
    expect(await visitor.api.getSetup()).toEqual({ isNeeded: false });
    expect(site.api.setupToken).toBeUndefined();
    expect(await refusal(visitor.api.completeSetup({ body: { ...form, token: 'again' } }))).toMatchObject({ code: 'setup.done' });
  });

  it('is created once when two people open the link at the same time', async () => {
    const token = site.api.setupToken ?? '';
    const tries = ['a', 'b'].map((name) => site.browser().api.completeSetup({ body: { token, email: `${name}@example.org`, displayName: name, password: 'long enough' } }));
    const outcomes = await Promise.allSettled(tries);
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  });
});

describe('signing up and logging in', () => {
  it('creates a student, who is logged in', async () => {
    const sam = await site.signup('sam');
    expect(await sam.api.getProfile()).toMatchObject({ email: 'sam@example.org', displayName: 'sam', roles: ['student'], isDeactivated: false });
  });

  it('works under the aliases of the routes', async () => {
    const post = (path: string, body: object) =>
      fetch(`${site.url}/api/v1${path}`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
    const made = await post('/auth/register', { email: 'Eve@Example.org', displayName: 'Eve', password: 'eve-password' });
    expect(made.status).toBe(201);
    const entered = await post('/auth/login', { email: 'eve@example.org', password: 'eve-password' });
    expect(await entered.json()).toMatchObject({ account: { email: 'eve@example.org' } });
  });

  it('reports every invalid field', async () => {
    const problem = await refusal(site.browser().api.signup({ body: { email: 'nobody', displayName: ' ', password: 'short' } }));
    expect(problem).toMatchObject({ code: 'request.invalid', status: 400 });
    expect(problem.errors?.map(({ path }) => path).sort()).toEqual(['displayName', 'email', 'password']);
    expect(problem.errors?.find(({ path }) => path === 'password')?.message).toBe('At least 8 characters.');
  });

  it('does not count attempts that failed because of the server', async () => {
    let isDiskFull = false;
    const site = await startTestApi({ isWriteRefused: ({ collection }) => isDiskFull && collection === 'logins' });
    await site.signup('sam');
    const logIn = () => site.browser().api.login({ body: { email: 'sam@example.org', password: 'sam-password' } });
    isDiskFull = true;
    for (let attempt = 0; attempt < 11; attempt += 1) expect(await refusal(logIn())).toMatchObject({ code: 'disk.full' });
    isDiskFull = false;
    expect((await logIn()).account.email).toBe('sam@example.org');
  });

  it('refuses a second account with the same e-mail address', async () => {
    await site.signup('sam');
    expect(await refusal(site.signup('sam'))).toMatchObject({ code: 'account.exists', status: 409 });
  });

  it('returns the same response for a wrong password and a missing account', async () => {
    await site.signup('sam');
    const wrong = await refusal(site.browser().api.login({ body: { email: 'sam@example.org', password: 'not that' } }));
    const nobody = await refusal(site.browser().api.login({ body: { email: 'nobody@example.org', password: 'not that' } }));
    expect({ ...wrong, instance: '' }).toEqual({ ...nobody, instance: '' });
    expect(wrong).toMatchObject({ code: 'credentials.wrong', status: 401 });
  });

  it('stores no password and no token in the database', async () => {
    const sam = await site.signup('sam');
    const users = site.collection<{ _id: string; email: string; passwordHash: string }>('users');
    const row = await users.findOne({ email: 'sam@example.org' });
    expect(row?.passwordHash).toMatch(/^\$argon2id\$v=19\$m=\d+,t=\d+,p=\d+\$/);
    expect(JSON.stringify(row)).not.toContain('sam-password');
    expect(JSON.stringify(await sam.api.getProfile())).not.toContain('argon2');
  });

  it('refuses to sign up when a setting says so', async () => {
    const site = await startTestApi({ settings: { LECTERN_SIGNUP: 'closed' } });
    expect(await refusal(site.signup('sam'))).toMatchObject({ code: 'access.denied' });
  });

  it('limits guesses at a password', async () => {
    const sam = await site.signup('sam');
    const guess = () => refusal(site.browser().api.login({ body: { email: 'sam@example.org', password: 'guess' } }));
    for (let i = 0; i < 10; i += 1) expect((await guess()).code).toBe('credentials.wrong');
    const stopped = await guess();
    expect(stopped).toMatchObject({ code: 'request.tooFrequent', status: 429 });
    expect(stopped.retryAfterSeconds).toBeGreaterThan(0);
    expect(await sam.api.getProfile()).toMatchObject({ displayName: 'sam' });
    expect(await site.signup('sue')).toBeDefined();
  });

  it('accepts the owner of an account on a known device, however often others guess', async () => {
    const sam = await site.signup('sam');
    await sam.api.logout();
    const login = { body: { email: 'sam@example.org', password: 'sam-password' } };
    const guess = () => refusal(site.browser().api.login({ body: { email: 'sam@example.org', password: 'guess' } }));
    for (let i = 0; i < 10; i += 1) await guess();
    expect((await refusal(site.browser().api.login(login))).code).toBe('request.tooFrequent');
    expect((await sam.api.login(login)).account.displayName).toBe('sam');
  });

  it('knows a device for one account only', async () => {
    await site.signup('sue');
    const sam = await site.signup('sam');
    const guess = () => refusal(sam.api.login({ body: { email: 'sue@example.org', password: 'guess' } }));
    for (let i = 0; i < 10; i += 1) await guess();
    expect((await guess()).code).toBe('request.tooFrequent');
    expect((await sam.api.login({ body: { email: 'sam@example.org', password: 'sam-password' } })).account.displayName).toBe('sam');
  });
});

describe('logins', () => {
  it('end with the one that was used longest ago when an account has too many', async () => {
    const store = site.logins;
    const userId = UserId.parse(newId('usr'));
    const loginAt = (lastUsedAt: string) => store.add({ userId, createdAt: lastUsedAt, lastUsedAt, expiresAt: '2030-01-01T00:00:00.000Z', userAgent: '', address: '' });
    const [third, first, second] = [await loginAt('2026-03-03T00:00:00.000Z'), await loginAt('2026-01-01T00:00:00.000Z'), await loginAt('2026-02-02T00:00:00.000Z')];
    await store.endOldestOf(userId, 2);
    expect((await store.ofUser(userId)).map(({ _id }) => _id)).toEqual([third._id, second._id]);
    expect(await store.find(first._id)).toBeUndefined();
  });
});

describe('access tokens', () => {
  it('are required, and refused when they are missing, expired or forged', async () => {
    const sam = await site.signup('sam');
    const withToken = (token: string | undefined) => {
      const other = site.browser();
      other.token = token;
      return refusal(other.api.getProfile());
    };
    expect(await withToken(undefined)).toMatchObject({ code: 'auth.required', status: 401 });
    expect(await withToken('no.such.token')).toMatchObject({ code: 'auth.invalid' });
    const forger = new TokenSigner(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey, new ManualClock());
    const claims = site.tokens.verify('access', sam.token ?? '');
    expect(await withToken(forger.sign('access', claims, 600))).toMatchObject({ code: 'auth.invalid' });
    const [head = '', body = '', signature = ''] = (sam.token ?? '').split('.');
    const elevated = Buffer.from(JSON.stringify({ ...(JSON.parse(Buffer.from(body, 'base64url').toString()) as object), roles: ['admin'] })).toString('base64url');
    expect(await withToken(`${head}.${elevated}.${signature}`)).toMatchObject({ code: 'auth.invalid' });
    const none = Buffer.from('{"alg":"none","typ":"JWT"}').toString('base64url');
    expect(await withToken(`${none}.${body}.`)).toMatchObject({ code: 'auth.invalid' });
    site.clock.advance(11 * 60_000);
    expect(await withToken(sam.token)).toMatchObject({ code: 'auth.expired', status: 401 });
  });

  it('are signed with the key that the server publishes', async () => {
    const sam = await site.signup('sam');
    const { keys } = await sam.api.getJwks();
    const { kid } = JSON.parse(Buffer.from(sam.token?.split('.')[0] ?? '', 'base64url').toString()) as { kid: string };
    expect(keys).toEqual([expect.objectContaining({ kid, alg: 'ES256', crv: 'P-256' })]);
    expect(keys[0]).not.toHaveProperty('d');
  });
});

describe('an account', () => {
  it('can change its name, and with the current password its password, which ends its other logins', async () => {
    const sam = await site.signup('sam');
    const phone = site.browser();
    phone.take(await phone.api.login({ body: { email: 'sam@example.org', password: 'sam-password' } }));
    expect(await sam.api.updateProfile({ body: { displayName: 'Samuel' } })).toMatchObject({ displayName: 'Samuel' });
    const without = await refusal(sam.api.updateProfile({ body: { password: 'a new password' } }));
    expect(without.errors?.[0]?.path).toBe('currentPassword');
    const wrong = await refusal(sam.api.updateProfile({ body: { password: 'a new password', currentPassword: 'no' } }));
    expect(wrong).toMatchObject({ code: 'credentials.wrong', errors: [{ path: 'currentPassword' }] });
    await sam.api.updateProfile({ body: { password: 'a new password', currentPassword: 'sam-password' } });
    expect(await sam.api.getProfile()).toMatchObject({ displayName: 'Samuel' });
    expect(await refusal(phone.api.getProfile())).toMatchObject({ code: 'auth.invalid' });
    await phone.api.login({ body: { email: 'sam@example.org', password: 'a new password' } });
  });

  it('can list its logins and end one of them, but not a login of another account', async () => {
    const sam = await site.signup('sam');
    const phone = site.browser();
    phone.take(await phone.api.login({ body: { email: 'sam@example.org', password: 'sam-password' } }));
    const { logins } = await sam.api.listLogins();
    expect(logins.map(({ isCurrent }) => isCurrent).sort()).toEqual([false, true]);
    const other = logins.find(({ isCurrent }) => !isCurrent)?.id ?? '';
    const eve = await site.signup('eve');
    expect(await refusal(eve.api.endLogin({ params: { loginId: other } }))).toMatchObject({ code: 'account.notFound' });
    await sam.api.endLogin({ params: { loginId: other } });
    expect(await refusal(phone.api.getProfile())).toMatchObject({ code: 'auth.invalid' });
  });

  it('can be deactivated by an administrator, which ends all logins and allows no other', async () => {
    const ada = await site.firstAccount();
    const sam = await site.signup('sam');
    await ada.api.setUserActive({ params: { userId: sam.userId }, body: { isActive: false } });
    expect(await refusal(sam.api.getProfile())).toMatchObject({ code: 'auth.invalid' });
    const again = await refusal(sam.api.login({ body: { email: 'sam@example.org', password: 'sam-password' } }));
    expect(again).toMatchObject({ code: 'account.deactivated', status: 403 });
    const wrong = await refusal(sam.api.login({ body: { email: 'sam@example.org', password: 'wrong' } }));
    expect(wrong.code).toBe('credentials.wrong');
  });
});

describe('an administrator', () => {
  it('can search accounts and make one an instructor, with immediate effect', async () => {
    const ada = await site.firstAccount();
    const sam = await site.signup('sam');
    expect(await refusal(sam.api.listUsers())).toMatchObject({ code: 'access.denied', status: 403 });
    expect(await refusal(sam.api.createCourse({ body: { title: 'Mine' } }))).toMatchObject({ code: 'access.denied' });
    const { users, total } = await ada.api.listUsers({ query: { search: 'SAM@' } });
    expect([users.map(({ displayName }) => displayName), total]).toEqual([['sam'], 1]);
    await ada.api.setUserRoles({ params: { userId: sam.userId }, body: { roles: ['student', 'instructor'] } });
    expect(await sam.api.createCourse({ body: { title: 'Mine' } })).toMatchObject({ title: 'Mine', role: 'owner' });
    expect(await refusal(ada.api.setUserRoles({ params: { userId: ada.userId }, body: { roles: ['student'] } }))).toMatchObject({ code: 'account.lastAdmin' });
  });
});
