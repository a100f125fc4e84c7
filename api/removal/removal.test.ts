import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { CodedError } from '#engine/contract';
import { purgeJobs, VideoPurge, VideoTrash } from '#recorder';
import { silentLogger } from '#engine/testing';
import { MaterialStore } from '../materials/MaterialStore.ts';
import { MomentStore } from '../quizzes/MomentStore.ts';
import { refusal, startTestApi } from '../testing/index.ts';
import type { TestApi } from '../testing/index.ts';

const dayMs = 24 * 3600_000;

/** A course with a recorded lecture that Sam has watched and that a link shares, and everything that is stored of its video. */
async function sharedLecture(site: TestApi) {
  const ada = await site.firstAccount();
  const sam = await site.signup('sam');
  const course = await ada.api.createCourse({ body: { title: 'Physics', enrolmentPolicy: 'open' } });
  await sam.api.enrol({ params: { courseId: course.id } });
  const lecture = await ada.api.startLecture({ body: { courseId: course.id, title: 'Waves' } });
  const { _id: videoId, recordingId } = await site.recordVideo({ courseId: course.id, lectureId: lecture.id, title: 'Waves' });
  const params = { videoId: videoId as never };
  for (const key of [`recordings/${recordingId}/main-video/000000.m4s`, `recordings/${recordingId}/main.m3u8`, `recordings/${recordingId}/poster.jpg`, `videos/${videoId}/1/v720/0.mp4`, `videos/${videoId}/source/upload`]) {
    await site.store.put(key, { bytes: Buffer.from(key) }, { contentType: 'video/mp4', sha256: createHash('sha256').update(key).digest('hex') });
  }
  await sam.api.saveProgress({ params, body: { positionSeconds: 12, watched: [{ startSeconds: 0, endSeconds: 12 }] } });
  await ada.api.addCaptions({ params, query: { language: 'en' }, body: new Blob(['WEBVTT\n\n00:01.000 --> 00:02.000\nWaves\n']) });
  const { addresses } = await ada.api.createLink({ params, body: {} });
  return { ada, sam, course, lecture, videoId, recordingId: recordingId ?? '', params, token: addresses.token };
}

async function objects(site: TestApi): Promise<string[]> {
  return (await site.store.list('')).objects.map(({ key }) => key);
}

/** The collections with a document that names any of the ids. */
async function collectionsWith(site: TestApi, ids: readonly string[]): Promise<string[]> {
  const found: string[] = [];
  for (const name of site.collectionNames()) {
    const rows = await Array.fromAsync(site.collection<{ _id: string }>(name).iterate({}));
    if (rows.some((row) => ids.some((id) => JSON.stringify(row).includes(id)))) found.push(name);
  }
  return found.sort();
}

it('a deleted video is gone for viewers at once, and can be restored for 14 days', async () => {
  const site = await startTestApi();
  const { ada, sam, course, params, token } = await sharedLecture(site);
  expect(await refusal(sam.api.deleteVideo({ params }))).toMatchObject({ code: 'access.denied' });
  const { restorableUntil } = await ada.api.deleteVideo({ params });
  expect(Date.parse(restorableUntil) - site.clock.nowMs()).toBe(14 * dayMs);
  expect(await refusal(sam.api.getPlayback({ params }))).toMatchObject({ code: 'video.notFound' });
  expect(await refusal(sam.api.createVideoFile({ params }))).toMatchObject({ code: 'video.notFound' });
  expect(await refusal(sam.api.getShared({ params: { token } }))).toMatchObject({ code: 'sharing.notFound' });
  expect((await sam.api.listVideos({ params: { courseId: course.id } })).videos).toEqual([]);
  expect((await ada.api.listDeletedVideos()).videos).toMatchObject([{ id: params.videoId, title: 'Waves', courseTitle: 'Physics', restorableUntil }]);
  expect((await sam.api.listDeletedVideos()).videos).toEqual([]);
  await site.runJobs();
  expect(await objects(site)).toHaveLength(5);
  await ada.api.restoreVideo({ params });
  expect(await sam.api.getPlayback({ params })).toMatchObject({ tracks: [{ source: 'camera' }] });
  expect((await sam.api.getShared({ params: { token } })).title).toBe('Waves');
  expect((await ada.api.listDeletedVideos()).videos).toEqual([]);
});

it('a deleted video leaves nothing in the bucket and in the database when its time is over', async () => {
  const site = await startTestApi();
  const { ada, params, videoId, recordingId, lecture } = await sharedLecture(site);
  expect(await collectionsWith(site, [videoId, recordingId])).toEqual(['audit', 'captions', 'progress', 'recordings', 'segments', 'sharingLinks', 'videos', 'watched']);
  await site.runJobs();
  await ada.api.deleteVideo({ params });
  site.clock.advance(14 * dayMs + 3600_000);
  expect(await site.runJobs()).toEqual([]);
  expect(await objects(site)).toEqual([]);
  // The audit log says who deleted it, and the finished job is removed with its list.
  expect(await collectionsWith(site, [videoId, recordingId])).toEqual(['audit', 'jobs']);
  expect(await refusal(ada.api.restoreVideo({ params }))).toMatchObject({ code: 'auth.expired' });
  ada.take(await ada.api.refresh());
  expect(await refusal(ada.api.restoreVideo({ params }))).toMatchObject({ code: 'video.notFound' });
  expect((await ada.api.getLecture({ params: { lectureId: lecture.id } })).videoId).toBeNull();
});

it('a removed video leaves its materials in the course, and its questions nowhere', async () => {
  const site = await startTestApi();
  const { ada, params, course, videoId } = await sharedLecture(site);
  const material = await ada.api.addLink({ params: { courseId: course.id }, body: { title: 'Slides', url: 'https://example.org/slides', videoId: params.videoId, atSeconds: 12 } });
  const moments = new MomentStore(site.database);
  await moments.add({ courseId: course.id, videoId: params.videoId, quizId: 'quz_1', questionIds: [], atSeconds: 5, isRequired: false, isRepeated: false });
  await ada.api.deleteVideo({ params });
  site.clock.advance(14 * dayMs + 3600_000);
  expect(await site.runJobs()).toEqual([]);
  expect(await collectionsWith(site, [videoId])).toEqual(['audit', 'jobs']);
  expect(await new MaterialStore(site.database).get(course.id, material.id)).toMatchObject({ videoId: null, atSeconds: null });
});

it('a course that is removed for good takes its videos with it', async () => {
  const site = await startTestApi();
  const { ada, course, videoId, recordingId, lecture } = await sharedLecture(site);
  await site.runJobs();
  await ada.api.endLecture({ params: { lectureId: lecture.id } });
  await ada.api.deleteCourse({ params: { courseId: course.id } });
  site.clock.advance(40 * dayMs);
  expect(await site.runJobs()).toEqual([]);
  expect(await objects(site)).toEqual([]);
  expect(await collectionsWith(site, [videoId, recordingId])).toEqual(['audit', 'jobs']);
});

it('a live video cannot be deleted, and a deletion cancels what is being made of the video', async () => {
  const site = await startTestApi();
  const { ada, params, recordingId, course, lecture } = await sharedLecture(site);
  const row = { recordingId, lectureId: lecture.id, courseId: course.id, title: 'Waves', startedAt: '2030-01-01T10:00:00.000Z', durationSeconds: 5, hasScreen: false };
  await site.videos.sync({ ...row, isFinished: false });
  expect(await refusal(ada.api.deleteVideo({ params }))).toMatchObject({ code: 'video.isLive', status: 409 });
  await site.videos.sync({ ...row, isFinished: true });
  const jobId = await site.jobs.add({ ...purgeJobs, name: 'video.poster' }, { key: recordingId, data: { videoId: params.videoId } });
  await ada.api.transcodeVideo({ params, body: {} });
  expect(await collectionsWith(site, [params.videoId])).toContain('transcodes');
  await ada.api.deleteVideo({ params });
  expect(await site.collection<{ _id: string; state: string }>('jobs').findOne({ _id: jobId })).toMatchObject({ state: 'cancelled' });
  expect(await collectionsWith(site, [params.videoId])).not.toContain('transcodes');
});

it('a removal that fails is repeated from where it stopped, and waits for segments that a node still uploads', async () => {
  const site = await startTestApi();
  const { ada, params, videoId, recordingId } = await sharedLecture(site);
  await ada.api.deleteVideo({ params });
  const trash = new VideoTrash(site);
  const { journal } = site.recorder;
  const failures = ['deletePrefix', 'list'] as const;
  for (const method of failures) {
    const store = {
      deletePrefix: (prefix: string) => site.store.deletePrefix(prefix),
      list: (prefix: string) => site.store.list(prefix),
      [method]: () => Promise.reject(new CodedError('store.unavailable', 'away')),
    };
    const purge = new VideoPurge({ trash, journal, store, removals: [], clock: site.clock, logger: silentLogger });
    await expect(purge.purge(videoId)).rejects.toThrow('away');
    expect(await trash.find(videoId)).toMatchObject({ deletedAt: expect.any(String) as string });
  }
  const purge = new VideoPurge({ trash, journal, store: site.store, removals: [], clock: site.clock, logger: silentLogger });
  const segments = site.collection<{ _id: string; recordingId: string; state: string }>('segments');
  await segments.updateMany({ recordingId }, { $set: { state: 'written' } });
  await expect(purge.purge(videoId)).rejects.toThrow('still being uploaded');
  expect(await trash.find(videoId)).toBeDefined();
  await segments.updateMany({ recordingId }, { $set: { state: 'stored' } });
  await purge.purge(videoId);
  await purge.purge(videoId);
  expect(await objects(site)).toEqual([]);
  expect(await collectionsWith(site, [recordingId])).toEqual([]);
});
