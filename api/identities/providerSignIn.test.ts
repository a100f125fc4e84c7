import { generateKeyPairSync } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Secret, TOTP } from 'otpauth';
import { CourseId, UserId } from '#engine/contract';
import { CourseStore } from '../courses/CourseStore.ts';
import { EnrolmentStore } from '../courses/EnrolmentStore.ts';
import { refusal, FakeProvider, startTestApi } from '../testing/index.ts';
import type { Browser, FakePerson, TestApi, TestApiOptions } from '../testing/index.ts';

let provider: FakeProvider;
beforeAll(async () => {
  provider = await FakeProvider.start();
});
afterAll(() => provider.close());

const clientSecret = 'the secret of the client';
const providerSettings = (more: object = {}) => ({ id: 'campus', name: 'Campus login', issuer: provider.issuer, clientId: 'lectern', clientSecret, ...more });
const siteWith = (providers: object[], options: TestApiOptions = {}) => startTestApi({ ...options, settings: { LECTERN_OIDC_PROVIDERS: JSON.stringify(providers) } });

let site: TestApi;
beforeEach(async () => {
  site = await siteWith([providerSettings()]);
  provider.forge = (claims) => claims;
  provider.isHanging = false;
  provider.hasEmailInUserInfoOnly = false;
});

const params = { providerId: 'campus' };
const eve: FakePerson = { sub: 'u-eve', email: 'Eve@example.org', email_verified: true, name: 'Eve Example' };

/** Signs in at the provider; a test may change what comes back. */
async function comeBack(person: FakePerson, browser: Browser, change: (parameters: Record<string, string>) => Record<string, string> = (same) => same) {
  const { url, token } = await browser.api.startProviderLogin({ params });
  return browser.api.finishProviderLogin({ params, body: { token, parameters: change(provider.signIn(url, person)) } });
}

async function enter(person: FakePerson): Promise<Browser> {
  const browser = site.browser();
  return browser.take(await comeBack(person, browser));
}

async function link(browser: Browser, person: FakePerson) {
  const { url, token } = await browser.api.startLink({ params });
  return browser.api.finishLink({ params, body: { token, parameters: provider.signIn(url, person) } });
}

describe('a person who signs in at a provider', () => {
  it('gets an account for a new verified address, and a session like any other', async () => {
    const browser = await enter(eve);
    expect(await browser.api.getProfile()).toMatchObject({ email: 'eve@example.org', displayName: 'Eve Example', roles: ['student'] });
    expect((await browser.api.refresh()).account.email).toBe('eve@example.org');
    expect(await browser.api.getSecurity()).toMatchObject({ hasPassword: false, identities: [{ providerId: 'campus', providerName: 'Campus login', email: 'eve@example.org' }] });
  });

  it('gets the same account again, also with another address', async () => {
    const { userId } = await enter(eve);
    expect((await enter({ ...eve, email: 'eve@example.com', email_verified: false })).userId).toBe(userId);
  });

  it('may have the address in the UserInfo response only', async () => {
    provider.hasEmailInUserInfoOnly = true;
    expect((await enter(eve)).account?.email).toBe('eve@example.org');
  });

  it('gets no account without a verified address', async () => {
    for (const person of [{ sub: 'u-1', email: 'eve@example.org' }, { ...eve, email_verified: false }, { ...eve, email_verified: 'true' }, { sub: 'u-2', email_verified: true }, { ...eve, email: 'no address' }]) {
      expect(await refusal(comeBack(person, site.browser()))).toMatchObject({ code: 'identity.unverified', status: 403 });
    }
  });

  it('gets no account from a provider that creates none', async () => {
    site = await siteWith([providerSettings({ createsAccounts: false })]);
    expect(await refusal(comeBack(eve, site.browser()))).toMatchObject({ code: 'access.denied' });
  });

  it('gets no account while sign-up is closed or open to other domains, unless the provider creates accounts always', async () => {
    const change = async (settings: { signup: 'closed' | 'domains'; signupDomains?: string[] }) => (await site.firstAccount()).api.updateSettings({ body: { version: 0, settings } });
    for (const settings of [{ signup: 'closed' as const }, { signup: 'domains' as const, signupDomains: ['campus.example'] }]) {
      site = await siteWith([providerSettings()]);
      await change(settings);
      expect(await refusal(comeBack(eve, site.browser()))).toMatchObject({ code: 'access.denied' });
      site = await siteWith([providerSettings({ createsAccounts: 'always' })]);
      await change(settings);
      expect((await enter(eve)).account?.email).toBe('eve@example.org');
    }
    site = await siteWith([providerSettings()]);
    const { userId } = await enter(eve);
    await change({ signup: 'closed' });
    expect((await enter(eve)).userId).toBe(userId);
  });

  it('is asked for the second factor of the account here', async () => {
    const browser = await enter(eve);
    const { token, secret } = await browser.api.offerTotp();
    const totp = new TOTP({ secret: Secret.fromBase32(secret) });
    await browser.api.addTotp({ body: { token, code: totp.generate({ timestamp: site.clock.nowMs() }) } });
    expect(await refusal(comeBack(eve, site.browser()))).toMatchObject({ code: 'secondFactor.required', details: { methods: ['totp', 'recoveryCode'] } });
  });

  it('does not enter a deactivated account', async () => {
    const { userId } = await enter(eve);
    const ada = await site.firstAccount();
    await ada.api.setUserActive({ params: { userId }, body: { isActive: false } });
    expect(await refusal(comeBack(eve, site.browser()))).toMatchObject({ code: 'account.deactivated' });
  });

  it('gets one account in two tabs at once', async () => {
    const [one, two] = await Promise.all([enter(eve), enter(eve)]);
    expect(one.userId).toBe(two.userId);
  });
});

describe('an account with the same verified address', () => {
  it('is linked when its owner has proved the address before', async () => {
    const first = await enter(eve);
    await first.api.setPassword({ body: { password: 'a password of her own' } });
    const other = await comeBack({ ...eve, sub: 'u-eve-2' }, site.browser());
    expect(other).toMatchObject({ isPasswordRemoved: false, account: { id: first.userId } });
    expect((await first.api.getSecurity()).identities).toHaveLength(2);
  });

  it('loses what its creator has set up, when the address was never proved', async () => {
    const creator = await site.signup('eve');
    await link(creator, { sub: 'u-creator', email: 'x@example.org', email_verified: true });
    const entered = await comeBack(eve, site.browser());
    expect(entered).toMatchObject({ isPasswordRemoved: true, account: { id: creator.userId } });
    expect(await refusal(creator.api.getProfile())).toMatchObject({ code: 'auth.invalid' });
    expect(await refusal(site.browser().api.login({ body: { email: 'eve@example.org', password: 'eve-password' } }))).toMatchObject({ code: 'credentials.wrong' });
    expect(await refusal(comeBack({ sub: 'u-creator', email: 'x@example.org' }, site.browser()))).toMatchObject({ code: 'identity.unverified' });
  });
});

describe('linking while logged in', () => {
  it('needs no address, and is a way to sign in from then on', async () => {
    const sam = await site.signup('sam');
    expect(await link(sam, { sub: 'u-sam' })).toMatchObject({ providerId: 'campus', email: null });
    expect((await enter({ sub: 'u-sam' })).userId).toBe(sam.userId);
  });

  it('refuses somebody who is linked to another account', async () => {
    await enter(eve);
    expect(await refusal(link(await site.signup('sam'), eve))).toMatchObject({ code: 'identity.exists', status: 409 });
  });

  it('is not completed by another account, nor as a login', async () => {
    const [sam, sue] = [await site.signup('sam'), await site.signup('sue')];
    const { url, token } = await sam.api.startLink({ params });
    const body = { token, parameters: provider.signIn(url, eve) };
    expect(await refusal(site.browser().api.finishProviderLogin({ params, body }))).toMatchObject({ code: 'challenge.invalid' });
    expect(await refusal(sue.api.finishLink({ params, body }))).toMatchObject({ code: 'challenge.invalid' });
  });

  it('can be undone, but not for the last way to sign in', async () => {
    const browser = await enter(eve);
    const [identity] = (await browser.api.getSecurity()).identities;
    const unlink = () => browser.api.unlinkIdentity({ params: { identityId: identity?.id ?? '' } });
    expect(await refusal(unlink())).toMatchObject({ code: 'identity.last', status: 409 });
    expect((await browser.api.getSecurity()).identities).toHaveLength(1);
    await browser.api.setPassword({ body: { password: 'a password of her own' } });
    expect(await refusal((await site.signup('sue')).api.unlinkIdentity({ params: { identityId: identity?.id ?? '' } }))).toMatchObject({ code: 'identity.notFound' });
    await unlink();
    expect((await site.browser().api.login({ body: { email: 'eve@example.org', password: 'a password of her own' } })).account.id).toBe(browser.userId);
  });

  it('gives a first password only to an account without one', async () => {
    const sam = await site.signup('sam');
    expect(await refusal(sam.api.setPassword({ body: { password: 'another password' } }))).toMatchObject({ code: 'access.denied' });
  });
});

describe('the claims of a provider', () => {
  it('grant roles, and take back only those they have granted', async () => {
    site = await siteWith([providerSettings({ roles: { claim: 'groups', values: { staff: 'instructor' } } })]);
    const roles = async (groups: unknown) => (await enter({ ...eve, groups })).account?.roles;
    expect(await roles(undefined)).toEqual(['student']);
    expect(await roles(['staff', 'others'])).toEqual(['student', 'instructor']);
    expect(await roles('staff')).toEqual(['student', 'instructor']);
    expect(await roles(['others'])).toEqual(['student']);
    const ada = await site.firstAccount();
    const { userId } = await enter(eve);
    await ada.api.setUserRoles({ params: { userId }, body: { roles: ['instructor'] } });
    expect(await roles([])).toEqual(['instructor']);
    const [{ entries }, granted, both] = [await ada.api.listAudit({ query: { actorId: userId } }), ['student'], ['student', 'instructor']];
    expect(entries.map(({ action, changes }) => [action, changes])).toEqual(expect.arrayContaining([[granted, both], [both, granted]].map(([rolesBefore, roles]) => ['user.rolesChanged', { rolesBefore, roles, provider: 'campus' }])));
  });

  it('grant no role any longer when the account is unlinked', async () => {
    site = await siteWith([providerSettings({ roles: { claim: 'groups', values: { staff: 'instructor' } } })]);
    const browser = await enter({ ...eve, groups: 'staff' });
    await browser.api.setPassword({ body: { password: 'a password of her own' } });
    const [identity] = (await browser.api.getSecurity()).identities;
    await browser.api.unlinkIdentity({ params: { identityId: identity?.id ?? '' } });
    expect((await browser.api.getProfile()).roles).toEqual(['student']);
  });

  it('enrol in courses, and not again after a removal', async () => {
    const courseId = CourseId.parse('crs_00000000000000000001');
    site = await siteWith([providerSettings({ courses: { claim: 'classes', values: { 'PHY-1': { courseId }, 'PHY-T': { courseId: 'crs_00000000000000000000' } } } })]);
    const ada = await site.firstAccount();
    const { id } = await ada.api.createCourse({ body: { title: 'Optics', enrolmentPolicy: 'closed' } });
    const [courses, enrolments] = [new CourseStore(site.database), new EnrolmentStore(site.database)];
    const copy = { ...(await courses.get(CourseId.parse(id))), _id: courseId };
    await courses.add(copy);
    await enrolments.add({ courseId, userId: UserId.parse(ada.userId), role: 'owner', enrolledAt: copy.createdAt });
    // A course that is not there keeps nobody out.
    const entered = await enter({ ...eve, classes: ['PHY-1', 'PHY-T'] });
    expect((await entered.api.listCourses()).courses.map(({ id: of, role }) => [of, role])).toEqual([[courseId, 'student']]);
    expect((await ada.api.listAudit({ query: { courseId } })).entries).toMatchObject([{ action: 'enrolment.roleChanged', target: { id: entered.userId }, changes: { role: 'student', provider: 'campus' } }]);
    await ada.api.removeEnrolment({ params: { courseId, userId: entered.userId } });
    expect((await (await enter({ ...eve, classes: ['PHY-1'] })).api.listCourses()).courses).toEqual([]);
  });
});

describe('an answer is refused', () => {
  it('with another state, another issuer, or no code', async () => {
    const changes: Record<string, string>[] = [{ state: 'another' }, { iss: 'https://other.example.org' }, { code: '' }];
    for (const change of changes) expect(await refusal(comeBack(eve, site.browser(), (given) => ({ ...given, ...change })))).toMatchObject({ code: 'identity.rejected', status: 403 });
  });

  it('a second time', async () => {
    const browser = site.browser();
    const { url, token } = await browser.api.startProviderLogin({ params });
    const body = { token, parameters: provider.signIn(url, eve) };
    await browser.api.finishProviderLogin({ params, body });
    expect(await refusal(browser.api.finishProviderLogin({ params, body }))).toMatchObject({ code: 'challenge.invalid', status: 403 });
  });

  it('in a browser that has not begun to sign in', async () => {
    const { url } = await site.browser().api.startProviderLogin({ params });
    const { token } = await site.browser().api.startProviderLogin({ params });
    expect(await refusal(site.browser().api.finishProviderLogin({ params, body: { token, parameters: provider.signIn(url, eve) } }))).toMatchObject({ code: 'identity.rejected' });
  });

  it('when it was given to another provider', async () => {
    site = await siteWith([providerSettings(), providerSettings({ id: 'library', name: 'Library' })]);
    const { url, token } = await site.browser().api.startProviderLogin({ params });
    const parameters = provider.signIn(url, eve);
    expect(await refusal(site.browser().api.finishProviderLogin({ params: { providerId: 'library' }, body: { token, parameters } }))).toMatchObject({ code: 'identity.rejected' });
  });

  it.each([
    ['another nonce', { nonce: 'another' }],
    ['another audience', { aud: 'another-client' }],
    ['another issuer', { iss: 'https://other.example.org' }],
    ['an expiry in the past', { exp: 1_000_000 }],
  ])('with %s in its ID token', async (_what, change) => {
    provider.forge = (claims) => ({ ...claims, ...change });
    expect(await refusal(comeBack(eve, site.browser()))).toMatchObject({ code: 'identity.rejected' });
  });

  it('with the signature of another key', async () => {
    const { signingKey } = provider;
    provider.signingKey = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
    try {
      expect(await refusal(comeBack(eve, site.browser()))).toMatchObject({ code: 'identity.rejected' });
    } finally {
      provider.signingKey = signingKey;
    }
  });

  it('when the code was used before, whoever used it', async () => {
    const browser = site.browser();
    const stolen = await browser.api.startProviderLogin({ params });
    const parameters = provider.signIn(stolen.url, eve);
    await browser.api.finishProviderLogin({ params, body: { token: stolen.token, parameters } });
    const { url, token } = await site.browser().api.startProviderLogin({ params });
    const own = provider.signIn(url, { sub: 'u-mallory' });
    expect(await refusal(site.browser().api.finishProviderLogin({ params, body: { token, parameters: { ...own, code: parameters.code ?? '' } } }))).toMatchObject({ code: 'identity.rejected' });
  });

  it('with the reason of the provider, when the person has cancelled', async () => {
    const refused = await refusal(comeBack(eve, site.browser(), ({ state = '', iss = '' }) => ({ state, iss, error: 'access_denied' })));
    expect(refused).toMatchObject({ code: 'provider.refused', status: 403, detail: 'Campus login did not sign you in. You were not signed in. Try again, or sign in another way.' });
  });
});

describe('a provider that is unavailable', () => {
  it('is reported within seconds, and asked again later', async () => {
    const dead = await FakeProvider.start();
    const { issuer } = dead;
    await dead.close();
    site = await siteWith([providerSettings(), providerSettings({ id: 'dead', name: 'Dead login', issuer })]);
    const start = () => refusal(site.browser().api.startProviderLogin({ params: { providerId: 'dead' } }));
    expect(await start()).toMatchObject({ code: 'provider.unavailable', status: 503, detail: 'Dead login can’t be reached. Try again in a moment, or sign in another way.' });
    expect((await enter(eve)).account?.email).toBe('eve@example.org');
  });

  it('is unknown to the routes when no setting names it', async () => {
    expect(await refusal(site.browser().api.startProviderLogin({ params: { providerId: 'other' } }))).toMatchObject({ code: 'provider.notFound', status: 404 });
    expect(await site.browser().api.listProviders()).toEqual({ providers: [{ id: 'campus', name: 'Campus login' }] });
  });
});

it('neither secrets nor codes nor addresses of people are in the log', async () => {
  await enter(eve);
  await refusal(comeBack(eve, site.browser(), (given) => ({ ...given, state: 'another' })));
  const log = JSON.stringify(site.logLines);
  expect(log).toContain('identity.rejected');
  for (const secret of [clientSecret, 'eve@example.org', 'code_verifier', 'access_token']) expect(log).not.toContain(secret);
});
