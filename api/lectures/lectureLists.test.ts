import { expect, it } from 'vitest';
import type { CourseId } from '#engine/contract';
import { startSharedTestApi } from '../testing/index.ts';

const site = await startSharedTestApi();
const ada = await site.firstAccount();

/** A lecture that has ended, with a video that Ada has begun to watch. */
async function watchedLecture(courseId: CourseId, title: string): Promise<void> {
  const { id: lectureId } = await ada.api.startLecture({ body: { courseId, title } });
  await ada.api.endLecture({ params: { lectureId } });
  site.clock.advance(1000);
  const { _id } = await site.recordVideo({ courseId, lectureId, title });
  await ada.api.saveProgress({ params: { videoId: _id }, body: { positionSeconds: 5 } });
}

async function readsOf(request: () => Promise<unknown>): Promise<number> {
  const before = site.database.readCount;
  await request();
  return site.database.readCount - before;
}

it('take as many reads for many courses and lectures as for one, and one more for each video to go on with', async () => {
  const { id: courseId } = await ada.api.createCourse({ body: { title: 'Physics' } });
  await watchedLecture(courseId, 'First');
  const { id: liveCourseId } = await ada.api.createCourse({ body: { title: 'Astronomy' } });
  await ada.api.startLecture({ body: { courseId: liveCourseId, title: 'Live' } });
  const lists = { lectures: () => ada.api.listLectures({ params: { courseId } }), home: () => ada.api.getHome(), courses: () => ada.api.listCourses() };
  const before = new Map<string, number>();
  for (const [name, list] of Object.entries(lists)) before.set(name, await readsOf(list));
  for (const reads of before.values()) expect(reads).toBeGreaterThan(0);
  const titles = ['Second', 'Third', 'Fourth'];
  for (const title of titles) await watchedLecture(courseId, title);
  for (const title of ['Chemistry', 'Biology']) {
    const { id } = await ada.api.createCourse({ body: { title } });
    await ada.api.startLecture({ body: { courseId: id, title: 'Live' } });
    await ada.api.scheduleLecture({ params: { courseId: id }, body: { title: 'Next', scheduledAt: '2030-02-01T00:00:00.000Z' } });
  }
  for (const [name, list] of Object.entries(lists)) expect([name, await readsOf(list)]).toEqual([name, (before.get(name) ?? 0) + (name === 'home' ? titles.length : 0)]);
  expect((await lists.home()).continueWatching.map(({ video }) => video.title)).toEqual(['Fourth', 'Third', 'Second', 'First']);
  expect((await lists.lectures()).lectures.every(({ videoId }) => videoId !== null)).toBe(true);
});
