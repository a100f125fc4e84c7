import { describe, expect, it } from 'vitest';
import { refusal, startSharedTestApi } from '../testing/index.ts';

const site = await startSharedTestApi();
const ada = await site.firstAccount();

async function liveLecture() {
  const { id: courseId } = await ada.api.createCourse({ body: { title: 'Physics' } });
  const { id: lectureId } = await ada.api.startLecture({ body: { courseId, title: 'Waves' } });
  return { courseId, lecture: { params: { lectureId } } };
}

describe('a scheduled lecture', () => {
  const minuteMs = 60_000;
  const inMinutes = (minutes: number) => new Date(site.clock.nowMs() + minutes * minuteMs).toISOString();

  it('is not in the past', async () => {
    const { id: courseId } = await ada.api.createCourse({ body: { title: 'Physics' } });
    const schedule = (scheduledAt: string) => ada.api.scheduleLecture({ params: { courseId }, body: { title: 'Waves', scheduledAt } });
    expect(await refusal(schedule(inMinutes(-30)))).toMatchObject({ code: 'request.invalid', errors: [{ path: 'scheduledAt' }] });
    const { id: lectureId } = await schedule(inMinutes(10));
    const update = (body: { scheduledAt?: string; title?: string }) => ada.api.updateLecture({ params: { lectureId }, body });
    expect(await refusal(update({ scheduledAt: inMinutes(-30) }))).toMatchObject({ code: 'request.invalid' });
    expect((await schedule(inMinutes(-1))).title).toBe('Waves');
  });

  it('keeps its time while it is late', async () => {
    const { id: courseId } = await ada.api.createCourse({ body: { title: 'Physics' } });
    const scheduledAt = inMinutes(-4);
    const { id: lectureId } = await ada.api.scheduleLecture({ params: { courseId }, body: { title: 'Waves', scheduledAt } });
    site.clock.advance(2 * minuteMs);
    expect(await ada.api.updateLecture({ params: { lectureId }, body: { title: 'More waves', scheduledAt } })).toMatchObject({ title: 'More waves', scheduledAt });
  });
});

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

  // A fault: LectureRegistry.update changes the row, and the live lecture keeps the title it started with.
  it.fails('has its new title at once', async () => {
    const { courseId, lecture } = await liveLecture();
    expect(await ada.api.updateLecture({ ...lecture, body: { title: 'More waves' } })).toMatchObject({ title: 'More waves' });
    expect((await ada.api.listLectures({ params: { courseId } })).lectures).toMatchObject([{ title: 'More waves' }]);
  });
});
