import { describe, expect, it } from 'vitest';
import { CourseId, UserId } from '#engine/contract';
import { AccessPolicy } from '#engine';
import { openCourseRoles } from '../index.ts';
import { refusal, startSharedTestApi } from '../testing/index.ts';
import type { Browser } from '../testing/index.ts';

const site = await startSharedTestApi();
const ada = await site.firstAccount();
let count = 0;

/** An instructor with a course of their own. */
async function instructor() {
  const ina = await site.signup(`ina${(count += 1)}`);
  const setRoles = (roles: ('student' | 'instructor' | 'admin')[]) => ada.api.setUserRoles({ params: { userId: ina.userId }, body: { roles } });
  await setRoles(['instructor']);
  const { id: courseId } = await ina.api.createCourse({ body: { title: 'Physics', enrolmentPolicy: 'open' } });
  return { ina, setRoles, courseId, course: { params: { courseId } } };
}

async function member(course: { params: { courseId: string } }): Promise<Browser> {
  const sam = await site.signup(`sam${(count += 1)}`);
  await sam.api.enrol(course);
  return sam;
}

const start = async (who: Browser, courseId: string) => (await who.api.startLecture({ body: { courseId, title: 'Waves' } })).id;
const setActive = (who: Browser, isActive: boolean) => ada.api.setUserActive({ params: { userId: who.userId }, body: { isActive } });

describe('a stream key', () => {
  it.each(['deactivates the account', 'is deactivated', 'loses the role'])('dies when the owner of the course %s', async (change) => {
    const { ina, setRoles, course, courseId } = await instructor();
    const { streamKey } = await ina.api.issueStreamKey(course);
    const ended: string[] = [];
    site.streamKeys.onKeyReplaced((replaced) => ended.push(replaced.courseId));
    expect(await site.streamKeys.resolve(streamKey)).toBe(courseId);
    if (change === 'loses the role') await setRoles(['student']);
    else if (change === 'is deactivated') await setActive(ina, false);
    else await ina.api.deactivate();
    expect(await site.streamKeys.resolve(streamKey)).toBeUndefined();
    expect(ended).toEqual([courseId]);
  });

  it('stays while an administrator who owns the course is no instructor', async () => {
    const { ina, setRoles, course, courseId } = await instructor();
    const { streamKey } = await ina.api.issueStreamKey(course);
    await setRoles(['admin']);
    expect(await site.streamKeys.resolve(streamKey)).toBe(courseId);
    await setRoles(['instructor']);
  });
});

describe('a demoted instructor', () => {
  it('cannot start a lecture, and is a student in the own course', async () => {
    const { ina, setRoles, courseId, course } = await instructor();
    await setRoles(['student']);
    expect(await refusal(ina.api.startLecture({ body: { courseId, title: 'Waves' } }))).toMatchObject({ code: 'access.denied' });
    expect(await refusal(ina.api.updateCourse({ ...course, body: { title: 'Mine' } }))).toMatchObject({ code: 'access.denied' });
    expect(await refusal(ina.api.issueStreamKey(course))).toMatchObject({ code: 'access.denied' });
    expect(await ina.api.getCourse(course)).toMatchObject({ role: 'student', enrolmentCode: null });
    expect((await ina.api.listCourses()).courses).toMatchObject([{ role: 'student' }]);
    await setRoles(['instructor']);
    expect(await ina.api.getCourse(course)).toMatchObject({ role: 'owner' });
  });

  it('presents no more in a live room', async () => {
    const { ina, setRoles, courseId } = await instructor();
    const { lecture, participant } = site.enter(await start(ina, courseId), ina, 'owner');
    await setRoles(['student']);
    expect(lecture.roster.has(participant.id)).toBe(false);
  });
});

describe('a login that ends', () => {
  it.each([
    { how: 'by logging out', end: async (sam: Browser) => sam.api.logout() },
    { how: 'in the list of logins', end: async (sam: Browser) => sam.api.endLogin({ params: { loginId: site.tokens.verify('access', sam.token ?? '').loginId } }) },
    { how: 'with the account', end: async (sam: Browser) => sam.api.deactivate() },
    { how: 'by an administrator', end: async (sam: Browser) => setActive(sam, false) },
  ])('$how ends its tickets and media URLs', async ({ end }) => {
    const { ina, courseId, course } = await instructor();
    const sam = await member(course);
    const lectureId = await start(ina, courseId);
    const { ticket } = await sam.api.joinLecture({ body: { lectureId } });
    const { userId, loginId } = site.tokens.verify('join', ticket);
    expect(await site.logins.isOpen({ userId, loginId })).toBe(true);
    const ended: string[] = [];
    const stop = site.logins.onEnded((login) => ended.push(login.loginId));
    await end(sam);
    stop();
    expect(ended).toContain(loginId);
    expect(await site.logins.isOpen({ userId, loginId })).toBe(false);
  });

  it('because of a new password leaves the login that set it', async () => {
    const sam = await site.signup('password-sam');
    const phone = site.browser();
    phone.take(await phone.api.login({ body: { email: 'password-sam@example.org', password: 'password-sam-password' } }));
    const [own, other] = [sam, phone].map(({ token }) => site.tokens.verify('access', token ?? '').loginId);
    const ended: string[] = [];
    const stop = site.logins.onEnded((login) => ended.push(login.loginId));
    await sam.api.updateProfile({ body: { password: 'quite another password', currentPassword: 'password-sam-password' } });
    stop();
    expect(ended).toEqual([other]);
    expect(ended).not.toContain(own);
  });
});

describe('somebody removed from a course', () => {
  it('cannot come back with the code or to an open course, until the removal is lifted', async () => {
    const { ina, courseId, course } = await instructor();
    await ina.api.updateCourse({ ...course, body: { enrolmentPolicy: 'code' } });
    const { enrolmentCode } = await ina.api.getCourse(course);
    const enrol = (who: Browser) => who.api.enrol({ ...course, body: { code: enrolmentCode ?? '' } });
    const sam = await site.signup(`removed${(count += 1)}`);
    await enrol(sam);
    const ofSam = { params: { courseId, userId: sam.userId } };
    await ina.api.removeEnrolment(ofSam);
    expect(await refusal(enrol(sam))).toMatchObject({ code: 'enrolment.removed', status: 403 });
    expect(await refusal(sam.api.listLectures(course))).toMatchObject({ code: 'enrolment.removed' });
    await ina.api.updateCourse({ ...course, body: { enrolmentPolicy: 'open' } });
    expect(await refusal(sam.api.enrol(course))).toMatchObject({ code: 'enrolment.removed' });
    expect((await ina.api.listRemovedMembers(course)).people).toMatchObject([{ userId: sam.userId }]);
    expect(await refusal(sam.api.readmitMember(ofSam))).toMatchObject({ code: 'enrolment.removed' });
    await ina.api.readmitMember(ofSam);
    expect(await refusal(ina.api.readmitMember(ofSam))).toMatchObject({ code: 'enrolment.notFound' });
    expect(await sam.api.enrol(course)).toMatchObject({ role: 'student' });
    expect((await ina.api.listRemovedMembers(course)).people).toEqual([]);
  });

  it('is told so in the live room, unlike somebody who leaves', async () => {
    const { ina, courseId, course } = await instructor();
    const [sam, sue] = [await member(course), await member(course)];
    const lectureId = await start(ina, courseId);
    const { lecture } = site.enter(lectureId, sam);
    site.enter(lectureId, sue);
    const reasons: string[] = [];
    lecture.onNotification((notification) => notification.type === 'participant.left' && reasons.push(notification.data.reason));
    await ina.api.removeEnrolment({ params: { courseId, userId: sam.userId } });
    await sue.api.leaveCourse(course);
    expect(reasons).toEqual(['expelled', 'left']);
    expect(await sue.api.enrol(course)).toMatchObject({ role: 'student' });
  });
});

describe('an assistant removed from a lecture', () => {
  it('neither reads its chat nor ends it', async () => {
    const { ina, courseId } = await instructor();
    const sam = await (await site.signup(`assistant${(count += 1)}`)).join(ina, courseId, 'assistant');
    const lectureId = await start(ina, courseId);
    const { lecture, participant } = site.enter(lectureId, ina, 'owner');
    await lecture.removals.remove(participant, UserId.parse(sam.userId));
    const ofLecture = { params: { lectureId } };
    const attempts = [sam.api.getLectureChat(ofLecture), sam.api.endLecture(ofLecture), sam.api.getLecture(ofLecture), sam.api.updateLecture({ ...ofLecture, body: { title: 'Mine' } }), sam.api.joinLecture({ body: { lectureId } })];
    for (const problem of await Promise.all(attempts.map(refusal))) expect(problem).toMatchObject({ code: 'participant.removed' });
    expect(lecture.view.state).toBe('live');
  });
});

describe('an administrator', () => {
  it('ends a lecture of any course', async () => {
    const { ina, courseId, course } = await instructor();
    await ina.api.updateCourse({ ...course, body: { enrolmentPolicy: 'closed' } });
    const lectureId = await start(ina, courseId);
    expect((await ada.api.listLectures(course)).lectures).toMatchObject([{ id: lectureId, state: 'live' }]);
    const liveIn = async (person: typeof ada) => (await person.api.listCatalogue()).courses.find(({ id }) => id === courseId)?.liveLecture;
    expect(await liveIn(ada)).toMatchObject({ id: lectureId });
    await ina.api.updateCourse({ ...course, body: { enrolmentPolicy: 'open' } });
    expect(await liveIn(await site.signup(`end-sam${(count += 1)}`))).toBeNull();
    expect(await refusal(ada.api.joinLecture({ body: { lectureId } }))).toMatchObject({ code: 'access.denied' });
    expect(await ada.api.endLecture({ params: { lectureId } })).toMatchObject({ state: 'ended' });
  });

  it('finds and deletes any course, which ends its lecture, its key and every right in it', async () => {
    const { ina, courseId, course } = await instructor();
    await ina.api.updateCourse({ ...course, body: { enrolmentPolicy: 'closed' } });
    const { streamKey } = await ina.api.issueStreamKey(course);
    const { lecture } = site.enter(await start(ina, courseId), ina, 'owner');
    const sam = await site.signup(`delete-sam${(count += 1)}`);
    expect(await refusal(sam.api.deleteCourse(course))).toMatchObject({ code: 'access.denied' });
    expect((await ada.api.listCatalogue()).courses.map(({ id }) => id)).toContain(courseId);
    expect(await ada.api.getCourse(course)).toMatchObject({ role: null });
    await ada.api.deleteCourse(course);
    expect(lecture.view.state).toBe('ended');
    expect(await site.streamKeys.resolve(streamKey)).toBeUndefined();
    expect(await refusal(ina.api.getCourse(course))).toMatchObject({ code: 'course.notFound' });
    expect((await ina.api.listCourses()).courses).toEqual([]);
    const policy = new AccessPolicy({ courseRoles: openCourseRoles(site.database), lectures: site.registry });
    expect(await policy.mayWatchVideo(UserId.parse(ina.userId), { courseId: CourseId.parse(courseId), lectureId: lecture.id, hidden: null })).toBe(false);
  });

  it('deactivates and reactivates anybody but the last administrator', async () => {
    const { ina, course } = await instructor();
    expect(await setActive(ina, false)).toMatchObject({ isDeactivated: true });
    expect(await refusal(ina.api.getCourse(course))).toMatchObject({ code: 'auth.invalid' });
    await setActive(ina, true);
    const { email = '' } = ina.account ?? {};
    ina.take(await ina.api.login({ body: { email, password: `${email.split('@')[0]}-password` } }));
    expect(await ina.api.getCourse(course)).toMatchObject({ role: 'owner' });
    for (const problem of await Promise.all([setActive(ada, false), ada.api.deactivate(), ada.api.setUserRoles({ params: { userId: ada.userId }, body: { roles: ['instructor'] } })].map(refusal))) {
      expect(problem).toMatchObject({ code: 'account.lastAdmin', status: 409 });
    }
    expect(await refusal(ina.api.setUserActive({ params: { userId: ada.userId }, body: { isActive: false } }))).toMatchObject({ code: 'access.denied' });
    expect(await site.api.courseRoles.isAdmin(UserId.parse(ada.userId))).toBe(true);
    expect(await site.api.courseRoles.roleOf(UserId.parse(ina.userId), CourseId.parse(course.params.courseId))).toBe('owner');
  });
});
