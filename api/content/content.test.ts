import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { refusal, startTestApi } from '../testing/index.ts';
import type { Browser, TestApi } from '../testing/index.ts';

let site: TestApi;
let ada: Browser;
let sam: Browser;
let stranger: Browser;
beforeAll(async () => {
  site = await startTestApi();
  ada = await site.firstAccount();
  sam = await site.browser().signup('sam');
  stranger = await site.browser().signup('stranger');
});
afterAll(() => site.close());

async function recordedLecture() {
  const course = await ada.api.createCourse({ body: { title: 'Physics', enrolmentPolicy: 'open' } });
  await sam.api.enrol({ params: { courseId: course.id } });
  const lecture = await ada.api.startLecture({ body: { courseId: course.id, title: 'Waves' } });
  const video = site.videoCatalog.add({ courseId: course.id, lectureId: lecture.id, title: 'Waves' });
  return { course, lecture, video, params: { videoId: video.id } };
}

describe('a video', () => {
  it('is shown to those in its course, and hangs on its lecture', async () => {
    const { course, lecture, video, params } = await recordedLecture();
    expect(await sam.api.getVideo({ params })).toMatchObject({ id: video.id, title: 'Waves', courseTitle: 'Physics', durationSeconds: 90 });
    expect((await sam.api.listVideos({ params: { courseId: course.id } })).videos.map(({ id }) => id)).toEqual([video.id]);
    expect(await sam.api.getLecture({ params: { lectureId: lecture.id } })).toMatchObject({ videoId: video.id });
    for (const problem of await Promise.all([stranger.api.getVideo({ params }), stranger.api.getPlayback({ params }), stranger.api.listVideos({ params: { courseId: course.id } })].map(refusal))) {
      expect(problem).toMatchObject({ code: 'access.denied', status: 403 });
    }
  });

  it('plays by URLs that are signed for the one who asked', async () => {
    const { lecture, video, params } = await recordedLecture();
    const playback = await sam.api.getPlayback({ params });
    expect(playback).toMatchObject({ isLive: false, chatOffsetSeconds: 2 });
    const [, token = '', path] = /^\/media\/([^/]+)\/(.+)$/.exec(playback.tracks[0]?.masterUrl ?? '') ?? [];
    expect(path).toBe(`${video.recordingId}/camera/master.m3u8`);
    expect(site.tokens.verify('playback', token)).toMatchObject({ userId: sam.userId, lectureId: lecture.id, recordingId: video.recordingId });
    expect(playback.video).not.toHaveProperty('recordingId');
  });

  it('is refused to someone who was removed from its lecture', async () => {
    const { lecture, params } = await recordedLecture();
    site.directory.removed.add(`${sam.userId} ${lecture.id}`);
    expect(await refusal(sam.api.getPlayback({ params }))).toMatchObject({ code: 'participant.removed' });
  });
});

describe('the place where a learner stopped', () => {
  it('is kept per person, and shown on the home page until the video is finished', async () => {
    const { course, video, params } = await recordedLecture();
    expect(await sam.api.getProgress({ params })).toEqual({ positionSeconds: 0, isFinished: false, updatedAt: null });
    await sam.api.saveProgress({ params, body: { positionSeconds: 41.5 } });
    expect(await sam.api.getProgress({ params })).toMatchObject({ positionSeconds: 41.5, isFinished: false });
    expect(await ada.api.getProgress({ params })).toMatchObject({ positionSeconds: 0 });
    const { continueWatching } = await sam.api.getHome();
    expect(continueWatching).toMatchObject([{ video: { id: video.id, courseTitle: 'Physics' }, progress: { positionSeconds: 41.5 } }]);
    await sam.api.saveProgress({ params, body: { positionSeconds: 90, isFinished: true } });
    expect((await sam.api.getHome()).continueWatching).toEqual([]);
    await sam.api.saveProgress({ params, body: { positionSeconds: 3 } });
    await sam.api.leaveCourse({ params: { courseId: course.id } });
    expect((await sam.api.getHome()).continueWatching).toEqual([]);
    expect(await refusal(sam.api.saveProgress({ params, body: { positionSeconds: 4 } }))).toMatchObject({ code: 'access.denied' });
  });

  it('is left out when its video is gone', async () => {
    const { video, params } = await recordedLecture();
    await sam.api.saveProgress({ params, body: { positionSeconds: 5 } });
    site.videoCatalog.remove(video.id);
    expect((await sam.api.getHome()).continueWatching).toEqual([]);
    expect(await refusal(sam.api.getVideo({ params }))).toMatchObject({ code: 'video.notFound', status: 404 });
  });

  it('is a number of seconds that can be', async () => {
    const { params } = await recordedLecture();
    expect(await refusal(sam.api.saveProgress({ params, body: { positionSeconds: -1 } }))).toMatchObject({ errors: [{ path: 'positionSeconds' }] });
  });
});
