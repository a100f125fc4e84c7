import { expect, it } from 'vitest';
import { StorageUsage } from '#recorder';
import { refusal, startTestApi } from '../testing/index.ts';

it('Administrators see how much the recordings of each course store, when a job has measured it', async () => {
  const site = await startTestApi();
  const ada = await site.firstAccount();
  const sam = await site.signup('Sam');
  expect(await refusal(sam.api.listStorage())).toMatchObject({ code: 'access.denied' });
  const courses = await Promise.all(['Physics', 'Maths'].map((title) => ada.api.createCourse({ body: { title } })));
  for (const { id: courseId } of courses) {
    const { id } = await ada.api.startLecture({ body: { courseId, title: 'Waves' } });
    await site.recordVideo({ lectureId: id, courseId, title: 'Waves' });
  }
  expect(await ada.api.listStorage()).toEqual({ courses: [], total: { bytes: 0, objects: 0, recordings: 0, materialBytes: 0 }, measuredAt: null, nextCursor: null });
  await new StorageUsage(site.database).measure({ now: '2030-01-01T12:00:00.000Z', signal: new AbortController().signal });
  const first = await ada.api.listStorage({ query: { limit: 1 } });
  const second = await ada.api.listStorage({ query: { limit: 1, cursor: first.nextCursor ?? '' } });
  const all = [...first.courses, ...second.courses];
  const sum = (of: (course: (typeof all)[number]) => number) => all.reduce((total, course) => total + of(course), 0);
  expect(all.map(({ course }) => course.title).toSorted()).toEqual(['Maths', 'Physics']);
  expect(Math.min(...all.map(({ bytes }) => bytes))).toBeGreaterThan(0);
  expect(first.total).toEqual({ bytes: sum(({ bytes }) => bytes), objects: sum(({ objects }) => objects), recordings: 2, materialBytes: 0 });
  expect([first.measuredAt, second.nextCursor]).toEqual(['2030-01-01T12:00:00.000Z', null]);
});
