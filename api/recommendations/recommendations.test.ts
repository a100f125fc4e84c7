import { describe, expect, it } from 'vitest';
import { CourseId, UserId, VideoId } from '#engine/contract';
import { newId, toInstant } from '#engine/kernel';
import { WatchedStore } from '../progress/index.ts';
import { refusal, startSharedTestApi } from '../testing/index.ts';
import type { Browser } from '../testing/index.ts';
import { coWatchedLifetimeMs, minCommonWatchers } from './limits.ts';

const site = await startSharedTestApi();
const ada = await site.firstAccount();
const watched = new WatchedStore(site.database);
let count = 0;

/** An upload that is ready. Each is a minute newer than the one before. */
async function newVideo(courseId: string, title: string, tags: readonly string[] = []): Promise<string> {
  const videoId = newId('vid');
  const createdAt = toInstant(Date.UTC(2030, 0, 1) + (count += 1) * 60_000);
  await site.videos.createUpload({ videoId, courseId, createdBy: ada.userId, title, createdAt, sourceFile: { key: `uploads/${videoId}/source`, bytes: 1, sha256: '00', fileName: 'a.mp4', contentType: 'video/mp4' } });
  await site.videos.switchManifest(videoId, { generation: 1, manifest: { key: `videos/${videoId}/1/manifest.json`, bytes: 1, sha256: '00' }, renditions: [], durationSeconds: 90, hasScreen: false, bytes: 2 });
  if (tags.length > 0) await ada.api.updateVideo({ params: { videoId }, body: { tags: [...tags] } }, { ifUnchanged: await ada.api.getVideo({ params: { videoId } }) });
  return videoId;
}

async function newCourse(title: string, videos: readonly string[] = []) {
  const { id: courseId } = await ada.api.createCourse({ body: { title } });
  const ids: string[] = [];
  for (const each of videos) ids.push(await newVideo(courseId, each));
  return { courseId, ids, params: { courseId } };
}

const student = async (...courseIds: string[]) => {
  const sam = await site.signup(`watcher${(count += 1)}`);
  for (const courseId of courseIds) await sam.join(ada, courseId, 'student');
  return sam;
};
const related = async (person: Browser, videoId = '') => (await person.api.listRelated({ params: { videoId } })).videos.map(({ video, reason }) => ({ title: video.title, ...reason }));
const recommended = async (person: Browser) => (await person.api.listRecommendations()).videos.map(({ video, reason }) => ({ title: video.title, ...reason }));
const finish = (person: Browser, videoId = '', isFinished = true) => person.api.saveProgress({ params: { videoId }, body: { positionSeconds: 80, isFinished } });

describe('after a video', () => {
  it('comes the next one of the course, then the others by how near they are', async () => {
    const { courseId, ids } = await newCourse('Optics', ['Rays', 'Lenses', 'Mirrors', 'Lasers']);
    const sam = await student(courseId);
    expect(await related(sam, ids[1])).toEqual([
      { title: 'Mirrors', kind: 'next', afterTitle: 'Lenses' },
      { title: 'Lasers', kind: 'course' },
      { title: 'Rays', kind: 'course' },
    ]);
    expect(await related(sam, ids[3])).toMatchObject([{ title: 'Mirrors', kind: 'course' }, { title: 'Lenses' }, { title: 'Rays' }]);
  });

  it('comes what the person has not watched to the end', async () => {
    const { courseId, ids } = await newCourse('Optics', ['Rays', 'Lenses', 'Mirrors']);
    const sam = await student(courseId);
    await finish(sam, ids[1]);
    expect(await related(sam, ids[0])).toEqual([
      { title: 'Mirrors', kind: 'next', afterTitle: 'Rays' },
      { title: 'Lenses', kind: 'course' },
    ]);
  });

  it('come videos with its tags, also of the other courses of the person, and of no other course', async () => {
    const [optics, other, foreign] = [await newCourse('Optics'), await newCourse('Waves'), await newCourse('Foreign')];
    const seed = await newVideo(optics.courseId, 'Interference', ['waves', 'light']);
    await newVideo(other.courseId, 'Both tags', ['light', 'waves', 'water']);
    await newVideo(other.courseId, 'One tag', ['light']);
    await newVideo(other.courseId, 'No tag', ['sound']);
    await newVideo(foreign.courseId, 'Foreign', ['waves', 'light']);
    const sam = await student(optics.courseId, other.courseId);
    expect(await related(sam, seed)).toEqual([
      { title: 'Both tags', kind: 'tags', tags: ['waves', 'light'] },
      { title: 'One tag', kind: 'tags', tags: ['light'] },
    ]);
  });

  it('comes what others in the course watched, when enough of them did', async () => {
    const { courseId, ids } = await newCourse('Optics', ['Rays', 'Lenses', 'Mirrors', 'Lasers', 'Prisms', 'Far']);
    const sam = await student(courseId);
    const watch = (title: number, person: number, seconds = 40) =>
      watched.add({ userId: UserId.parse(`usr_${String(person).padStart(20, '0')}`), videoId: VideoId.parse(ids[title]), courseId: CourseId.parse(courseId), ranges: [[0, seconds]], at: '2030-01-01T00:00:00.000Z' });
    for (let person = 0; person < minCommonWatchers - 1; person += 1) for (const title of [0, 5]) await watch(title, person);
    await watch(5, 8, 5);
    await watch(0, 8);
    expect((await related(sam, ids[0])).find(({ title }) => title === 'Far')).toEqual({ title: 'Far', kind: 'course' });
    await watch(5, 9);
    await watch(0, 9);
    site.clock.advance(coWatchedLifetimeMs);
    for (const person of [ada, sam]) person.take(await person.api.refresh());
    const [next, first] = await related(sam, ids[0]);
    expect([next?.title, first]).toEqual(['Lenses', { title: 'Far', kind: 'watched', afterTitle: 'Rays' }]);
  });

  it('comes nothing that is deleted, not open yet or still being prepared, also for those who manage it', async () => {
    const { courseId, ids } = await newCourse('Optics', ['Rays', 'Deleted', 'Later', 'Open']);
    const sam = await student(courseId);
    await ada.api.deleteVideo({ params: { videoId: ids[1] ?? '' } });
    const later = { params: { videoId: ids[2] ?? '' } };
    await ada.api.updateSharing({ ...later, body: { visibleFrom: toInstant(site.clock.nowMs() + 3_600_000) } });
    await site.videos.createUpload({ videoId: newId('vid'), courseId, createdBy: ada.userId, title: 'Preparing', createdAt: toInstant(Date.UTC(2031, 0, 1)), sourceFile: { key: 'k', bytes: 1, sha256: '00', fileName: 'a.mp4', contentType: 'video/mp4' } });
    for (const person of [sam, ada]) expect(await related(person, ids[0])).toEqual([{ title: 'Open', kind: 'next', afterTitle: 'Rays' }]);
  });

  it('is not told to those who may not watch it', async () => {
    const { ids } = await newCourse('Optics', ['Rays', 'Lenses']);
    const stranger = await student();
    expect(await refusal(related(stranger, ids[0]))).toMatchObject({ code: 'access.denied' });
  });
});

describe('the home page', () => {
  it('recommends what follows on a finished video, then what is related to it, then what is new, and nothing that was started', async () => {
    const [optics, other] = [await newCourse('Optics', ['Rays', 'Lenses', 'Mirrors']), await newCourse('Waves', ['Old', 'Started'])];
    const tagged = await newVideo(optics.courseId, 'Tagged seed', ['light']);
    await newVideo(other.courseId, 'Tagged', ['light']);
    const sam = await student(optics.courseId, other.courseId);
    await finish(sam, optics.ids[0]);
    await finish(sam, tagged);
    await finish(sam, other.ids[1], false);
    expect(await recommended(sam)).toEqual([
      { title: 'Lenses', kind: 'next', afterTitle: 'Rays' },
      { title: 'Tagged', kind: 'tags', tags: ['light'] },
      { title: 'Mirrors', kind: 'course' },
      { title: 'Old', kind: 'course' },
    ]);
  });

  it('recommends what is new to a person who watched nothing yet, and nothing to one without courses', async () => {
    const { courseId } = await newCourse('Optics', ['Rays', 'Lenses']);
    expect(await recommended(await student(courseId))).toEqual([
      { title: 'Lenses', kind: 'new' },
      { title: 'Rays', kind: 'new' },
    ]);
    expect(await recommended(await student())).toEqual([]);
  });

  it('forgets a course that the person has left', async () => {
    const { courseId, ids, params } = await newCourse('Optics', ['Rays', 'Lenses']);
    const sam = await student(courseId);
    await finish(sam, ids[0]);
    await ada.api.removeEnrolment({ params: { ...params, userId: sam.userId } });
    expect(await recommended(sam)).toEqual([]);
  });
});
