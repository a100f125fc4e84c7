import { createHmac } from 'node:crypto';
import { describe, expect, it, vi } from 'vitest';
import { CourseId, LectureId, UserId } from '#engine/contract';
import { toInstant } from '#engine/kernel';
import { until } from '#engine/testing';
import { refusal, startSharedTestApi } from '../testing/index.ts';

const settings = { LECTERN_STUN_URLS: 'stun:stun.test:3478', LECTERN_TURN_URLS: 'turn:turn.test:3478, turns:turn.test:5349', LECTERN_TURN_SECRET: 'shared' };
const site = await startSharedTestApi({ settings });
const ada = await site.firstAccount();
const sam = await site.signup('sam');
const stranger = await site.signup('stranger');

async function openCourse(title = 'Physics') {
  const { id: courseId } = await ada.api.createCourse({ body: { title, enrolmentPolicy: 'open' } });
  await sam.api.enrol({ params: { courseId } });
  return { params: { courseId } };
}
const inHours = (hours: number) => toInstant(site.clock.nowMs() + hours * 3600_000);

describe('a scheduled lecture', () => {
  it('is scheduled, changed and cancelled by instructors', async () => {
    const course = await openCourse();
    const form = { ...course, body: { title: 'Waves', scheduledAt: inHours(2), durationMinutes: 90 } };
    expect(await refusal(sam.api.scheduleLecture(form))).toMatchObject({ code: 'access.denied' });
    const { id: lectureId } = await ada.api.scheduleLecture(form);
    const lecture = { params: { lectureId } };
    expect(await sam.api.getLecture(lecture)).toMatchObject({ title: 'Waves', state: 'scheduled', durationMinutes: 90, role: 'student', courseTitle: 'Physics', videoId: null });
    expect(await refusal(stranger.api.getLecture(lecture))).toMatchObject({ code: 'access.denied' });
    expect(await ada.api.updateLecture({ ...lecture, body: { title: 'More waves', scheduledAt: inHours(3) } })).toMatchObject({ title: 'More waves', durationMinutes: 90 });
    expect(await refusal(sam.api.deleteLecture(lecture))).toMatchObject({ code: 'access.denied' });
    await ada.api.deleteLecture(lecture);
    expect(await refusal(ada.api.getLecture(lecture))).toMatchObject({ code: 'lecture.notFound', status: 404 });
  });

  it('needs a title and a valid date', async () => {
    const course = await openCourse();
    const problem = await refusal(ada.api.scheduleLecture({ ...course, body: { title: ' ', scheduledAt: 'tomorrow', durationMinutes: 0 } }));
    expect(problem.errors?.map(({ path }) => path)).toEqual(['title', 'scheduledAt', 'durationMinutes']);
  });
});

describe('going live', () => {
  it('starts a lecture once, admits enrolled people with a ticket, and ends it', async () => {
    const course = await openCourse();
    const { id: lectureId } = await ada.api.scheduleLecture({ ...course, body: { title: 'Now' } });
    expect(await refusal(sam.api.joinLecture({ body: { lectureId } }))).toMatchObject({ code: 'lecture.notLive' });
    expect(await refusal(sam.api.startLecture({ body: { lectureId } }))).toMatchObject({ code: 'access.denied' });
    expect(await ada.api.startLecture({ body: { lectureId } })).toMatchObject({ state: 'live' });
    expect(await refusal(ada.api.startLecture({ body: { lectureId } }))).toMatchObject({ code: 'lecture.alreadyLive', status: 409, details: { lectureId } });
    const entry = await sam.api.joinLecture({ body: { lectureId } });
    expect(site.tokens.verify('join', entry.ticket)).toMatchObject({ userId: sam.userId, lectureId, courseId: course.params.courseId, displayName: 'sam', role: 'student' });
    expect(entry).toMatchObject({ role: 'student', signaling: { namespace: '/live', path: '/socket.io' }, lecture: { title: 'Now' } });
    expect(await refusal(stranger.api.joinLecture({ body: { lectureId } }))).toMatchObject({ code: 'access.denied' });
    expect(await refusal(sam.api.endLecture({ params: { lectureId } }))).toMatchObject({ code: 'access.denied' });
    expect(await ada.api.endLecture({ params: { lectureId } })).toMatchObject({ state: 'ended' });
    expect(await refusal(sam.api.joinLecture({ body: { lectureId } }))).toMatchObject({ code: 'lecture.ended' });
    expect(await refusal(ada.api.endLecture({ params: { lectureId } }))).toMatchObject({ code: 'lecture.ended' });
  });

  it('starts one lecture of a course, even for simultaneous requests', async () => {
    const course = await openCourse();
    const body = { ...course.params, title: 'On the spot' };
    const { promise, resolve } = Promise.withResolvers<void>();
    site.plane.workerIsBack = promise;
    let refusedCount = 0;
    const presses = [1, 2, 3].map(() => ada.api.startLecture({ body }));
    for (const press of presses) press.catch(() => (refusedCount += 1));
    await until('the other presses to be refused', () => refusedCount === 2, 8000).finally(resolve);
    const outcomes = await Promise.allSettled(presses);
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect((await ada.api.listLectures(course)).lectures).toHaveLength(1);
  });

  it('starts and creates no lecture while another of the course is starting', async () => {
    const course = await openCourse();
    const { id } = await ada.api.scheduleLecture({ ...course, body: { title: 'By its encoder' } });
    const before = site.plane.askedRooms;
    const { promise, resolve } = Promise.withResolvers<void>();
    site.plane.workerIsBack = promise;
    const opening = site.registry.start(LectureId.parse(id));
    await until('the room to be asked for', () => site.plane.askedRooms > before);
    expect(await refusal(ada.api.startLecture({ body: { ...course.params, title: 'By hand' } }))).toMatchObject({ code: 'lecture.alreadyLive', details: { lectureId: id } });
    expect((await ada.api.listLectures(course)).lectures.map(({ title }) => title)).toEqual(['By its encoder']);
    resolve();
    await opening;
  });

  it('takes the lecture that it has created, also when an encoder of the course has begun to start it', async () => {
    const course = await openCourse();
    const before = site.plane.askedRooms;
    const { promise, resolve } = Promise.withResolvers<void>();
    site.plane.workerIsBack = promise;
    const schedule = site.registry.schedule.bind(site.registry);
    vi.spyOn(site.registry, 'schedule').mockImplementationOnce(async (lecture) => {
      const row = await schedule(lecture);
      void site.registry.openForIngest(lecture.courseId);
      await until('the encoder to start it', () => site.plane.askedRooms > before);
      return row;
    });
    const starting = ada.api.startLecture({ body: { ...course.params, title: 'On the spot' } });
    await until('the encoder to start it', () => site.plane.askedRooms > before);
    resolve();
    expect(await starting).toMatchObject({ title: 'On the spot', state: 'live' });
    expect((await ada.api.listLectures(course)).lectures).toMatchObject([{ title: 'On the spot', state: 'live' }]);
  });

  it('says what is missing, and refuses the course of another instructor', async () => {
    const course = await openCourse();
    expect(await refusal(ada.api.startLecture({ body: {} as { lectureId: string } }))).toMatchObject({ code: 'request.invalid' });
    expect(await refusal(stranger.api.startLecture({ body: { ...course.params, title: 'Mine' } }))).toMatchObject({ code: 'access.denied' });
  });

  it('refuses a person who was removed from the lecture', async () => {
    const course = await openCourse();
    const { id } = await ada.api.startLecture({ body: { ...course.params, title: 'Quiet' } });
    const { lecture, participant } = site.enter(id, ada, 'owner');
    await lecture.removals.remove(participant, UserId.parse(sam.userId));
    for (const problem of await Promise.all([sam.api.joinLecture({ body: { lectureId: id } }), sam.api.getLectureChat({ params: { lectureId: id } })].map(refusal))) {
      expect(problem).toMatchObject({ code: 'participant.removed', status: 403 });
    }
  });

  it('gives each browser TURN credentials that expire and that the TURN server can verify', async () => {
    const course = await openCourse();
    const { id } = await ada.api.startLecture({ body: { ...course.params, title: 'Relayed' } });
    const { iceServers } = await sam.api.joinLecture({ body: { lectureId: id } });
    expect(iceServers[0]).toEqual({ urls: ['stun:stun.test:3478'] });
    const { urls, username = '', credential } = iceServers[1] ?? { urls: [] };
    expect(urls).toEqual(['turn:turn.test:3478', 'turns:turn.test:5349']);
    expect(username).toBe(`${Math.floor(site.clock.nowMs() / 1000) + 12 * 3600}:${sam.userId}`);
    expect(credential).toBe(createHmac('sha1', 'shared').update(username).digest('base64'));
  });
});

describe('the home page', () => {
  it('lists live and upcoming lectures of the caller’s courses only', async () => {
    const sue = await site.signup('sue');
    const course = await openCourse('Chemistry');
    await sue.api.enrol(course);
    await ada.api.scheduleLecture({ ...course, body: { title: 'Next week', scheduledAt: inHours(168) } });
    await ada.api.scheduleLecture({ ...course, body: { title: 'Tomorrow', scheduledAt: inHours(24) } });
    await site.registry.schedule({ courseId: CourseId.parse(course.params.courseId), title: 'Missed', scheduledAt: inHours(-24), durationMinutes: null, isRecorded: true, createdBy: UserId.parse(ada.userId) });
    await ada.api.startLecture({ body: { ...course.params, title: 'Right now' } });
    const home = await sue.api.getHome();
    expect(home.live.map(({ title }) => title)).toEqual(['Right now']);
    expect(home.next.map(({ title }) => title)).toEqual(['Tomorrow', 'Next week']);
    expect((await sue.api.listCourses()).courses[0]).toMatchObject({ liveLecture: { title: 'Right now' }, nextLecture: { title: 'Tomorrow' } });
    expect(await stranger.api.getHome()).toEqual({ live: [], next: [], continueWatching: [] });
  });
});

describe('the chat of a lecture', () => {
  it('comes in pages, in order', async () => {
    const course = await openCourse();
    const { id } = await ada.api.startLecture({ body: { ...course.params, title: 'Talk' } });
    const { lecture, participant } = site.enter(id, sam);
    for (const n of [1, 2, 3]) await lecture.chat.post(participant, `message ${n}`);
    const first = await sam.api.getLectureChat({ params: { lectureId: id }, query: { limit: 2 } });
    expect([first.messages.map(({ text }) => text), first.hasMore]).toEqual([['message 1', 'message 2'], true]);
    const rest = await sam.api.getLectureChat({ params: { lectureId: id }, query: { after: first.lastSeq } });
    expect([rest.messages.map(({ text }) => text), rest.hasMore]).toEqual([['message 3'], false]);
    const beyond = await sam.api.getLectureChat({ params: { lectureId: id }, query: { after: rest.lastSeq + 1000 } });
    expect(beyond).toMatchObject({ messages: [], deletedIds: [], hasMore: false });
  });
});
