import { beforeEach, describe, expect, it } from 'vitest';
import { SecondFactorChallenge } from '../contract/index.ts';
import { stepTokenMs } from '../limits.ts';
import { refusal, SoftwareAuthenticator, startTestApi } from '../testing/index.ts';
import type { Browser, TestApi } from '../testing/index.ts';

let site: TestApi;
let sam: Browser;
let origin: string;
beforeEach(async () => {
  origin = 'https://lectern.example.org';
  site = await startTestApi({ settings: { LECTERN_PUBLIC_URL: origin } });
  sam = await site.signup('sam');
});

const credentials = { email: 'sam@example.org', password: 'sam-password' };

async function addPasskey({ person = sam, name = 'Laptop', key = new SoftwareAuthenticator() } = {}) {
  const { token, options } = await person.api.offerPasskey();
  const added = await person.api.addPasskey({ body: { token, name, registration: key.register({ options, origin }) } });
  return { key, ...added };
}

/** The browser's answer to a new challenge. */
async function answer(key: SoftwareAuthenticator, at = origin) {
  const { token, options } = await site.browser().api.offerPasskeyLogin();
  return { token, assertion: key.assert({ options, origin: at }) };
}

describe('a passkey', () => {
  it('logs in without password and address, in a session like any other', async () => {
    const { key } = await addPasskey();
    const browser = site.browser();
    browser.take(await browser.api.loginWithPasskey({ body: await answer(key) }));
    expect(await browser.api.getProfile()).toMatchObject({ email: credentials.email });
    expect((await browser.api.refresh()).account.email).toBe(credentials.email);
    expect((await sam.api.getSecurity()).passkeys).toMatchObject([{ name: 'Laptop', lastUsedAt: expect.any(String) as string, isSynced: false }]);
  });

  it('is a second factor for a login with the password', async () => {
    const { key, recoveryCodes } = await addPasskey();
    expect(recoveryCodes).toHaveLength(10);
    const problem = await refusal(site.browser().api.login({ body: credentials }));
    const { challenge, methods } = SecondFactorChallenge.parse(problem.details);
    expect([problem.code, methods]).toEqual(['secondFactor.required', ['passkey', 'recoveryCode']]);
    expect((await site.browser().api.completeLogin({ body: { challenge, proof: { passkey: await answer(key) } } })).account.email).toBe(credentials.email);
  });

  it('of somebody else is no second factor', async () => {
    await addPasskey();
    const { key } = await addPasskey({ person: await site.signup('sue') });
    const { challenge } = SecondFactorChallenge.parse((await refusal(site.browser().api.login({ body: credentials }))).details);
    expect(await refusal(site.browser().api.completeLogin({ body: { challenge, proof: { passkey: await answer(key) } } }))).toMatchObject({ code: 'passkey.wrong', status: 401 });
  });

  it('confirms the login of its owner, and of nobody else', async () => {
    const { key } = await addPasskey();
    const sue = await site.signup('sue');
    expect(await refusal(sue.api.confirmLogin({ body: { passkey: await answer(key) } }))).toMatchObject({ code: 'passkey.wrong' });
    site.clock.advance(stepTokenMs);
    sam.take(await sam.api.refresh());
    expect(await refusal(sam.api.offerPasskey())).toMatchObject({ code: 'login.unconfirmed' });
    await sam.api.confirmLogin({ body: { passkey: await answer(key) } });
    await sam.api.offerPasskey();
  });

  it('can be one of several, with names', async () => {
    const { passkey } = await addPasskey();
    const second = await addPasskey({ name: 'Phone' });
    expect(second.recoveryCodes).toBeNull();
    await sam.api.renamePasskey({ params: { passkeyId: passkey.id }, body: { name: 'Old laptop' } });
    expect((await sam.api.getSecurity()).passkeys.map(({ name }) => name)).toEqual(['Old laptop', 'Phone']);
  });

  it('is of no use after it was removed', async () => {
    const { key, passkey } = await addPasskey();
    const sue = await site.signup('sue');
    expect(await refusal(sue.api.removePasskey({ params: { passkeyId: passkey.id } }))).toMatchObject({ code: 'passkey.notFound' });
    await sam.api.removePasskey({ params: { passkeyId: passkey.id } });
    expect(await refusal(site.browser().api.loginWithPasskey({ body: await answer(key) }))).toMatchObject({ code: 'passkey.wrong' });
    expect((await site.browser().api.login({ body: credentials })).account.email).toBe(credentials.email);
  });

  it('is added once', async () => {
    const { key } = await addPasskey();
    expect(await refusal(addPasskey({ key }))).toMatchObject({ code: 'passkey.exists', status: 409 });
    expect(await refusal(addPasskey({ key, person: await site.signup('sue') }))).toMatchObject({ code: 'passkey.exists' });
  });

  it('does not open a deactivated account', async () => {
    const { key } = await addPasskey();
    const ada = await site.firstAccount();
    await ada.api.setUserActive({ params: { userId: sam.userId }, body: { isActive: false } });
    expect(await refusal(site.browser().api.loginWithPasskey({ body: await answer(key) }))).toMatchObject({ code: 'account.deactivated' });
  });
});

describe('an answer of a passkey is refused', () => {
  const log = async (body: Awaited<ReturnType<typeof answer>>) => site.browser().api.loginWithPasskey({ body });

  it('a second time', async () => {
    const { key } = await addPasskey();
    const given = await answer(key);
    await log(given);
    expect(await refusal(log(given))).toMatchObject({ code: 'challenge.invalid' });
  });

  it('to another challenge', async () => {
    const { key } = await addPasskey();
    const { assertion } = await answer(key);
    const { token } = await answer(key);
    expect(await refusal(log({ token, assertion }))).toMatchObject({ code: 'passkey.wrong' });
  });

  it('when it comes too late', async () => {
    const { key } = await addPasskey();
    const given = await answer(key);
    site.clock.advance(stepTokenMs);
    expect(await refusal(log(given))).toMatchObject({ code: 'challenge.invalid' });
  });

  it('from the page of another site', async () => {
    const { key } = await addPasskey();
    for (const at of ['https://lectern.example.com', 'https://lectern.example.org:8443', 'http://lectern.example.org']) expect(await refusal(log(await answer(key, at)))).toMatchObject({ code: 'passkey.wrong' });
  });

  it('without a check of the person', async () => {
    const { key } = await addPasskey();
    key.isUserVerified = false;
    expect(await refusal(log(await answer(key)))).toMatchObject({ code: 'passkey.wrong' });
  });

  it('with the signature of another key', async () => {
    const { key } = await addPasskey();
    const forger = new SoftwareAuthenticator();
    const { token, assertion } = await answer(forger);
    expect(await refusal(log({ token, assertion: { ...assertion, id: key.credentialId, rawId: key.credentialId } }))).toMatchObject({ code: 'passkey.wrong' });
  });

  it('of a copy of the authenticator, whose counter is behind', async () => {
    const { key } = await addPasskey();
    await log(await answer(key));
    await log(await answer(key));
    key.counter = 0;
    expect(await refusal(log(await answer(key)))).toMatchObject({ code: 'passkey.wrong' });
  });
});
