import { describe, expect, it } from 'vitest';
import type { CourseId, LectureId } from '#engine/contract';
import type { SeriesForm } from '../contract/index.ts';
import { refusal, startSharedTestApi } from '../testing/index.ts';

// The clock of the tests begins in 2030.
const site = await startSharedTestApi();
const ada = await site.firstAccount();

async function newCourse(timeZone = 'Europe/Madrid'): Promise<CourseId> {
  return (await ada.api.createCourse({ body: { title: 'Optics', timeZone } })).id;
}

const form: SeriesForm = { title: 'Optics', weekdays: [2], startTime: '10:00', firstDate: '2030-10-01', untilDate: null, count: 6, skippedDates: [], durationMinutes: 90, isRecorded: true };
const ids = (lectures: readonly { id: LectureId }[]) => lectures.map(({ id }) => id);
const starts = (lectures: readonly { scheduledAt: string | null }[]) => lectures.map(({ scheduledAt }) => scheduledAt?.slice(0, 16));
const create = (courseId: CourseId, change: Partial<SeriesForm> = {}) => ada.api.createSeries({ params: { courseId }, body: { ...form, ...change } });
const listed = async (courseId: CourseId) => (await ada.api.listLectures({ params: { courseId } })).lectures;
const of = (lectureId: LectureId | undefined) => ({ params: { lectureId: lectureId ?? '' } });

describe('a weekly series', () => {
  it('stays at its local time when daylight saving ends', async () => {
    const { lectures } = await create(await newCourse());
    expect(starts(lectures)).toEqual(['2030-10-01T08:00', '2030-10-08T08:00', '2030-10-15T08:00', '2030-10-22T08:00', '2030-10-29T09:00', '2030-11-05T09:00']);
    expect(lectures[0]).toMatchObject({ title: 'Optics', durationMinutes: 90, state: 'scheduled', series: { date: '2030-10-01', isChanged: false } });
    const { lectures: american } = await create(await newCourse('America/New_York'));
    expect(starts(american)).toEqual(['2030-10-01T14:00', '2030-10-08T14:00', '2030-10-15T14:00', '2030-10-22T14:00', '2030-10-29T14:00', '2030-11-05T15:00']);
  });

  it('is previewed with what will happen on each date', async () => {
    const courseId = await newCourse();
    await ada.api.setHolidays({ params: { courseId }, body: { holidays: [{ date: '2030-10-15', name: 'Fair' }] } });
    await ada.api.scheduleLecture({ params: { courseId }, body: { title: 'Guest', scheduledAt: '2030-10-22T09:00:00.000Z', durationMinutes: 60 } });
    const body = { ...form, firstDate: '2029-12-25', untilDate: '2030-10-29', count: null, skippedDates: ['2030-10-08'], weekdays: [2], durationMinutes: 90 };
    const { timeZone, dates } = await ada.api.previewSeries({ params: { courseId }, body });
    expect(timeZone).toBe('Europe/Madrid');
    const noted = dates.filter(({ note, date }) => note !== null && (note !== 'past' || date === '2029-12-25')).map(({ date, note, detail }) => [date, note, detail]);
    expect(noted).toEqual([['2029-12-25', 'past', null], ['2030-10-08', 'skipped', null], ['2030-10-15', 'holiday', 'Fair'], ['2030-10-22', 'overlapping', 'Guest']]);
    const night = await ada.api.previewSeries({ params: { courseId }, body: { ...form, weekdays: [7], startTime: '02:30', firstDate: '2030-03-31', count: 31 } });
    expect(night.dates.filter(({ note }) => note !== null)).toMatchObject([{ date: '2030-03-31', note: 'movedByClockChange' }, { date: '2030-10-27', note: 'firstOfTwo' }]);
    expect((await listed(courseId)).map(({ title }) => title)).toEqual(['Guest']);
  });

  it('is refused as a whole when one of its dates is taken, unless that date is skipped', async () => {
    const courseId = await newCourse();
    const { id } = await ada.api.scheduleLecture({ params: { courseId }, body: { title: 'Guest', scheduledAt: '2030-10-29T10:00:00.000Z', durationMinutes: 60 } });
    const error = await refusal(create(courseId));
    expect(error).toMatchObject({ code: 'lecture.overlapping', status: 409 });
    expect(error.detail).toContain('“Guest” on Tue 29 Oct 2030, 11:00 (Europe/Madrid)');
    expect(ids(await listed(courseId))).toEqual([id]);
    expect((await ada.api.getSchedule({ params: { courseId } })).series).toEqual([]);
    expect((await create(courseId, { skippedDates: ['2030-10-29'] })).lectures).toHaveLength(5);
  });

  it('refuses a rule that is wrong', async () => {
    const courseId = await newCourse();
    for (const [change, path] of [[{ weekdays: [] }, 'weekdays'], [{ weekdays: [8] }, 'weekdays.0'], [{ startTime: '25:00' }, 'startTime'], [{ firstDate: '2030-02-30' }, 'firstDate'], [{ count: null }, 'untilDate'], [{ count: 1000 }, 'count']] as const) {
      expect(await refusal(create(courseId, change as Partial<SeriesForm>)), path).toMatchObject({ code: 'request.invalid', errors: [{ path }] });
    }
    expect(await refusal(create(courseId, { firstDate: '2020-01-01' }))).toMatchObject({ code: 'lecture.timePassed', status: 409, errors: [{ path: 'firstDate' }] });
    expect(await listed(courseId)).toEqual([]);
  });
});

describe('a change of a series', () => {
  it('of all lectures keeps their ids, and what was changed in one alone', async () => {
    const courseId = await newCourse();
    const { lectures } = await create(courseId);
    const [, second, third] = lectures;
    await ada.api.updateLecture({ ...of(second?.id), body: { title: 'Lenses' } });
    await ada.api.updateLecture({ ...of(third?.id), body: { scheduledAt: '2030-10-18T12:00:00.000Z' } });
    const changed = await ada.api.updateSeries({ ...of(lectures[3]?.id), body: { scope: 'all', title: 'Optics I', startTime: '12:00', weekdays: [3] } });
    expect(new Set(ids(changed.lectures))).toEqual(new Set(ids(lectures)));
    expect(starts(changed.lectures)).toEqual(['2030-10-02T10:00', '2030-10-09T10:00', '2030-10-18T12:00', '2030-10-23T10:00', '2030-10-30T11:00', '2030-11-06T11:00']);
    expect(changed.lectures.map(({ title }) => title)).toEqual(['Optics I', 'Lenses', 'Optics I', 'Optics I', 'Optics I', 'Optics I']);
    expect(changed.lectures.map(({ series }) => series?.isChanged)).toEqual([false, true, true, false, false, false]);
  });

  it('of one and the following lectures makes a series of its own', async () => {
    const courseId = await newCourse();
    const { lectures, series } = await create(courseId, { skippedDates: ['2030-10-29'] });
    const changed = await ada.api.updateSeries({ ...of(lectures[2]?.id), body: { scope: 'following', startTime: '16:00', durationMinutes: 60 } });
    expect(changed.series.id).not.toBe(series.id);
    expect(ids(changed.lectures)).toEqual(ids(lectures.slice(2)));
    const all = (await listed(courseId)).reverse();
    expect(starts(all).sort()).toEqual(['2030-10-01T08:00', '2030-10-08T08:00', '2030-10-15T14:00', '2030-10-22T14:00', '2030-11-05T15:00']);
    expect((await ada.api.getSchedule({ params: { courseId } })).series).toMatchObject([
      { id: series.id, untilDate: '2030-10-14', count: null, startTime: '10:00' },
      { id: changed.series.id, firstDate: '2030-10-15', count: 4, startTime: '16:00', skippedDates: ['2030-10-29'] },
    ]);
    const longer = await ada.api.updateSeries({ ...of(lectures[0]?.id), body: { scope: 'all', title: 'Before' } });
    expect(longer.lectures.map(({ title }) => title)).toEqual(['Before', 'Before']);
  });

  it('lengthens and shortens it', async () => {
    const courseId = await newCourse();
    const { lectures } = await create(courseId);
    const scope = 'all' as const;
    const shorter = await ada.api.updateSeries({ ...of(lectures[0]?.id), body: { scope, count: 2 } });
    expect(ids(shorter.lectures)).toEqual(ids(lectures.slice(0, 2)));
    const longer = await ada.api.updateSeries({ ...of(lectures[0]?.id), body: { scope, untilDate: '2030-10-22' } });
    expect(longer.lectures).toHaveLength(4);
    expect(longer.series).toMatchObject({ untilDate: '2030-10-22', count: null });
  });

  it('is refused as a whole when it leads to another lecture of the course', async () => {
    const courseId = await newCourse();
    const { lectures } = await create(courseId);
    await ada.api.scheduleLecture({ params: { courseId }, body: { title: 'Guest', scheduledAt: '2030-11-05T15:30:00.000Z', durationMinutes: 60 } });
    const later = ada.api.updateSeries({ ...of(lectures[0]?.id), body: { scope: 'all', startTime: '16:00' } });
    expect(await refusal(later)).toMatchObject({ code: 'lecture.overlapping' });
    expect(starts((await listed(courseId)).filter(({ series }) => series))).toEqual(starts(lectures));
    expect((await ada.api.getSchedule({ params: { courseId } })).series).toMatchObject([{ startTime: '10:00' }]);
  });

  it('leaves lectures that were held, are live or should have begun', async () => {
    const courseId = await newCourse();
    const { lectures } = await create(courseId, { firstDate: '2030-01-01', weekdays: [1, 2, 3, 4, 5], count: 10 });
    const [first, second] = lectures;
    const { id: held } = await ada.api.startLecture({ body: { lectureId: first?.id ?? '' } });
    await ada.api.endLecture(of(held));
    const { id: live } = await ada.api.startLecture({ body: { lectureId: second?.id ?? '' } });
    const changed = await ada.api.updateSeries({ ...of(lectures[5]?.id), body: { scope: 'all', title: 'Later', startTime: '18:00' } });
    const titles = new Map(changed.lectures.map(({ id, title }) => [id, title]));
    expect([titles.get(held), titles.get(live), titles.get(lectures[2]?.id ?? held)]).toEqual(['Optics', 'Optics', 'Later']);
    expect(ids(changed.lectures)).toEqual(ids(lectures));
    await ada.api.deleteSeries({ ...of(lectures[5]?.id), query: { scope: 'all' } });
    expect((await listed(courseId)).map(({ id, state }) => [id, state])).toEqual([[live, 'live'], [held, 'ended']]);
    await ada.api.endLecture(of(live));
  });

  it('is refused for a lecture without a series, and for one whose series was deleted', async () => {
    const courseId = await newCourse();
    const { id } = await ada.api.scheduleLecture({ params: { courseId }, body: { title: 'Single' } });
    expect(await refusal(ada.api.updateSeries({ ...of(id), body: { scope: 'all', title: 'No' } }))).toMatchObject({ code: 'series.notFound', status: 404 });
    expect(await refusal(ada.api.deleteSeries({ ...of(id), query: { scope: 'all' } }))).toMatchObject({ code: 'series.notFound' });
  });
});

describe('a new time zone of the course', () => {
  it('moves the lectures of its series, which stay at their local times, and no lecture that was scheduled singly', async () => {
    const courseId = await newCourse('Europe/Madrid');
    const { lectures } = await create(courseId, { count: 2 });
    const { id } = await ada.api.scheduleLecture({ params: { courseId }, body: { title: 'Guest', scheduledAt: '2030-10-01T14:30:00.000Z', durationMinutes: 60 } });
    const move = (timeZone: string) => ada.api.updateCourse({ params: { courseId }, body: { timeZone } });
    expect(await refusal(move('America/New_York'))).toMatchObject({ code: 'lecture.overlapping' });
    expect((await ada.api.getSchedule({ params: { courseId } })).timeZone).toBe('Europe/Madrid');
    await move('Asia/Tokyo');
    const all = await listed(courseId);
    expect(starts(lectures.map((lecture) => all.find((each) => each.id === lecture.id) ?? lecture))).toEqual(['2030-10-01T01:00', '2030-10-08T01:00']);
    expect(starts(all.filter((each) => each.id === id))).toEqual(['2030-10-01T14:30']);
  });
});

describe('an exception', () => {
  it('stays when one date was cancelled', async () => {
    const courseId = await newCourse();
    const { lectures } = await create(courseId);
    await ada.api.deleteLecture(of(lectures[1]?.id));
    const changed = await ada.api.updateSeries({ ...of(lectures[0]?.id), body: { scope: 'all', weekdays: [4] } });
    expect(starts(changed.lectures)).toEqual(['2030-10-03T08:00', '2030-10-17T08:00', '2030-10-24T08:00', '2030-10-31T09:00', '2030-11-07T09:00']);
    expect(changed.series.skippedDates).toEqual(['2030-10-10']);
    const back = await ada.api.updateSeries({ ...of(lectures[0]?.id), body: { scope: 'all', skippedDates: [] } });
    expect(back.lectures).toHaveLength(6);
  });

  it('is every holiday of the course, and no lecture that was moved away from it', async () => {
    const courseId = await newCourse();
    const { lectures } = await create(courseId);
    await ada.api.updateLecture({ ...of(lectures[2]?.id), body: { scheduledAt: '2030-10-17T08:00:00.000Z' } });
    const holidays = [{ date: '2030-10-15', name: 'Fair' }, { date: '2030-10-08', name: 'Strike' }];
    const schedule = await ada.api.setHolidays({ params: { courseId }, body: { holidays } });
    expect(schedule.holidays.map(({ date }) => date)).toEqual(['2030-10-08', '2030-10-15']);
    expect(new Set(ids(await listed(courseId)))).toEqual(new Set(ids(lectures.filter((_, index) => index !== 1))));
    await ada.api.setHolidays({ params: { courseId }, body: { holidays: [] } });
    expect(starts(await listed(courseId))).toContain('2030-10-08T08:00');
  });

  it('deletes a lecture and the following ones', async () => {
    const courseId = await newCourse();
    const { lectures } = await create(courseId);
    await ada.api.deleteSeries({ ...of(lectures[2]?.id), query: { scope: 'following' } });
    expect(ids(await listed(courseId)).sort()).toEqual(ids(lectures.slice(0, 2)).sort());
    expect((await ada.api.getSchedule({ params: { courseId } })).series).toMatchObject([{ untilDate: '2030-10-14' }]);
  });
});

describe('a single lecture', () => {
  it('is refused at the time of another one of the course, and can follow directly', async () => {
    const courseId = await newCourse();
    const schedule = (scheduledAt: string) => ada.api.scheduleLecture({ params: { courseId }, body: { title: 'Waves', scheduledAt, durationMinutes: 60 } });
    const { id } = await schedule('2030-05-02T10:00:00.000Z');
    expect(await refusal(schedule('2030-05-02T10:59:00.000Z'))).toMatchObject({ code: 'lecture.overlapping' });
    expect(await refusal(schedule('2030-05-02T09:30:00.000Z'))).toMatchObject({ code: 'lecture.overlapping' });
    const next = await schedule('2030-05-02T11:00:00.000Z');
    expect(await refusal(ada.api.updateLecture({ ...of(id), body: { durationMinutes: 61 } }))).toMatchObject({ code: 'lecture.overlapping' });
    expect(await refusal(ada.api.updateLecture({ ...of(next.id), body: { scheduledAt: '2030-05-02T10:30:00.000Z' } }))).toMatchObject({ code: 'lecture.overlapping' });
    expect(await ada.api.updateLecture({ ...of(next.id), body: { title: 'More waves' } })).toMatchObject({ title: 'More waves' });
    const other = await newCourse();
    await ada.api.scheduleLecture({ params: { courseId: other }, body: { title: 'Elsewhere', scheduledAt: '2030-05-02T10:00:00.000Z', durationMinutes: 60 } });
  });
});

describe('the schedule of a course', () => {
  it('is read by its students and changed by its instructors only', async () => {
    const courseId = await newCourse();
    const { lectures } = await create(courseId);
    const sam = await (await site.signup('series-sam')).join(ada, courseId, 'student');
    const tom = await (await site.signup('series-tom')).join(ada, courseId, 'assistant');
    expect((await sam.api.getSchedule({ params: { courseId } })).series).toHaveLength(1);
    const first = of(lectures[0]?.id);
    const course = { params: { courseId } };
    const calls = [
      () => sam.api.createSeries({ ...course, body: form }),
      () => sam.api.previewSeries({ ...course, body: form }),
      () => sam.api.setHolidays({ ...course, body: { holidays: [] } }),
      () => sam.api.updateSeries({ ...first, body: { scope: 'all', title: 'x' } }),
      () => sam.api.deleteSeries({ ...first, query: { scope: 'all' } }),
    ];
    for (const call of calls) expect(await refusal(call())).toMatchObject({ code: 'access.denied' });
    expect((await tom.api.updateSeries({ ...first, body: { scope: 'all', title: 'Tom’s' } })).series.title).toBe('Tom’s');
  });
});
