import { describe, expect, it } from 'vitest';
import { UserId, VideoId } from '#engine/contract';
import { scheduleToleranceMs } from '../limits.ts';
import { refusal, startSharedTestApi } from '../testing/index.ts';

const site = await startSharedTestApi();
const ada = await site.firstAccount();

async function liveLecture() {
  const { id: courseId } = await ada.api.createCourse({ body: { title: 'Physics' } });
  const { id: lectureId } = await ada.api.startLecture({ body: { courseId, title: 'Waves' } });
  return { courseId, lecture: { params: { lectureId } } };
}

describe('a live lecture', () => {
  it('keeps its plan', async () => {
    const { lecture } = await liveLecture();
    const later = '2030-02-01T00:00:00.000Z';
    expect(await refusal(ada.api.updateLecture({ ...lecture, body: { scheduledAt: later } }))).toMatchObject({ code: 'lecture.alreadyLive' });
    expect(await refusal(ada.api.deleteLecture(lecture))).toMatchObject({ code: 'lecture.alreadyLive' });
  });

  it('has its new title when it has ended', async () => {
    const { lecture } = await liveLecture();
    await ada.api.updateLecture({ ...lecture, body: { title: 'More waves' } });
    await ada.api.endLecture(lecture);
    expect(await ada.api.getLecture(lecture)).toMatchObject({ title: 'More waves' });
  });

  it('has its new title at once', async () => {
    const { courseId, lecture } = await liveLecture();
    expect(await ada.api.updateLecture({ ...lecture, body: { title: 'More waves' } })).toMatchObject({ title: 'More waves' });
    expect((await ada.api.listLectures({ params: { courseId } })).lectures).toMatchObject([{ title: 'More waves' }]);
  });

  it.each(['live', 'ended'])('has its new title in its video, also when it is renamed while %s', async (state) => {
    const { courseId, lecture } = await liveLecture();
    const { _id } = await site.recordVideo({ courseId, lectureId: lecture.params.lectureId, title: 'Waves' });
    if (state === 'ended') await ada.api.endLecture(lecture);
    await ada.api.updateLecture({ ...lecture, body: { title: 'More waves' } });
    expect(await ada.api.getVideo({ params: { videoId: VideoId.parse(_id) } })).toMatchObject({ title: 'More waves' });
  });
});

describe('a date', () => {
  it('that has passed is refused for a lecture, except by a form that changes something else', async () => {
    const { id: courseId } = await ada.api.createCourse({ body: { title: 'Dates' } });
    const at = (byMs: number) => new Date(site.clock.nowMs() + byMs).toISOString();
    const schedule = (scheduledAt: string) => ada.api.scheduleLecture({ params: { courseId }, body: { title: 'Waves', scheduledAt } });
    const past = { code: 'lecture.timePassed', status: 409, errors: [{ path: 'scheduledAt', message: expect.stringContaining('passed') as string }] };
    expect(await refusal(schedule(at(-scheduleToleranceMs - 1000)))).toMatchObject(past);
    expect(await schedule(at(-60_000))).toMatchObject({ state: 'scheduled' });
    const { id: lectureId, scheduledAt } = await schedule(at(60_000));
    const lecture = { params: { lectureId } };
    expect(await refusal(ada.api.updateLecture({ ...lecture, body: { scheduledAt: at(-3600_000) } }))).toMatchObject(past);
    site.clock.advance(3600_000);
    ada.take(await ada.api.refresh());
    expect(await ada.api.updateLecture({ ...lecture, body: { title: 'More waves', scheduledAt } })).toMatchObject({ title: 'More waves' });
  });
});

describe('a removal from a lecture', () => {
  it.each(['live', 'ended'])('is listed and lifted while the lecture is %s, and hides its links until then', async (state) => {
    const { courseId, lecture } = await liveLecture();
    const sam = await (await site.signup(`removed-${state}`)).join(ada, courseId, 'student');
    const { lecture: live, participant } = site.enter(lecture.params.lectureId, ada, 'owner');
    await live.removals.remove(participant, UserId.parse(sam.userId));
    expect((await sam.api.getHome()).live).toEqual([]);
    expect((await sam.api.listCourses()).courses).toMatchObject([{ liveLecture: null }]);
    expect((await ada.api.listCourses()).courses.find(({ id }) => id === courseId)).toMatchObject({ liveLecture: { title: 'Waves' } });
    if (state === 'ended') await ada.api.endLecture(lecture);
    expect(await refusal(sam.api.getLecture(lecture))).toMatchObject({ code: 'participant.removed' });
    expect(await refusal(sam.api.listRemovedParticipants(lecture))).toMatchObject({ code: 'participant.removed' });
    expect((await ada.api.listRemovedParticipants(lecture)).people).toMatchObject([{ userId: sam.userId, displayName: `removed-${state}` }]);
    const ofSam = { params: { ...lecture.params, userId: sam.userId } };
    await ada.api.readmitParticipant(ofSam);
    expect(await refusal(ada.api.readmitParticipant(ofSam))).toMatchObject({ code: 'participant.notFound' });
    expect((await ada.api.listRemovedParticipants(lecture)).people).toEqual([]);
    expect(await sam.api.getLecture(lecture)).toMatchObject({ role: 'student' });
    if (state === 'live') expect((await sam.api.joinLecture({ body: { lectureId: lecture.params.lectureId } })).role).toBe('student');
  });

  it('can be made again after it was lifted', async () => {
    const { courseId, lecture } = await liveLecture();
    const sam = await (await site.signup('removed-twice')).join(ada, courseId, 'student');
    const { lecture: live, participant } = site.enter(lecture.params.lectureId, ada, 'owner');
    const userId = UserId.parse(sam.userId);
    await live.removals.remove(participant, userId);
    await live.removals.lift(userId, participant.userId);
    await live.removals.remove(participant, userId);
    expect(await refusal(sam.api.getLecture(lecture))).toMatchObject({ code: 'participant.removed' });
  });
});
