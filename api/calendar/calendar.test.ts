import ICAL from 'ical.js';
import { describe, expect, it } from 'vitest';
import type { CourseId, LectureId } from '#engine/contract';
import { assumedMinutes, cancelledLecturesMs, feedRequests } from '../learningLimits.ts';
import { refusal, startSharedTestApi } from '../testing/index.ts';
import type { Browser } from '../testing/index.ts';

// The clock of the tests begins in 2030.
const site = await startSharedTestApi();
const ada = await site.firstAccount();

async function newCourse(title: string, timeZone = 'UTC'): Promise<CourseId> {
  return (await ada.api.createCourse({ body: { title, timeZone } })).id;
}

const weekly = { title: 'Optics', weekdays: [2], startTime: '10:00', firstDate: '2030-01-15', count: 45, durationMinutes: 90 };

/** Fetches a feed as a calendar program does: without a cookie or a token. */
const fetchFeed = (url: string, headers: Record<string, string> = {}) => fetch(url, { headers });

async function eventsOf(text: string): Promise<{ uid: string; summary: string; startMs: number; endMs: number; status: string; sequence: number; url: string }[]> {
  const calendar = new ICAL.Component(ICAL.parse(text) as never);
  return calendar.getAllSubcomponents('vevent').map((component) => {
    const { uid, summary, startDate, endDate, sequence } = new ICAL.Event(component);
    const url = String(component.getFirstPropertyValue('url'));
    return { uid, summary, startMs: startDate.toJSDate().getTime(), endMs: endDate.toJSDate().getTime(), status: String(component.getFirstPropertyValue('status')), sequence, url };
  });
}

const readFeed = async (url: string) => eventsOf(await (await fetchFeed(url)).text());
const feedOf = async (who: Browser, courseId: CourseId | null) => who.api.createCalendarFeed({ body: { courseId } });

function localOf(atMs: number, timeZone: string): string {
  return new Date(atMs).toLocaleString('en-GB', { timeZone, weekday: 'short', hour: '2-digit', minute: '2-digit' });
}

describe('the feed of a course', () => {
  it.each([
    ['Europe/Madrid', ['2030-03-31', '2030-10-27']],
    ['America/New_York', ['2030-03-10', '2030-11-03']],
  ])('has a weekly series at the same local time before and after daylight saving in %s', async (timeZone, changes) => {
    const courseId = await newCourse('Optics', timeZone);
    const { lectures } = await ada.api.createSeries({ params: { courseId }, body: weekly });
    const { url } = await feedOf(ada, courseId);
    const events = await readFeed(url);
    expect(events).toHaveLength(45);
    expect(new Set(events.map(({ startMs }) => localOf(startMs, timeZone)))).toEqual(new Set(['Tue 10:00']));
    expect(new Set(events.map(({ endMs }) => localOf(endMs, timeZone)))).toEqual(new Set(['Tue 11:30']));
    const utcHours = events.map(({ startMs }) => new Date(startMs).getUTCHours());
    expect(utcHours.filter((hour, index) => index > 0 && hour !== utcHours[index - 1])).toHaveLength(changes.length);
    for (const change of changes) {
      const [before, after] = [events.filter(({ startMs }) => startMs < Date.parse(change)).at(-1), events.find(({ startMs }) => startMs > Date.parse(change))];
      expect(Math.abs((after?.startMs ?? 0) - (before?.startMs ?? 0) - 7 * 24 * 3600_000)).toBe(3600_000);
    }
    expect(events.map(({ uid }) => uid)).toEqual(lectures.map(({ id }) => `${id}@lectern`));
    expect(events[0]).toMatchObject({ summary: 'Optics', status: 'CONFIRMED', sequence: 0, url: `${site.url}/live/${lectures[0]?.id ?? ''}` });
  });

  it('keeps the ids of events that are moved, counts their changes, and says which are cancelled', async () => {
    const courseId = await newCourse('Waves');
    const { lectures } = await ada.api.createSeries({ params: { courseId }, body: { ...weekly, count: 3 } });
    const { url } = await feedOf(ada, courseId);
    const [first, second, third] = lectures.map(({ id }) => id);
    const of = (lectureId: LectureId | undefined) => ({ params: { lectureId: lectureId ?? '' } });
    await ada.api.updateLecture({ ...of(first), body: { scheduledAt: '2030-01-16T09:00:00.000Z', title: 'Moved; with, marks\\ and "quotes" 🎓' } });
    await ada.api.deleteLecture(of(second));
    const events = new Map((await readFeed(url)).map((event) => [event.uid, event]));
    expect(events.get(`${first ?? ''}@lectern`)).toMatchObject({ summary: 'Moved; with, marks\\ and "quotes" 🎓', startMs: Date.parse('2030-01-16T09:00Z'), sequence: 1, status: 'CONFIRMED' });
    expect(events.get(`${second ?? ''}@lectern`)).toMatchObject({ status: 'CANCELLED', sequence: 1 });
    expect(events.get(`${third ?? ''}@lectern`)).toMatchObject({ status: 'CONFIRMED', sequence: 0 });
  });

  it('is cacheable: it has an ETag that changes with the plan only', async () => {
    const courseId = await newCourse('Cached');
    const { url } = await feedOf(ada, courseId);
    const later = new Date(site.clock.nowMs() + 86_400_000).toISOString();
    await ada.api.scheduleLecture({ params: { courseId }, body: { title: 'Waves', scheduledAt: later } });
    const first = await fetchFeed(url);
    const etag = first.headers.get('etag') ?? '';
    expect([first.status, first.headers.get('content-type'), first.headers.get('cache-control'), first.headers.get('set-cookie')]).toEqual([200, 'text/calendar; charset=utf-8', 'private, max-age=300', null]);
    const text = await first.text();
    expect(text).toMatch(/^BEGIN:VCALENDAR\r\n/);
    expect(text).toContain('REFRESH-INTERVAL;VALUE=DURATION:PT1H');
    for (const line of text.split('\r\n')) expect(Buffer.byteLength(line)).toBeLessThanOrEqual(75);
    const [event] = await eventsOf(text);
    expect((event?.endMs ?? 0) - (event?.startMs ?? 0)).toBe(assumedMinutes * 60_000);
    site.clock.advance(60_000);
    expect((await fetchFeed(url, { 'if-none-match': etag })).status).toBe(304);
    expect((await fetchFeed(url, { 'if-none-match': `"other", W/${etag}` })).status).toBe(304);
    await ada.api.updateCourse({ params: { courseId }, body: { title: 'Renamed' } });
    expect((await fetchFeed(url, { 'if-none-match': etag })).status).toBe(200);
    expect((await fetch(url, { method: 'HEAD' })).status).toBe(200);
  });
});

describe('the feed of a person', () => {
  it('has the lectures of all courses of the person, and loses those of a course that was left', async () => {
    const [physics, chemistry] = [await newCourse('Physics'), await newCourse('Chemistry')];
    const sam = await (await site.signup('feed-sam')).join(ada, physics, 'student');
    await sam.join(ada, chemistry, 'student');
    const at = (days: number) => new Date(site.clock.nowMs() + days * 86_400_000).toISOString();
    await ada.api.scheduleLecture({ params: { courseId: physics }, body: { title: 'Waves', scheduledAt: at(1) } });
    await ada.api.scheduleLecture({ params: { courseId: chemistry }, body: { title: 'Acids', scheduledAt: at(2) } });
    const { url } = await feedOf(sam, null);
    const ofPhysics = await feedOf(sam, physics);
    expect((await readFeed(url)).map(({ summary }) => summary)).toEqual(['Waves', 'Acids']);
    const span = { from: at(0), before: at(50) };
    const calendar = await sam.api.getCalendar({ query: span });
    expect(calendar.lectures.map(({ title, courseTitle }) => [title, courseTitle])).toEqual([['Waves', 'Physics'], ['Acids', 'Chemistry']]);
    expect(calendar.timeZones).toEqual({ [physics]: 'UTC', [chemistry]: 'UTC' });
    await sam.api.leaveCourse({ params: { courseId: physics } });
    expect((await readFeed(url)).map(({ summary }) => summary)).toEqual(['Acids']);
    expect((await sam.api.getCalendar({ query: span })).lectures).toHaveLength(1);
    expect((await fetchFeed(ofPhysics.url)).status).toBe(404);
  });

  it('stops with its link, with a new link, and with the account', async () => {
    const sam = await site.signup('revoked-sam');
    const first = await feedOf(sam, null);
    const second = await feedOf(sam, null);
    expect([(await fetchFeed(first.url)).status, (await fetchFeed(second.url)).status]).toEqual([404, 200]);
    expect((await sam.api.listCalendarFeeds()).feeds).toMatchObject([{ id: second.id, courseId: null }]);
    expect(await refusal(ada.api.deleteCalendarFeed({ params: { calendarId: second.id } }))).toMatchObject({ code: 'calendar.notFound' });
    await sam.api.deleteCalendarFeed({ params: { calendarId: second.id } });
    expect((await fetchFeed(second.url)).status).toBe(404);
    const third = await feedOf(sam, null);
    await sam.api.deactivate();
    expect((await fetchFeed(third.url)).status).toBe(404);
  });

  it('has a secret link: the database and the log know only its hash', async () => {
    const { url } = await feedOf(ada, null);
    const token = /calendars\/(\w+)\.ics$/.exec(url)?.[1] ?? '';
    expect(token).toHaveLength(48);
    const feeds = site.database.collection<{ _id: string }>({ name: 'calendarFeeds', indexes: [{ keys: { hash: 1 } as never, unique: true }, { keys: { userId: 1, courseId: 1 } as never, unique: true }, { keys: { courseId: 1 } as never }] });
    expect(JSON.stringify(await feeds.find({}))).not.toContain(token);
    for (const path of [`/${token}.ics`, `/${token}`, `//${token}.ics`]) await fetchFeed(`${site.url}/api/v1/calendars${path}x`);
    expect(JSON.stringify(site.logLines)).not.toContain(token);
    expect((await fetchFeed(url.replace(token, 'x'.repeat(48)))).status).toBe(404);
  });
});

describe('the calendar', () => {
  it('is read with the same number of queries, however many lectures it has', async () => {
    const courseId = await newCourse('Counted');
    const { lectures } = await ada.api.createSeries({ params: { courseId }, body: { ...weekly, count: 3 } });
    const reads = async () => {
      const before = site.database.readCount;
      const { lectures: shown } = await ada.api.getCalendar({ query: { from: '2030-01-14T00:00:00.000Z', before: '2030-03-01T00:00:00.000Z' } });
      return [site.database.readCount - before, shown.filter((lecture) => lecture.courseId === courseId).length];
    };
    const few = await reads();
    await ada.api.updateSeries({ params: { lectureId: lectures[0]?.id ?? '' }, body: { scope: 'all', count: 6 } } as never);
    expect([few[1], await reads()]).toEqual([3, [few[0], 6]]);
  });

  it('is refused for a course that the person is not in, and for a span that is too long or turned round', async () => {
    const courseId = await newCourse('Closed');
    const sam = await site.signup('outside-sam');
    expect(await refusal(feedOf(sam, courseId))).toMatchObject({ code: 'access.denied' });
    const from = '2030-01-01T00:00:00.000Z';
    for (const before of ['2029-12-01T00:00:00.000Z', '2031-01-01T00:00:00.000Z']) expect(await refusal(sam.api.getCalendar({ query: { from, before } }))).toMatchObject({ code: 'request.invalid' });
  });

  it('has a file for one lecture', async () => {
    const courseId = await newCourse('Single');
    const scheduledAt = new Date(site.clock.nowMs() + 86_400_000).toISOString();
    const { id } = await ada.api.scheduleLecture({ params: { courseId }, body: { title: 'Alone', scheduledAt, durationMinutes: 45 } });
    const { calendar } = await ada.api.getLectureCalendar({ params: { lectureId: id } });
    expect(await eventsOf(calendar)).toMatchObject([{ uid: `${id}@lectern`, summary: 'Alone', startMs: Date.parse(scheduledAt), endMs: Date.parse(scheduledAt) + 45 * 60_000 }]);
    expect(await refusal((await site.signup('single-sam')).api.getLectureCalendar({ params: { lectureId: id } }))).toMatchObject({ code: 'access.denied' });
  });
});

describe('a cancelled lecture', () => {
  it('is gone from feeds after two months', async () => {
    const courseId = await newCourse('Gone');
    const scheduledAt = new Date(site.clock.nowMs() + 86_400_000).toISOString();
    const { id } = await ada.api.scheduleLecture({ params: { courseId }, body: { title: 'Gone', scheduledAt } });
    const { url } = await feedOf(ada, courseId);
    await ada.api.deleteLecture({ params: { lectureId: id } });
    expect(await readFeed(url)).toMatchObject([{ status: 'CANCELLED' }]);
    site.clock.advance(cancelledLecturesMs + 1000);
    expect(await readFeed(url)).toEqual([]);
  });
});

describe('a calendar program', () => {
  it('is refused when it asks for one feed without end, and others are not', async () => {
    const [one, other] = [await feedOf(await site.signup('eager-sam'), null), await feedOf(await site.signup('calm-sam'), null)];
    const statuses = [];
    for (let i = 0; i <= feedRequests.burst; i += 1) statuses.push((await fetchFeed(one.url)).status);
    expect([statuses.indexOf(429), (await fetchFeed(other.url)).status]).toEqual([feedRequests.burst, 200]);
    const refused = await fetchFeed(one.url);
    expect([refused.headers.get('retry-after') !== null, await refused.json()]).toMatchObject([true, { code: 'request.tooFrequent' }]);
    site.clock.advance(3600_000);
    expect((await fetchFeed(one.url)).status).toBe(200);
  });
});
