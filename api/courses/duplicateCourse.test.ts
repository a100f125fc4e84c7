import { describe, expect, it } from 'vitest';
import { refusal, startSharedTestApi, startTestApi } from '../testing/index.ts';

const site = await startSharedTestApi();
const ada = await site.firstAccount();
const dayMs = 24 * 3600_000;
const inDays = (days: number) => new Date(site.clock.nowMs() + days * dayMs).toISOString();

const settings = { description: '# Light', enrolmentPolicy: 'open' as const, tags: ['light'], timeZone: 'Europe/Berlin', language: 'de' };

async function taught() {
  const { id: courseId } = await ada.api.createCourse({ body: { title: 'Optics', ...settings, term: { startsOn: '2026-04-01', endsOn: '2026-07-15' } } });
  const course = { params: { courseId } };
  const sam = await (await site.signup(`copied-sam-${courseId}`)).join(ada, courseId, 'student');
  await ada.api.scheduleLecture({ ...course, body: { title: 'Waves', scheduledAt: inDays(7), durationMinutes: 90, isRecorded: false } });
  await ada.api.scheduleLecture({ ...course, body: { title: 'Without a date' } });
  return { course, sam };
}

describe('A copy of a course for the next term', () => {
  it('is a draft with the same settings, a code of its own, and neither people nor lectures', async () => {
    const { course } = await taught();
    const source = await ada.api.getCourse(course);
    const term = { startsOn: '2026-10-01', endsOn: '2027-02-15' };
    const copy = await ada.api.duplicateCourse({ ...course, body: { title: 'Optics II', term } });
    expect(copy).toMatchObject({ title: 'Optics II', state: 'draft', role: 'owner', enrolmentCount: 1, term, ...settings });
    expect(copy.id).not.toBe(source.id);
    expect((await ada.api.listLectures({ params: { courseId: copy.id } })).lectures).toEqual([]);
    await ada.api.updateCourse({ params: { courseId: copy.id }, body: { enrolmentPolicy: 'code' } });
    await ada.api.updateCourse({ ...course, body: { enrolmentPolicy: 'code' } });
    const codes = await Promise.all([copy.id, source.id].map(async (courseId) => (await ada.api.getCourse({ params: { courseId } })).enrolmentCode));
    expect(new Set(codes).size).toBe(2);
  });

  it('has the lectures with a date, moved by weeks at the same time in the time zone of the course', async () => {
    const { course } = await taught();
    const ended = await ada.api.scheduleLecture({ ...course, body: { title: 'Rays', scheduledAt: inDays(0) } });
    await ada.api.startLecture({ body: { lectureId: ended.id } });
    await ada.api.endLecture({ params: { lectureId: ended.id } });
    const copy = await ada.api.duplicateCourse({ ...course, body: { title: 'Optics', lectures: { shiftWeeks: 52 } } });
    const { lectures } = await ada.api.listLectures({ params: { courseId: copy.id } });
    expect(lectures.map(({ title, state, durationMinutes, isRecorded, videoId }) => ({ title, state, durationMinutes, isRecorded, videoId }))).toEqual([
      { title: 'Rays', state: 'scheduled', durationMinutes: null, isRecorded: true, videoId: null },
      { title: 'Waves', state: 'scheduled', durationMinutes: 90, isRecorded: false, videoId: null },
    ]);
    const clock = (instant: string | null) => new Date(instant ?? '').toLocaleString('en', { timeZone: 'Europe/Berlin', weekday: 'short', hour: '2-digit', minute: '2-digit' });
    expect(clock(lectures[0]?.scheduledAt ?? null)).toBe(clock(ended.scheduledAt));
  });

  it('is refused, and nothing is made, when a lecture would be in the past', async () => {
    const { course } = await taught();
    const before = (await ada.api.listCourses()).courses.length;
    const problem = await refusal(ada.api.duplicateCourse({ ...course, body: { title: 'Optics', lectures: { shiftWeeks: -2 } } }));
    expect(problem).toMatchObject({ code: 'lecture.timePassed', status: 409, errors: [{ path: 'lectures.shiftWeeks' }] });
    expect((await ada.api.listCourses()).courses).toHaveLength(before);
  });

  it('is in the trash when its lectures cannot be stored', async () => {
    let isFull = false;
    const own = await startTestApi({ isWriteRefused: ({ collection }) => isFull && collection === 'lectures' });
    const owner = await own.firstAccount();
    const { id: courseId } = await owner.api.createCourse({ body: { title: 'Optics' } });
    await owner.api.scheduleLecture({ params: { courseId }, body: { title: 'Waves', scheduledAt: new Date(own.clock.nowMs() + dayMs).toISOString() } });
    isFull = true;
    expect(await refusal(owner.api.duplicateCourse({ params: { courseId }, body: { title: 'Copy', lectures: { shiftWeeks: 26 } } }))).toMatchObject({ code: 'disk.full' });
    expect((await owner.api.listCourses()).courses.map(({ id }) => id)).toEqual([courseId]);
    expect((await owner.api.listDeletedCourses()).courses).toMatchObject([{ title: 'Copy' }]);
  });

  it('is made by the owner only', async () => {
    const { course, sam } = await taught();
    expect(await refusal(sam.api.duplicateCourse({ ...course, body: { title: 'Mine' } }))).toMatchObject({ code: 'access.denied' });
    await ada.api.setUserRoles({ params: { userId: sam.userId }, body: { roles: ['instructor'] } });
    expect(await refusal(sam.api.duplicateCourse({ ...course, body: { title: 'Mine' } }))).toMatchObject({ code: 'access.denied' });
  });
});
