import { describe, expect, it } from 'vitest';
import type { LiveLecture } from '#engine';
import { UserId } from '#engine/contract';
import { openCourseRoles } from '../index.ts';
import { refusal, startSharedTestApi, startTestApi } from '../testing/index.ts';
import type { Browser } from '../testing/index.ts';

const site = await startSharedTestApi();
const ada = await site.firstAccount();

async function courseOf(form: Parameters<Browser['api']['createCourse']>[0]['body']) {
  const { id: courseId } = await ada.api.createCourse({ body: form });
  return { params: { courseId } };
}

describe('a course', () => {
  it('is created by an instructor, who owns it', async () => {
    const created = await ada.api.createCourse({ body: { title: ' Physics ', enrolmentPolicy: 'open' } });
    expect(created).toMatchObject({ title: 'Physics', description: '', ownerName: 'Ada', role: 'owner', enrolmentCount: 1, enrolmentCode: null });
    const { courses } = await ada.api.listCourses();
    expect(courses.find(({ id }) => id === created.id)).toMatchObject({ role: 'owner', liveLecture: null, nextLecture: null });
    expect(created).not.toHaveProperty('ownerId');
  });

  it('reports every invalid field', async () => {
    const problem = await refusal(ada.api.createCourse({ body: { title: '', enrolmentPolicy: 'free' as 'open' } }));
    expect(problem.errors?.map(({ path }) => path)).toEqual(['title', 'enrolmentPolicy']);
    const unknown = await refusal(ada.api.getCourse({ params: { courseId: 'crs_00000000000000000000' } }));
    expect(unknown).toMatchObject({ code: 'course.notFound', status: 404 });
    const malformed = await refusal(ada.api.getCourse({ params: { courseId: 'crs_1' } }));
    expect(malformed).toMatchObject({ code: 'request.invalid', errors: [{ path: 'courseId' }] });
  });

  it('can be changed by its owner only', async () => {
    const course = await courseOf({ title: 'Optics', enrolmentPolicy: 'open' });
    const sam = await site.signup('optics-sam');
    await sam.api.enrol(course);
    expect(await refusal(sam.api.updateCourse({ ...course, body: { title: 'Mine now' } }))).toMatchObject({ code: 'access.denied' });
    expect(await ada.api.updateCourse({ ...course, body: { description: 'Light.' } })).toMatchObject({ title: 'Optics', description: 'Light.' });
  });
});

describe('enrolment', () => {
  it('finds the course of a code, and opens it for those who are in it', async () => {
    const course = await courseOf({ title: 'Found', enrolmentPolicy: 'code' });
    const { enrolmentCode } = await ada.api.getCourse(course);
    const code = enrolmentCode ?? '';
    const tom = await site.signup('tom');
    expect(await refusal(tom.api.enrolByCode({ body: { code: 'guessed0' } }))).toMatchObject({ code: 'course.codeWrong', errors: [{ path: 'code' }] });
    for (let time = 0; time < 2; time += 1) expect(await tom.api.enrolByCode({ body: { code: ` ${code.toUpperCase()} ` } })).toMatchObject({ title: 'Found', role: 'student' });
    await ada.api.updateCourse({ ...course, body: { enrolmentPolicy: 'closed' } });
    const uma = await site.signup('uma');
    expect(await refusal(uma.api.enrolByCode({ body: { code } }))).toMatchObject({ code: 'course.codeWrong' });
  });

  it('is open to everyone in an open course, which is listed', async () => {
    const course = await courseOf({ title: 'Open course', enrolmentPolicy: 'open' });
    const sam = await site.signup('open-sam');
    const listed = (await sam.api.listCatalogue()).courses.find(({ id }) => id === course.params.courseId);
    expect(listed).toMatchObject({ title: 'Open course', role: null });
    expect(await sam.api.enrol(course)).toMatchObject({ role: 'student', enrolmentCount: null });
    expect(await refusal(sam.api.enrol(course))).toMatchObject({ code: 'enrolment.exists', status: 409 });
    expect((await sam.api.listCourses()).courses).toHaveLength(1);
  });

  it('requires the current code in a course with a code', async () => {
    const course = await courseOf({ title: 'Coded', enrolmentPolicy: 'code' });
    const { enrolmentCode: code } = await ada.api.getCourse(course);
    const [sam, sue] = [await site.signup('code-sam'), await site.signup('code-sue')];
    expect((await sam.api.listCatalogue()).courses.map(({ title }) => title)).not.toContain('Coded');
    expect(await sam.api.getCourse(course)).toMatchObject({ title: 'Coded', role: null, enrolmentCode: null });
    expect(await refusal(sam.api.enrol(course))).toMatchObject({ code: 'course.codeWrong', errors: [{ path: 'code' }] });
    expect(await refusal(sam.api.enrol({ ...course, body: { code: 'guess' } }))).toMatchObject({ code: 'course.codeWrong' });
    expect(await sam.api.enrol({ ...course, body: { code: (code ?? '').toUpperCase() } })).toMatchObject({ role: 'student', enrolmentCode: null });
    const { enrolmentCode: next } = await ada.api.updateCourse({ ...course, body: { newEnrolmentCode: true } });
    expect(next).not.toBe(code);
    expect(await refusal(sue.api.enrol({ ...course, body: { code: code ?? '' } }))).toMatchObject({ code: 'course.codeWrong' });
  });

  it('limits guesses at a code', async () => {
    const course = await courseOf({ title: 'Guessed', enrolmentPolicy: 'code' });
    const eve = await site.signup('guess-eve');
    const guess = (code: string) => refusal(eve.api.enrol({ ...course, body: { code } }));
    for (let i = 0; i < 20; i += 1) await guess(`guess${i}`);
    expect((await guess('one more')).code).toBe('request.tooFrequent');
  });

  it('is done by the owner in a closed course, which others cannot see', async () => {
    const course = await courseOf({ title: 'Closed', enrolmentPolicy: 'closed' });
    const sam = await site.signup('closed-sam');
    expect(await refusal(sam.api.getCourse(course))).toMatchObject({ code: 'access.denied' });
    expect(await refusal(sam.api.enrol(course))).toMatchObject({ code: 'course.closed' });
    await sam.join(ada, course.params.courseId, 'assistant');
    expect(await sam.api.getCourse(course)).toMatchObject({ role: 'assistant', enrolmentCount: 2 });
    const { enrolments } = await sam.api.listEnrolments(course);
    expect(enrolments.map(({ displayName, role }) => `${displayName} ${role}`).sort()).toEqual(['Ada owner', 'closed-sam assistant']);
  });
});

describe('leaving a course', () => {
  it('removes the user from its live room and revokes all permissions', async () => {
    const course = await courseOf({ title: 'Left', enrolmentPolicy: 'open' });
    const [sam, sue] = [await site.signup('left-sam'), await site.signup('left-sue')];
    await sam.api.enrol(course);
    await sue.api.enrol(course);
    const { id: lectureId } = await ada.api.startLecture({ body: { ...course.params, title: 'Live' } });
    const { lecture } = site.enter(lectureId, sam);
    site.enter(lectureId, sue);
    const removeSam = { params: { ...course.params, userId: sam.userId } };
    expect(await refusal(sue.api.removeEnrolment(removeSam))).toMatchObject({ code: 'access.denied' });
    await ada.api.removeEnrolment(removeSam);
    await sue.api.leaveCourse(course);
    expect(lecture.roster.peopleCount).toBe(0);
    expect(await refusal(sam.api.listLectures(course))).toMatchObject({ code: 'enrolment.removed', status: 403 });
    expect(await site.api.courseRoles.roleOf(UserId.parse(sue.userId), (await ada.api.getCourse(course)).id)).toBeUndefined();
    expect(await refusal(ada.api.removeEnrolment(removeSam))).toMatchObject({ code: 'enrolment.notFound' });
    expect(await refusal(ada.api.leaveCourse(course))).toMatchObject({ code: 'access.denied' });
    expect(await ada.api.getCourse(course)).toMatchObject({ role: 'owner' });
  });
});

describe('the role in a course', () => {
  it('changes in its live room too', async () => {
    const course = await courseOf({ title: 'Roles', enrolmentPolicy: 'closed' });
    const sam = await site.signup('roles-sam');
    const enrolAs = (role: 'assistant' | 'student') => ada.api.setEnrolmentRole({ params: { ...course.params, userId: sam.userId }, body: { role } });
    const { id: lectureId } = await ada.api.startLecture({ body: { ...course.params, title: 'Live' } });
    expect(await refusal(enrolAs('student'))).toMatchObject({ code: 'enrolment.notFound' });
    await sam.join(ada, course.params.courseId, 'student');
    const { lecture, participant } = site.enter(lectureId, sam);
    await enrolAs('assistant');
    expect(lecture.roster.get(participant.id).role).toBe('assistant');
    await enrolAs('student');
    expect(lecture.roster.has(participant.id)).toBe(false);
  });

  it('ends with the account, which is removed from every live room', async () => {
    const courses = [await courseOf({ title: 'One', enrolmentPolicy: 'open' }), await courseOf({ title: 'Two', enrolmentPolicy: 'open' })];
    const sam = await site.signup('gone-sam');
    const rooms: LiveLecture[] = [];
    for (const course of courses) {
      await sam.api.enrol(course);
      const { id: lectureId } = await ada.api.startLecture({ body: { ...course.params, title: 'Live' } });
      rooms.push(site.enter(lectureId, sam).lecture);
    }
    const roles = openCourseRoles(site.database);
    const roleOf = async () => roles.roleOf(UserId.parse(sam.userId), (await ada.api.getCourse(courses[0]!)).id);
    expect(await roleOf()).toBe('student');
    await sam.api.deactivate();
    expect(await roleOf()).toBeUndefined();
    expect(rooms.map(({ roster }) => roster.peopleCount)).toEqual([0, 0]);
  });
});

describe('the stream key of a course', () => {
  it.each([[443, 'rtmps://127.0.0.1/live'], [1936, 'rtmps://127.0.0.1:1936/live']])('is shown with the RTMPS address when RTMPS is open on port %d', async (rtmpsPort, serverUrl) => {
    const secure = await startTestApi({ rtmpsPort });
    const owner = await secure.firstAccount();
    const { id: courseId } = await owner.api.createCourse({ body: { title: 'From OBS', enrolmentPolicy: 'open' } });
    expect(await owner.api.getStreamKey({ params: { courseId } })).toEqual({ serverUrl, key: null });
  });

  it('is shown once, replaced and revoked by the owner', async () => {
    const course = await courseOf({ title: 'From OBS', enrolmentPolicy: 'open' });
    expect(await ada.api.getStreamKey(course)).toEqual({ serverUrl: 'rtmp://127.0.0.1/live', key: null });
    const { streamKey } = await ada.api.issueStreamKey(course);
    const shown = await ada.api.getStreamKey(course);
    expect(shown.key?.hint).toBe(streamKey.slice(-4));
    expect(JSON.stringify(shown)).not.toContain(streamKey);
    expect((await ada.api.issueStreamKey(course)).streamKey).not.toBe(streamKey);
    await ada.api.deleteStreamKey(course);
    expect(await refusal(ada.api.deleteStreamKey(course))).toMatchObject({ code: 'streamKey.notFound' });
    const sam = await site.signup('key-sam');
    await sam.api.enrol(course);
    for (const problem of await Promise.all([sam.api.getStreamKey(course), sam.api.issueStreamKey(course), sam.api.deleteStreamKey(course)].map(refusal))) {
      expect(problem).toMatchObject({ code: 'access.denied' });
    }
  });
});
