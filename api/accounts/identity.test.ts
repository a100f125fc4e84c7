import { describe, expect, it, vi } from 'vitest';
import { refusal, startTestApi } from '../testing/index.ts';

const form = (change: Partial<{ email: string; displayName: string; password: string }>) => ({ email: 'sam@example.org', displayName: 'Sam', password: 'a good password', ...change });

describe('an administrator', () => {
  it('creates accounts when sign-up is closed', async () => {
    const site = await startTestApi({ settings: { LECTERN_SIGNUP: 'closed' } });
    const ada = await site.firstAccount();
    expect(await refusal(site.browser().api.signup({ body: form({}) }))).toMatchObject({ code: 'access.denied' });
    expect(await ada.api.createUser({ body: { ...form({}), roles: ['instructor'] } })).toMatchObject({ email: 'sam@example.org', roles: ['instructor'] });
    expect(ada.account?.displayName).toBe('Ada');
    expect(await refusal(ada.api.createUser({ body: form({}) }))).toMatchObject({ code: 'account.exists' });
    const sam = site.browser();
    sam.take(await sam.api.login({ body: { email: 'sam@example.org', password: 'a good password' } }));
    expect(await refusal(sam.api.createUser({ body: form({ email: 'eve@example.org' }) }))).toMatchObject({ code: 'access.denied', status: 403 });
    expect(await sam.api.createCourse({ body: { title: 'Mine' } })).toMatchObject({ role: 'owner' });
  });
});

describe('a new password', () => {
  it('ends also a login with the old one that is being opened', async () => {
    const site = await startTestApi();
    await site.firstAccount();
    const sam = await site.signup('sam');
    const add = site.logins.add.bind(site.logins);
    vi.spyOn(site.logins, 'add').mockImplementationOnce(async (login) => {
      await sam.api.updateProfile({ body: { password: 'quiet otters build boats', currentPassword: 'sam-password' } });
      return add(login);
    });
    const thief = site.browser();
    expect(await refusal(thief.api.login({ body: { email: 'sam@example.org', password: 'sam-password' } }))).toMatchObject({ code: 'credentials.wrong' });
    expect(thief.cookies.size).toBe(0);
    expect((await sam.api.listLogins()).logins).toHaveLength(1);
  });

  it('that is common is refused, wherever one is set', async () => {
    const site = await startTestApi();
    const ada = await site.firstAccount();
    const password = 'Passw0rd123';
    const attempts = [
      site.browser().api.signup({ body: form({ password }) }),
      ada.api.createUser({ body: form({ password }) }),
      ada.api.updateProfile({ body: { password, currentPassword: 'ada-password' } }),
      site.browser().api.completeSetup({ body: { ...form({ password }), token: 'any' } }),
    ];
    for (const problem of await Promise.all(attempts.map(refusal))) expect(problem).toMatchObject({ code: 'request.invalid', errors: [{ path: 'password', message: expect.stringContaining('first that others try') as string }] });
  });
});

describe('a name', () => {
  it.each(['\u200b', '\u202e\u2066', '\u3164', '\0', '\ud83d'])('%j is refused', async (displayName) => {
    const site = await startTestApi();
    expect(await refusal(site.browser().api.signup({ body: form({ displayName }) }))).toMatchObject({ errors: [{ path: 'displayName', message: 'Enter a name.' }] });
  });

  it('and a title are shown without invisible and direction-control characters', async () => {
    const site = await startTestApi();
    const ada = await site.firstAccount();
    expect(await ada.api.updateProfile({ body: { displayName: 'A\u200bd\u202ea\0' } })).toMatchObject({ displayName: 'Ada' });
    const { id: courseId } = await ada.api.createCourse({ body: { title: 'Phy\u202esics\ud83d', description: 'One\n\u202eTwo' } });
    expect(await ada.api.getCourse({ params: { courseId } })).toMatchObject({ title: 'Physics', description: 'One\nTwo' });
    expect(await ada.api.scheduleLecture({ params: { courseId }, body: { title: '\u2067Waves\u2069' } })).toMatchObject({ title: 'Waves' });
    expect(await refusal(ada.api.createCourse({ body: { title: '\u200b' } }))).toMatchObject({ errors: [{ path: 'title', message: 'Give the course a title.' }] });
  });
});
