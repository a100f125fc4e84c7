import { beforeEach, describe, expect, it } from 'vitest';
import { UserId } from '#engine/contract';
import { newId } from '#engine/kernel';
import type { StoredDocument } from '#engine/kernel';
import { FactorStore } from '../factors/FactorStore.ts';
import { refusal, startTestApi } from '../testing/index.ts';
import type { Browser, TestApi } from '../testing/index.ts';
import { linkLifetimeMs } from './limits.ts';

let site: TestApi;
let sam: Browser;
beforeEach(async () => {
  site = await startTestApi();
  sam = await site.signup('sam');
  await site.runJobs();
});

const mail = (address: string) => site.mailbox.to(address);
const token = (address: string) => site.mailbox.tokenFor(address);
const verify = async (address: string) => site.browser().api.verifyEmail({ body: { token: token(address) } });
/** Gives the change of address a password, and delivers its mails. */
async function change(email: string) {
  const status = await sam.api.changeEmail({ body: { email, currentPassword: 'sam-password' } });
  await site.runJobs();
  return status;
}
const confirm = (address: string) => site.browser().api.confirmEmailChange({ body: { token: token(address) } });

describe('verifying an address', () => {
  it('takes the link that is mailed after signing up, once', async () => {
    expect(await sam.api.getProfile()).toMatchObject({ isEmailVerified: false });
    expect(mail('sam@example.org')).toMatchObject({ subject: 'Confirm your email address' });
    expect(mail('sam@example.org').text).toContain('https://lectern.example.org/verify-email#lnk_');
    expect(await verify('sam@example.org')).toEqual({ email: 'sam@example.org' });
    expect(await sam.api.getProfile()).toMatchObject({ isEmailVerified: true });
    expect(await refusal(verify('sam@example.org'))).toMatchObject({ code: 'link.invalid', status: 403 });
  });

  it('refuses a link that has expired, that was altered, or that is for something else', async () => {
    const good = token('sam@example.org');
    for (const bad of ['x', `${good}x`, good.replace(/\..*/, '.x'), `lnk_00000000000000000000${good.slice(24)}`]) {
      expect(await refusal(site.browser().api.verifyEmail({ body: { token: bad } }))).toMatchObject({ code: 'link.invalid' });
    }
    expect(await refusal(site.browser().api.resetPassword({ body: { token: good, password: 'another one' } }))).toMatchObject({ code: 'link.invalid' });
    site.clock.advance(linkLifetimeMs.verifyEmail);
    expect(await refusal(verify('sam@example.org'))).toMatchObject({ code: 'link.invalid' });
  });

  it('mails another link on request, and none once the address is verified', async () => {
    await sam.api.resendVerification();
    await site.runJobs();
    expect(site.mailbox.mails.length).toBe(2);
    await verify('sam@example.org');
    await sam.api.resendVerification();
    await site.runJobs();
    expect(site.mailbox.mails.length).toBe(2);
  });

  it('succeeds for one of two that open the link at once', async () => {
    const outcomes = await Promise.allSettled([verify('sam@example.org'), verify('sam@example.org')]);
    expect(outcomes.filter(({ status }) => status === 'fulfilled').length).toBe(1);
  });

  it('stores hashes of tokens only, and logs none', async () => {
    const [, secret = ''] = token('sam@example.org').split('.');
    for (const name of site.collectionNames()) expect(JSON.stringify(await site.collection(name).find({}))).not.toContain(secret);
    expect(JSON.stringify(site.logLines)).not.toContain(secret);
  });

  it('lets somebody in who is on the list of an instructor', async () => {
    const ada = await site.firstAccount();
    const { id: courseId } = await ada.api.createCourse({ body: { title: 'Optics', enrolmentPolicy: 'closed' } });
    const row = { _id: newId('pnd'), courseId, email: 'sam@example.org', name: 'Sam', role: 'student', groupId: null, importId: newId('imp'), createdBy: ada.userId, createdAt: '2026-01-01T00:00:00.000Z' };
    await site.collection<StoredDocument>('pendingAdmissions').insertOne(row);
    await verify('sam@example.org');
    expect(await sam.api.getCourse({ params: { courseId } })).toMatchObject({ role: 'student' });
    expect(await site.collection('pendingAdmissions').countDocuments({})).toBe(0);
  });

  it('escapes a name in the HTML of the mail', async () => {
    await site.browser().api.signup({ body: { email: 'eve@example.org', displayName: '<b>Eve & "co"', password: 'eve-password' } });
    await site.runJobs();
    expect(mail('eve@example.org').html).not.toContain('<b>Eve');
    await site.browser().api.verifyEmail({ body: { token: token('eve@example.org') } });
    await site.browser().api.forgotPassword({ body: { email: 'eve@example.org' } });
    await site.runJobs();
    expect(mail('eve@example.org').html).toContain('&lt;b&gt;Eve &amp; &quot;co&quot;');
  });

  it('has no name for an address that nobody has proved, and never one that becomes a link', async () => {
    for (const [index, displayName] of ['Mallory', 'evil.example', 'Win at https://evil.example now', 'evil。example'].entries()) {
      const email = `victim-${index}@example.org`;
      await site.browser().api.signup({ body: { email, displayName, password: 'a long password' } });
      await site.runJobs();
      for (const part of [mail(email).text, mail(email).html]) expect(part).not.toContain(displayName.slice(0, 7));
      await site.browser().api.verifyEmail({ body: { token: token(email) } });
      await site.browser().api.forgotPassword({ body: { email } });
      await site.runJobs();
      expect(mail(email).text.startsWith(displayName === 'Mallory' ? 'Hello Mallory,' : 'Hello,')).toBe(true);
    }
  });
});

describe('a forgotten password', () => {
  const forget = async (email: string) => {
    await site.browser().api.forgotPassword({ body: { email } });
    await site.runJobs();
  };
  const reset = (given: string, password = 'a new password') => site.browser().api.resetPassword({ body: { token: given, password } });
  const logIn = (password: string) => site.browser().api.login({ body: { email: 'sam@example.org', password } });

  it('is replaced by the mailed link, once, and ends all logins', async () => {
    await forget('sam@example.org');
    const given = token('sam@example.org');
    expect(await refusal(reset(given, 'short'))).toMatchObject({ code: 'request.invalid' });
    await reset(given);
    expect(await refusal(sam.api.getProfile())).toMatchObject({ code: 'auth.invalid' });
    expect(await refusal(logIn('sam-password'))).toMatchObject({ code: 'credentials.wrong' });
    // Whoever reads the mail of an address has it.
    expect((await logIn('a new password')).account).toMatchObject({ isEmailVerified: true });
    expect(await refusal(reset(given))).toMatchObject({ code: 'link.invalid' });
  });

  it('ends access tokens; calendar feeds stay, unless the person asks to revoke them', async () => {
    const feedOf = async (browser: Browser) => (await browser.api.createCalendarFeed({ body: { courseId: null } })).url;
    await verify('sam@example.org');
    for (const revokesCalendarFeeds of [false, true]) {
      const feed = await feedOf(sam);
      const { token: accessToken } = await sam.api.createAccessToken({ body: { name: 'script', scopes: ['read:courses'], lifetimeDays: 30 } });
      const callProgram = async () => (await fetch(`${site.url}/api/v1/courses`, { headers: { authorization: `Bearer ${accessToken}` } })).status;
      expect(await callProgram()).toBe(200);
      await forget('sam@example.org');
      await site.browser().api.resetPassword({ body: { token: token('sam@example.org'), password: 'a new password', revokesCalendarFeeds } });
      expect([await callProgram(), (await fetch(feed)).status]).toEqual([401, revokesCalendarFeeds ? 404 : 200]);
      sam.take(await logIn('a new password'));
    }
  });

  it('ends the calendar feeds of an account whose address was never verified', async () => {
    const { url } = await sam.api.createCalendarFeed({ body: { courseId: null } });
    await forget('sam@example.org');
    await reset(token('sam@example.org'));
    expect((await fetch(url)).status).toBe(404);
  });

  it('ends all other ways into an account whose address was never verified', async () => {
    const factors = new FactorStore(site.database);
    await factors.addPasskey({ userId: UserId.parse(sam.userId), credentialId: 'c', publicKey: 'k', counter: 0, transports: [], name: 'Laptop', createdAt: '2026-01-01T00:00:00.000Z', lastUsedAt: null, isSynced: false });
    await forget('sam@example.org');
    await reset(token('sam@example.org'));
    expect(await factors.passkeysOf(UserId.parse(sam.userId))).toEqual([]);
  });

  it('ends the other links when one is used', async () => {
    await forget('sam@example.org');
    const first = token('sam@example.org');
    await forget('sam@example.org');
    await reset(token('sam@example.org'));
    expect(await refusal(reset(first))).toMatchObject({ code: 'link.invalid' });
  });

  it('gives the same answer and does the same work whether there is an account or not', async () => {
    const work = async (email: string) => {
      const response = await site.browser().fetch('/api/v1/users/password/forgot', { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ email }) });
      return { status: response.status, body: await response.text(), mails: await site.collection('mails').countDocuments({}), links: await site.collection('accountLinks').countDocuments({}) };
    };
    await site.collection('accountLinks').deleteMany({});
    const [somebody, nobody] = [await work('sam@example.org'), await work('nobody@example.org')];
    expect(somebody).toEqual({ status: 204, body: '', mails: 1, links: 1 });
    expect(nobody).toEqual({ status: 204, body: '', mails: 2, links: 2 });
    expect(JSON.stringify(await site.collection('mails').find({}))).not.toContain('nobody@');
    await site.runJobs();
    expect(site.mailbox.mails.filter(({ to }) => to !== 'sam@example.org')).toEqual([]);
  });

  it('is not mailed for an account that an administrator deactivated', async () => {
    const ada = await site.firstAccount();
    await ada.api.setUserActive({ params: { userId: sam.userId }, body: { isActive: false } });
    await forget('sam@example.org');
    expect(mail('sam@example.org').subject).not.toBe('Set a new password');
  });

  it('cannot be asked for without end', async () => {
    for (let i = 0; i < 5; i += 1) await forget('sam@example.org');
    expect(await refusal(forget('sam@example.org'))).toMatchObject({ code: 'request.tooFrequent' });
  });
});

describe('changing the address', () => {
  it('needs the link of the old and of the new address', async () => {
    await verify('sam@example.org');
    expect(await change('sam@new.example')).toMatchObject({ email: 'sam@example.org', change: { newEmail: 'sam@new.example', isOldConfirmed: false, isNewConfirmed: false } });
    expect(await confirm('sam@new.example')).toEqual({ isComplete: false });
    expect(await sam.api.getEmail()).toMatchObject({ email: 'sam@example.org', change: { isNewConfirmed: true } });
    expect(await confirm('sam@example.org')).toEqual({ isComplete: true });
    expect(await sam.api.getEmail()).toEqual({ email: 'sam@new.example', isVerified: true, change: null });
    expect((await site.browser().api.login({ body: { email: 'sam@new.example', password: 'sam-password' } })).account.id).toBe(sam.userId);
    expect(await refusal(confirm('sam@example.org'))).toMatchObject({ code: 'link.invalid' });
  });

  it('needs the new address only when the old one was never verified', async () => {
    expect(await change('sam@new.example')).toMatchObject({ change: { isOldConfirmed: true } });
    expect(await confirm('sam@new.example')).toEqual({ isComplete: true });
    // The link that was mailed to the old address verifies nothing any more.
    expect(await refusal(verify('sam@example.org'))).toMatchObject({ code: 'link.invalid' });
  });

  it('ends when the old address is verified before the change is confirmed', async () => {
    await change('mallory@new.example');
    await site.browser().api.forgotPassword({ body: { email: 'sam@example.org' } });
    await site.runJobs();
    await site.browser().api.resetPassword({ body: { token: token('sam@example.org'), password: 'the owner of it' } });
    expect(await refusal(confirm('mallory@new.example'))).toMatchObject({ code: 'link.invalid' });
    expect((await site.browser().api.login({ body: { email: 'sam@example.org', password: 'the owner of it' } })).account.email).toBe('sam@example.org');
  });

  it('needs the password, and an address that nobody has', async () => {
    await site.signup('sue');
    expect(await refusal(sam.api.changeEmail({ body: { email: 'sam@new.example', currentPassword: 'guess' } }))).toMatchObject({ code: 'credentials.wrong' });
    expect(await refusal(change('sue@example.org'))).toMatchObject({ code: 'account.exists' });
    expect(await refusal(change('sam@example.org'))).toMatchObject({ code: 'request.invalid' });
  });

  it('changes nothing when somebody else takes the address meanwhile', async () => {
    await change('late@example.org');
    await site.signup('late');
    expect(await refusal(confirm('late@example.org'))).toMatchObject({ code: 'account.exists' });
    expect(await sam.api.getEmail()).toMatchObject({ email: 'sam@example.org' });
  });

  it('can be cancelled and begun again, which ends the links before', async () => {
    await verify('sam@example.org');
    await change('sam@new.example');
    const [old, fresh] = [token('sam@example.org'), token('sam@new.example')];
    expect(await sam.api.cancelEmailChange()).toMatchObject({ change: null });
    for (const ended of [old, fresh]) expect(await refusal(site.browser().api.confirmEmailChange({ body: { token: ended } }))).toMatchObject({ code: 'link.invalid' });
    await change('sam@other.example');
    expect(await confirm('sam@other.example')).toEqual({ isComplete: false });
    site.clock.advance(linkLifetimeMs.confirmNewAddress);
    expect(await refusal(confirm('sam@example.org'))).toMatchObject({ code: 'link.invalid' });
    await sam.api.refresh({}).then((signedIn) => sam.take(signedIn));
    expect(await sam.api.getEmail()).toMatchObject({ email: 'sam@example.org', change: null });
  });
});

describe('a changed password', () => {
  it('is reported to a verified address', async () => {
    const newPassword = (currentPassword: string, password: string) => sam.api.updateProfile({ body: { currentPassword, password } });
    await newPassword('sam-password', 'sam-password-2');
    await site.runJobs();
    expect(site.mailbox.mails.length).toBe(1);
    await verify('sam@example.org');
    await newPassword('sam-password-2', 'sam-password-3');
    await site.runJobs();
    expect(mail('sam@example.org')).toMatchObject({ subject: 'Your password was changed' });
  });
});
