import { describe, expect, it } from 'vitest';
import { UserId, VideoId } from '#engine/contract';
import { newId, toInstant } from '#engine/kernel';
import { refusal, startSharedTestApi } from '../testing/index.ts';
import { ProgressStore } from './ProgressStore.ts';

const site = await startSharedTestApi();
const ada = await site.firstAccount();
const sam = await site.signup('sam');
const stranger = await site.signup('stranger');

async function recordedLecture() {
  const course = await ada.api.createCourse({ body: { title: 'Physics', enrolmentPolicy: 'open' } });
  await sam.api.enrol({ params: { courseId: course.id } });
  const lecture = await ada.api.startLecture({ body: { courseId: course.id, title: 'Waves' } });
  const { _id: videoId, recordingId } = await site.recordVideo({ courseId: course.id, lectureId: lecture.id, title: 'Waves' });
  return { course, lecture, videoId, recordingId, params: { videoId } };
}

/** Access tokens expire while the clock of a test moves. */
async function refresh(): Promise<void> {
  for (const browser of [sam, ada]) browser.take(await browser.api.refresh());
}

describe('a video', () => {
  it('is visible to the members of its course, and linked from its lecture', async () => {
    const { course, lecture, videoId, params } = await recordedLecture();
    expect(await sam.api.getVideo({ params })).toMatchObject({ id: videoId, title: 'Waves', courseTitle: 'Physics', durationSeconds: 90 });
    expect((await sam.api.listVideos({ params: { courseId: course.id } })).videos.map(({ id }) => id)).toEqual([videoId]);
    expect(await sam.api.getLecture({ params: { lectureId: lecture.id } })).toMatchObject({ videoId });
    for (const problem of await Promise.all([stranger.api.getVideo({ params }), stranger.api.getPlayback({ params }), stranger.api.listVideos({ params: { courseId: course.id } })].map(refusal))) {
      expect(problem).toMatchObject({ code: 'access.denied', status: 403 });
    }
  });

  it('plays from URLs that are signed for the viewer', async () => {
    const { recordingId, params } = await recordedLecture();
    const playback = await sam.api.getPlayback({ params });
    const camera = { source: 'camera', hasVideo: true, hasAudio: true, startOffsetSeconds: 0, durationSeconds: 90, pictures: [{ startSeconds: 0, endSeconds: 90 }] };
    expect(playback).toMatchObject({ isLive: false, chatOffsetSeconds: 0, tracks: [camera] });
    const [, token = '', path] = /^\/media\/([^/]+)\/(.+)$/.exec(playback.tracks[0]?.masterUrl ?? '') ?? [];
    expect(path).toBe('main.m3u8');
    expect(site.tokens.verify('playback', token)).toEqual(expect.objectContaining({ videoId: params.videoId, recordingId, viewer: expect.objectContaining({ userId: sam.userId }) }));
    expect(playback.video).not.toHaveProperty('recordingId');
  });

  it('keeps its URLs for a while, so that browsers find its poster in their cache', async () => {
    const { course, recordingId, params } = await recordedLecture();
    await site.videos.attachPoster(recordingId ?? '', { key: 'poster.jpg', bytes: 9, sha256: 'ab' });
    const ofSam = async () => {
      await refresh();
      const [video, playback, { videos }] = [await sam.api.getVideo({ params }), await sam.api.getPlayback({ params }), await sam.api.listVideos({ params: { courseId: course.id } })];
      return [video.posterUrl, playback.video.posterUrl, videos[0]?.posterUrl, playback.tracks[0]?.masterUrl, playback.expiresAt];
    };
    const first = await ofSam();
    expect(first[0]).toMatch(/^\/media\/.*\/poster\.jpg$/);
    expect(new Set(first.slice(0, 3)).size).toBe(1);
    site.clock.advance(14 * 60_000);
    expect(await ofSam()).toEqual(first);
    expect((await ada.api.getVideo({ params })).posterUrl).not.toBe(first[0]);
    site.clock.advance(60_000);
    const renewed = await ofSam();
    expect(renewed.filter((url) => first.includes(url))).toEqual([]);
    expect(renewed[4]).toBe(toInstant(site.clock.nowMs() + 3600_000));
  });

  it('is refused to a user who was removed from its lecture', async () => {
    const { lecture, params } = await recordedLecture();
    const { lecture: live, participant } = site.enter(lecture.id, ada, 'owner');
    await live.removals.remove(participant, UserId.parse(sam.userId));
    expect(await refusal(sam.api.getPlayback({ params }))).toMatchObject({ code: 'participant.removed' });
  });
});

describe('the position in a video', () => {
  it('is saved for each user, and listed on the home page until the video is finished', async () => {
    const { course, videoId, params } = await recordedLecture();
    expect(await sam.api.getProgress({ params })).toEqual({ positionSeconds: 0, isFinished: false, updatedAt: null });
    await sam.api.saveProgress({ params, body: { positionSeconds: 41.5 } });
    expect(await sam.api.getProgress({ params })).toMatchObject({ positionSeconds: 41.5, isFinished: false });
    expect(await ada.api.getProgress({ params })).toMatchObject({ positionSeconds: 0 });
    const { continueWatching } = await sam.api.getHome();
    expect(continueWatching).toMatchObject([{ video: { id: videoId, courseTitle: 'Physics' }, progress: { positionSeconds: 41.5 } }]);
    await sam.api.saveProgress({ params, body: { positionSeconds: 90, isFinished: true } });
    expect((await sam.api.getHome()).continueWatching).toEqual([]);
    await sam.api.saveProgress({ params, body: { positionSeconds: 3 } });
    await sam.api.leaveCourse({ params: { courseId: course.id } });
    expect((await sam.api.getHome()).continueWatching).toEqual([]);
    expect(await refusal(sam.api.saveProgress({ params, body: { positionSeconds: 4 } }))).toMatchObject({ code: 'access.denied' });
  });

  it('is not listed when its video is gone', async () => {
    const videoId = VideoId.parse(newId('vid'));
    await new ProgressStore(site.database).put(UserId.parse(sam.userId), videoId, { positionSeconds: 5, isFinished: false, updatedAt: toInstant(site.clock.nowMs()) });
    expect((await sam.api.getHome()).continueWatching).toEqual([]);
    expect(await refusal(sam.api.getVideo({ params: { videoId } }))).toMatchObject({ code: 'video.notFound', status: 404 });
  });

  it('cannot be negative', async () => {
    const { params } = await recordedLecture();
    expect(await refusal(sam.api.saveProgress({ params, body: { positionSeconds: -1 } }))).toMatchObject({ errors: [{ path: 'positionSeconds' }] });
  });
});
