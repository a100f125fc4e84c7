import { Secret, TOTP } from 'otpauth';
import { beforeEach, describe, expect, it } from 'vitest';
import { SecondFactorChallenge } from '../contract/index.ts';
import { confirmedMs, maxCodeAttemptsPerLogin, stepTokenMs } from '../limits.ts';
import { refusal, startTestApi } from '../testing/index.ts';
import type { Browser, TestApi } from '../testing/index.ts';

const stepMs = 30_000;

let site: TestApi;
let sam: Browser;
beforeEach(async () => {
  site = await startTestApi();
  sam = await site.signup('sam');
});

const credentials = { email: 'sam@example.org', password: 'sam-password' };

/** The authenticator app of Sam's phone. */
function appOf(secret: string) {
  const totp = new TOTP({ secret: Secret.fromBase32(secret) });
  return { code: (offsetMs = 0) => totp.generate({ timestamp: site.clock.nowMs() + offsetMs }) };
}

async function addApp(person: Browser = sam) {
  const { token, secret } = await person.api.offerTotp();
  const app = appOf(secret);
  const { recoveryCodes } = await person.api.addTotp({ body: { token, code: app.code() } });
  site.clock.advance(stepMs);
  return { ...app, secret, recoveryCodes: recoveryCodes ?? [] };
}

/** The challenge that a right password gets. */
async function challenge() {
  const problem = await refusal(site.browser().api.login({ body: credentials }));
  expect(problem).toMatchObject({ code: 'secondFactor.required', status: 401 });
  return SecondFactorChallenge.parse(problem.details);
}

const complete = async (given: string, proof: { code: string } | { recoveryCode: string }) => site.browser().api.completeLogin({ body: { challenge: given, proof } });

describe('an authenticator app', () => {
  it('is asked for after the right password, and completes the login', async () => {
    const app = await addApp();
    const { challenge: token, methods } = await challenge();
    expect(methods).toEqual(['totp', 'recoveryCode']);
    const browser = site.browser();
    browser.take(await browser.api.completeLogin({ body: { challenge: token, proof: { code: app.code() } } }));
    expect(await browser.api.getProfile()).toMatchObject({ email: credentials.email });
    expect((await browser.api.refresh()).account.email).toBe(credentials.email);
  });

  it('says nothing about second factors to somebody without the password', async () => {
    await addApp();
    expect(await refusal(site.browser().api.login({ body: { ...credentials, password: 'guessed' } }))).toMatchObject({ code: 'credentials.wrong' });
  });

  it('is off until its first code is confirmed', async () => {
    const { token } = await sam.api.offerTotp();
    expect(await refusal(sam.api.addTotp({ body: { token, code: '000000' } }))).toMatchObject({ code: 'secondFactor.wrong' });
    expect((await site.browser().api.login({ body: credentials })).account.email).toBe(credentials.email);
  });

  it('accepts the codes of the steps before and after, and no others', async () => {
    const app = await addApp();
    site.clock.advance(2 * stepMs);
    for (const offsetMs of [-2 * stepMs, 2 * stepMs]) expect(await refusal(complete((await challenge()).challenge, { code: app.code(offsetMs) }))).toMatchObject({ code: 'secondFactor.wrong' });
    await complete((await challenge()).challenge, { code: app.code(-stepMs) });
    await complete((await challenge()).challenge, { code: app.code(stepMs) });
  });

  it('accepts a code once, and none before it', async () => {
    const app = await addApp();
    await complete((await challenge()).challenge, { code: app.code() });
    expect(await refusal(complete((await challenge()).challenge, { code: app.code() }))).toMatchObject({ code: 'secondFactor.wrong' });
    expect(await refusal(complete((await challenge()).challenge, { code: app.code(-stepMs) }))).toMatchObject({ code: 'secondFactor.wrong' });
    site.clock.advance(stepMs);
    await complete((await challenge()).challenge, { code: app.code() });
  });

  it('does not accept the code with which it was turned on', async () => {
    const { token, secret } = await sam.api.offerTotp();
    const code = appOf(secret).code();
    await sam.api.addTotp({ body: { token, code } });
    expect(await refusal(complete((await challenge()).challenge, { code }))).toMatchObject({ code: 'secondFactor.wrong' });
  });

  it('is sealed in the database, and never in the log', async () => {
    const { secret } = await addApp();
    const rows = await site.collection<{ _id: string; sealedSecret: string }>('totpFactors').find({});
    expect(rows).toHaveLength(1);
    expect(JSON.stringify(rows)).not.toContain(secret);
    expect(JSON.stringify(site.logLines)).not.toContain(secret);
  });

  it('can be there once', async () => {
    await addApp();
    expect(await refusal(sam.api.offerTotp())).toMatchObject({ code: 'secondFactor.exists', status: 409 });
  });

  it('is no longer asked for after it was removed, nor are its recovery codes', async () => {
    await addApp();
    await sam.api.removeTotp();
    expect((await site.browser().api.login({ body: credentials })).account.email).toBe(credentials.email);
    expect(await sam.api.getSecurity()).toMatchObject({ totp: null, recoveryCodesLeft: 0 });
  });
});

describe('the challenge of a login', () => {
  it('is valid once', async () => {
    const app = await addApp();
    const { challenge: token } = await challenge();
    await complete(token, { code: app.code() });
    site.clock.advance(stepMs);
    expect(await refusal(complete(token, { code: app.code() }))).toMatchObject({ code: 'challenge.invalid', status: 403 });
  });

  it('expires', async () => {
    const app = await addApp();
    const { challenge: token } = await challenge();
    site.clock.advance(stepTokenMs);
    expect(await refusal(complete(token, { code: app.code() }))).toMatchObject({ code: 'challenge.invalid' });
  });

  it('cannot be forged, or taken from another step', async () => {
    const app = await addApp();
    const { challenge: token } = await challenge();
    const changed = `${token.startsWith('A') ? 'B' : 'A'}${token.slice(1)}`;
    const other = (await site.browser().api.offerPasskeyLogin()).token;
    for (const forged of [changed, other, 'nonsense']) expect(await refusal(complete(forged, { code: app.code() }))).toMatchObject({ code: 'challenge.invalid' });
  });

  it('allows a few wrong codes, then the password has to be entered again', async () => {
    const app = await addApp();
    const { challenge: token } = await challenge();
    for (let attempt = 0; attempt < maxCodeAttemptsPerLogin; attempt += 1) expect(await refusal(complete(token, { code: '000000' }))).toMatchObject({ code: 'secondFactor.wrong' });
    expect(await refusal(complete(token, { code: app.code() }))).toMatchObject({ code: 'request.tooFrequent', status: 429 });
    await complete((await challenge()).challenge, { code: app.code() });
  });

  it('does not let somebody who knows the password guess for long', async () => {
    const app = await addApp();
    for (let login = 0; login < 2; login += 1) {
      const { challenge: token } = await challenge();
      for (let attempt = 0; attempt < maxCodeAttemptsPerLogin; attempt += 1) await refusal(complete(token, { code: '000000' }));
    }
    expect(await refusal(complete((await challenge()).challenge, { code: app.code() }))).toMatchObject({ code: 'request.tooFrequent' });
  });

  it('ends with a change of the password', async () => {
    const app = await addApp();
    const { challenge: token } = await challenge();
    await sam.api.updateProfile({ body: { currentPassword: credentials.password, password: 'another password' } });
    expect(await refusal(complete(token, { code: app.code() }))).toMatchObject({ code: 'credentials.wrong' });
  });

  it('does not count as a wrong password', async () => {
    await addApp();
    for (let login = 0; login < 12; login += 1) await challenge();
  });

  it('is not in the log', async () => {
    await addApp();
    const { challenge: token } = await challenge();
    expect(JSON.stringify(site.logLines)).not.toContain(token);
  });
});

describe('a recovery code', () => {
  it('completes a login once, however it is typed', async () => {
    const { recoveryCodes } = await addApp();
    expect(recoveryCodes).toHaveLength(10);
    const [code = ''] = recoveryCodes;
    await complete((await challenge()).challenge, { recoveryCode: ` ${code.toUpperCase().replaceAll('-', ' ')} ` });
    expect((await sam.api.getSecurity()).recoveryCodesLeft).toBe(9);
    expect(await refusal(complete((await challenge()).challenge, { recoveryCode: code }))).toMatchObject({ code: 'secondFactor.wrong' });
  });

  it('is not valid for another account', async () => {
    const { recoveryCodes } = await addApp();
    const sue = await site.signup('sue');
    const ofSue = await addApp(sue);
    expect(await refusal(complete((await challenge()).challenge, { recoveryCode: ofSue.recoveryCodes[0] ?? '' }))).toMatchObject({ code: 'secondFactor.wrong' });
    await complete((await challenge()).challenge, { recoveryCode: recoveryCodes[0] ?? '' });
  });

  it('is replaced by new ones', async () => {
    const { recoveryCodes } = await addApp();
    const fresh = await sam.api.replaceRecoveryCodes();
    expect(await refusal(complete((await challenge()).challenge, { recoveryCode: recoveryCodes[0] ?? '' }))).toMatchObject({ code: 'secondFactor.wrong' });
    await complete((await challenge()).challenge, { recoveryCode: fresh.recoveryCodes[0] ?? '' });
  });

  it('is stored as a hash', async () => {
    const { recoveryCodes } = await addApp();
    const rows = JSON.stringify(await site.collection<{ _id: string; userId: string }>('recoveryCodes').find({}));
    for (const code of recoveryCodes) expect(rows).not.toContain(code.replaceAll('-', ''));
  });

  it('does not exist without a second factor', async () => {
    expect(await refusal(sam.api.replaceRecoveryCodes())).toMatchObject({ code: 'secondFactor.notFound' });
  });
});

describe('changes of second factors', () => {
  it('need a password that was entered within ten minutes', async () => {
    await addApp();
    site.clock.advance(confirmedMs);
    sam.take(await sam.api.refresh());
    for (const change of [sam.api.removeTotp(), sam.api.replaceRecoveryCodes(), sam.api.offerPasskey()]) expect(await refusal(change)).toMatchObject({ code: 'login.unconfirmed', status: 403 });
    expect((await sam.api.getSecurity()).isConfirmed).toBe(false);
    expect(await refusal(sam.api.confirmLogin({ body: { password: 'guessed' } }))).toMatchObject({ code: 'credentials.wrong' });
    await sam.api.confirmLogin({ body: { password: credentials.password } });
    await sam.api.removeTotp();
  });

  it('cannot use what was offered to another account', async () => {
    const sue = await site.signup('sue');
    const { token, secret } = await sue.api.offerTotp();
    expect(await refusal(sam.api.addTotp({ body: { token, code: appOf(secret).code() } }))).toMatchObject({ code: 'challenge.invalid' });
  });

  it('are possible for administrators when somebody has lost everything', async () => {
    const ada = await site.firstAccount();
    await addApp();
    expect(await refusal(sam.api.resetSecondFactor({ params: { userId: sam.userId } }))).toMatchObject({ code: 'access.denied' });
    await ada.api.resetSecondFactor({ params: { userId: sam.userId } });
    expect(await refusal(sam.api.getProfile())).toMatchObject({ code: 'auth.invalid' });
    expect((await site.browser().api.login({ body: credentials })).account.email).toBe(credentials.email);
  });
});

describe('the list of logins', () => {
  it('ends all but the own one', async () => {
    const other = site.browser();
    other.take(await other.api.login({ body: credentials }));
    await sam.api.endOtherLogins();
    expect(await refusal(other.api.getProfile())).toMatchObject({ code: 'auth.invalid' });
    expect((await sam.api.listLogins()).logins.map(({ isCurrent }) => isCurrent)).toEqual([true]);
  });
});
