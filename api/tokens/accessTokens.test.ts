import { describe, expect, it } from 'vitest';
import { tokenScopes, UserId } from '#engine/contract';
import type { TokenScope } from '#engine/contract';
import { refusal, startSharedTestApi } from '../testing/index.ts';
import type { Browser } from '../testing/index.ts';

const site = await startSharedTestApi();
const ada = await site.firstAccount();
let count = 0;

async function person(roles: ('student' | 'instructor' | 'admin')[] = ['student']): Promise<Browser> {
  const made = await site.signup(`person${(count += 1)}`);
  await ada.api.setUserRoles({ params: { userId: made.userId }, body: { roles } });
  return made;
}

/** A program that has a token of the person. */
async function program(of: Browser, scopes: TokenScope[], lifetimeDays?: number): Promise<Browser & { tokenId: string }> {
  const { token, accessToken } = await of.api.createAccessToken({ body: { name: 'Timetable', scopes, lifetimeDays } });
  const made = Object.assign(site.browser(), { tokenId: accessToken.id });
  made.token = token;
  return made;
}

const denied = { code: 'access.denied', status: 403 };

describe('an access token', () => {
  it('does what its scopes say, and no more', async () => {
    const ina = await person(['instructor']);
    const { id: courseId } = await ina.api.createCourse({ body: { title: 'Optics' } });
    const reader = await program(ina, ['read:courses']);
    expect((await reader.api.listCourses()).courses).toMatchObject([{ id: courseId }]);
    expect(await refusal(reader.api.updateCourse({ params: { courseId }, body: { title: 'Mine' } }))).toMatchObject(denied);
    expect(await refusal(reader.api.listLectures({ params: { courseId } }))).toMatchObject(denied);
    const writer = await program(ina, ['write:courses', 'write:lectures']);
    expect(await writer.api.updateCourse({ params: { courseId }, body: { title: 'Waves' } })).toMatchObject({ title: 'Waves' });
    expect((await writer.api.listCourses()).courses).toHaveLength(1);
    expect(await writer.api.startLecture({ body: { courseId, title: 'Waves' } })).toMatchObject({ state: 'live' });
  });

  it('never does more than its person may now', async () => {
    const ina = await person(['instructor']);
    const tool = await program(ina, [...tokenScopes]);
    await tool.api.createCourse({ body: { title: 'Optics' } });
    expect(await refusal(tool.api.listUsers())).toMatchObject(denied);
    await ada.api.setUserRoles({ params: { userId: ina.userId }, body: { roles: ['student'] } });
    expect(await refusal(tool.api.createCourse({ body: { title: 'Waves' } }))).toMatchObject(denied);
  });

  it('makes an administrator one only with the scope of administrators', async () => {
    const ina = await person(['instructor']);
    const { id: courseId } = await ina.api.createCourse({ body: { title: 'Optics', enrolmentPolicy: 'closed' } });
    const course = { params: { courseId } };
    const plain = await program(ada, ['write:courses', 'write:lectures', 'read:account']);
    expect(await refusal(plain.api.listUsers())).toMatchObject(denied);
    expect(await refusal(plain.api.deleteCourse(course))).toMatchObject(denied);
    expect(await refusal(plain.api.getCourse(course))).toMatchObject(denied);
    expect(await refusal(plain.api.listLectures(course))).toMatchObject(denied);
    const admin = await program(ada, ['admin:courses', 'admin:account']);
    expect((await admin.api.listUsers()).users.length).toBeGreaterThan(0);
    expect(await admin.api.deleteCourse(course)).toBeNull();
  });

  it('with every scope changes neither its account nor its tokens', async () => {
    const tool = await program(await person(['admin']), [...tokenScopes]);
    const attempts = [
      tool.api.updateProfile({ body: { displayName: 'Eve' } }),
      tool.api.deactivate(),
      tool.api.createAccessToken({ body: { name: 'More', scopes: ['read:site'] } }),
      tool.api.revokeAccessToken({ params: { tokenId: tool.tokenId } }),
    ];
    for (const problem of await Promise.all(attempts.map(refusal))) expect(problem).toMatchObject(denied);
    expect(await tool.api.getProfile()).toMatchObject({ displayName: expect.stringContaining('person') });
  });

  it('is shown once, and stored as a hash; the list has how it begins and when it was used', async () => {
    const sam = await person();
    const tool = await program(sam, ['read:courses']);
    expect(tool.token).toMatch(/^lecpat_\w{32}$/);
    const [listed] = (await sam.api.listAccessTokens()).accessTokens;
    expect(listed).toMatchObject({ name: 'Timetable', scopes: ['read:courses'], hint: tool.token?.slice(0, 11), lastUsedAt: null });
    await tool.api.listCourses();
    expect((await sam.api.listAccessTokens()).accessTokens[0]?.lastUsedAt).not.toBeNull();
    for (const line of [...site.logLines, await sam.api.listAccessTokens()]) expect(JSON.stringify(line)).not.toContain(tool.token);
  });

  it.each([
    { what: 'is revoked', end: async (sam: Browser, tokenId: string) => sam.api.revokeAccessToken({ params: { tokenId } }) },
    { what: 'has its person deactivated', end: async (sam: Browser) => ada.api.setUserActive({ params: { userId: sam.userId }, body: { isActive: false } }) },
    { what: 'has its person set a new password', end: async (sam: Browser) => sam.api.updateProfile({ body: { password: 'quite another password', currentPassword: `${sam.account?.displayName ?? ''}-password` } }) },
  ])('that $what is refused at once, with the rooms that were opened with it', async ({ end }) => {
    const ina = await person(['instructor']);
    const { id: courseId } = await ina.api.createCourse({ body: { title: 'Optics', enrolmentPolicy: 'open' } });
    const { id: lectureId } = await ina.api.startLecture({ body: { courseId, title: 'Lenses' } });
    const sam = await person();
    await sam.api.enrol({ params: { courseId } });
    const tool = await program(sam, ['write:lectures']);
    const { ticket } = await tool.api.joinLecture({ body: { lectureId } });
    const { loginId } = site.tokens.verify('join', ticket);
    const userId = UserId.parse(sam.userId);
    expect(await site.logins.isOpen({ userId, loginId })).toBe(true);
    await end(sam, tool.tokenId);
    expect(await site.logins.isOpen({ userId, loginId })).toBe(false);
    expect(await refusal(tool.api.joinLecture({ body: { lectureId } }))).toMatchObject({ code: 'auth.invalid', status: 401 });
  });

  it('is refused after its last day, and removed by nobody else', async () => {
    const [sam, sue] = [await person(), await person()];
    const tool = await program(sam, ['read:courses'], 1);
    expect(await refusal(sue.api.revokeAccessToken({ params: { tokenId: tool.tokenId } }))).toMatchObject({ code: 'accessToken.notFound', status: 404 });
    expect(await tool.api.listCourses()).toMatchObject({ courses: [] });
    site.clock.advance(24 * 3600_000);
    expect(await refusal(tool.api.listCourses())).toMatchObject({ code: 'auth.invalid' });
  });
});
