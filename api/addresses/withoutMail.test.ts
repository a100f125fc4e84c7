import { describe, expect, it } from 'vitest';
import { refusal, startTestApi } from '../testing/index.ts';

describe('a site without an SMTP server', () => {
  it('says so, and prints the links in the log in development', async () => {
    const quiet = await startTestApi({ sendsMail: false });
    expect(await quiet.browser().api.getSiteNotice()).toMatchObject({ sendsMail: false });
    expect(await (await startTestApi()).browser().api.getSiteNotice()).toMatchObject({ sendsMail: true });
    const pat = await quiet.signup('pat');
    await quiet.runJobs();
    const line = quiet.logLines.find(({ msg }) => msg === 'mail.link');
    expect(line).toMatchObject({ template: 'verifyEmail', userId: pat.userId });
    const [, given = ''] = String(line?.link).split('#');
    expect(await quiet.browser().api.verifyEmail({ body: { token: given } })).toEqual({ email: 'pat@example.org' });
  });

  it('prints no link in production; an administrator creates it', async () => {
    const quiet = await startTestApi({ sendsMail: false, printsLinks: false });
    const ada = await quiet.firstAccount();
    const pat = await quiet.signup('pat');
    await quiet.browser().api.forgotPassword({ body: { email: 'pat@example.org' } });
    await quiet.runJobs();
    const params = { userId: pat.userId };
    const linkFor = async (purpose: 'resetPassword' | 'verifyEmail') => new URL((await ada.api.createAccountLink({ params, body: { purpose } })).url);
    const reset = await linkFor('resetPassword');
    expect(reset.pathname).toBe('/reset-password');
    await quiet.browser().api.resetPassword({ body: { token: reset.hash.slice(1), password: 'pat has a new one' } });
    expect(await refusal(pat.api.getProfile())).toMatchObject({ code: 'auth.invalid' });
    pat.take(await quiet.browser().api.login({ body: { email: 'pat@example.org', password: 'pat has a new one' } }));
    // The administrator had the link: it proves nothing about the address.
    expect(await pat.api.getProfile()).toMatchObject({ isEmailVerified: false });
    const confirm = await linkFor('verifyEmail');
    expect(await quiet.browser().api.verifyEmail({ body: { token: confirm.hash.slice(1) } })).toEqual({ email: 'pat@example.org' });
    expect(await refusal(linkFor('verifyEmail'))).toMatchObject({ code: 'request.invalid' });
    expect(JSON.stringify(quiet.logLines)).not.toContain('lnk_');
    const { entries } = await ada.api.listAudit({ query: { targetId: pat.userId } });
    expect(entries.map(({ action, changes }) => `${action} ${String(changes.purpose)}`).toSorted()).toEqual(['user.linkCreated resetPassword', 'user.linkCreated verifyEmail']);
    expect(JSON.stringify(entries)).not.toContain('lnk_');
    expect(await refusal(pat.api.createAccountLink({ params, body: { purpose: 'resetPassword' } }))).toMatchObject({ code: 'access.denied' });
  });

  it('is the only one on which an administrator creates links', async () => {
    const site = await startTestApi();
    const [ada, sam] = [await site.firstAccount(), await site.signup('sam')];
    expect(await refusal(ada.api.createAccountLink({ params: { userId: sam.userId }, body: { purpose: 'resetPassword' } }))).toMatchObject({ code: 'link.notNeeded' });
  });
});
