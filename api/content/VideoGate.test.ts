import { describe, expect, it } from 'vitest';
import { AccessPolicy } from '#engine';
import { UserId, VideoId } from '#engine/contract';
import { newId, toInstant } from '#engine/kernel';
import { videoCollection } from '#recorder';
import type { VideoRow } from '#recorder';
import { openCourseRoles } from '../index.ts';
import { refusal, startSharedTestApi } from '../testing/index.ts';
import type { Browser } from '../testing/index.ts';
import { VideoGate } from './VideoGate.ts';

const site = await startSharedTestApi();
const ada = await site.firstAccount();
const [sam, ali, stranger] = [await site.signup('sam'), await site.signup('ali'), await site.signup('stranger')];
const course = { params: { courseId: (await ada.api.createCourse({ body: { title: 'Physics', enrolmentPolicy: 'open' } })).id } };
await sam.api.enrol(course);
await ali.join(ada, course.params.courseId, 'assistant');
const policy = new AccessPolicy({ courseRoles: openCourseRoles(site.database), lectures: site.registry });
const gate = new VideoGate({ videos: site.videos, logins: site.logins, policy, clock: site.clock, links: { mayWatchByLink: async (linkId) => linkId === 'valid' } });

/** An upload that can be played, except for this. */
async function upload(change: Partial<VideoRow> = {}) {
  const videoId = VideoId.parse(newId('vid'));
  const sourceFile = { key: 'videos/x/source/y', bytes: 1, sha256: 'ab', fileName: 'waves.mov', contentType: 'video/quicktime' };
  await site.videos.createUpload({ videoId, courseId: course.params.courseId, createdBy: ada.userId, title: 'Waves', sourceFile, createdAt: toInstant(site.clock.nowMs()) });
  await site.database.collection(videoCollection).updateOne({ _id: videoId }, { $set: { state: 'ready', ...change } });
  return { videoId, params: { videoId } };
}

const viewerOf = (who: Browser) => ({ userId: UserId.parse(who.userId), loginId: site.tokens.verify('access', who.token ?? '').loginId });
const mayWatch = (who: Browser, videoId: VideoId) => gate.mayWatch(viewerOf(who), videoId);

describe('An upload', () => {
  it('is watched by the members of its course, and by nobody else', async () => {
    const { videoId, params } = await upload();
    for (const who of [ada, ali, sam]) {
      expect(await mayWatch(who, videoId)).toBe(true);
      expect(await who.api.getVideo({ params })).toMatchObject({ id: videoId, source: 'upload', lectureId: null, state: 'ready' });
    }
    expect(await mayWatch(stranger, videoId)).toBe(false);
    expect(await refusal(stranger.api.getVideo({ params }))).toMatchObject({ code: 'access.denied' });
  });

  it('stays open to a member who was removed from a lecture of the course', async () => {
    const { id: lectureId } = await ada.api.startLecture({ body: { courseId: course.params.courseId, title: 'Optics' } });
    const recording = VideoId.parse((await site.recordVideo({ courseId: course.params.courseId, lectureId, title: 'Optics' }))._id);
    const { videoId } = await upload();
    expect(await mayWatch(sam, recording)).toBe(true);
    const { lecture, participant } = site.enter(lectureId, ada, 'owner');
    await lecture.removals.remove(participant, UserId.parse(sam.userId));
    expect([await mayWatch(sam, recording), await mayWatch(sam, videoId)]).toEqual([false, true]);
  });

  it.each<[string, Partial<VideoRow>, string]>([
    ['is deleted', { deletedAt: '2030-01-01T00:00:00.000Z' }, 'video.notFound'],
    ['is not open yet', { visibleFrom: '2999-01-01T00:00:00.000Z' }, 'video.hidden'],
    ['cannot be played yet', { state: 'processing' }, 'video.hidden'],
    ['has failed', { state: 'failed' }, 'video.hidden'],
  ])('that %s is seen by those who manage it only', async (_, change, code) => {
    const { videoId, params } = await upload(change);
    expect([await mayWatch(ada, videoId), await mayWatch(ali, videoId), await mayWatch(sam, videoId)]).toEqual([true, true, false]);
    expect(await ali.api.getVideo({ params })).toMatchObject({ id: videoId });
    for (const attempt of [sam.api.getVideo({ params }), sam.api.getPlayback({ params })]) expect(await refusal(attempt)).toMatchObject({ code });
    expect((await sam.api.listVideos(course)).videos.map(({ id }) => id)).not.toContain(videoId);
    expect(await gate.mayWatch({ linkId: 'valid' }, videoId)).toBe(false);
  });

  it('is watched by a sharing link as long as that is valid', async () => {
    const { videoId } = await upload();
    expect([await gate.mayWatch({ linkId: 'valid' }, videoId), await gate.mayWatch({ linkId: 'revoked' }, videoId)]).toEqual([true, false]);
    const without = new VideoGate({ videos: site.videos, logins: site.logins, policy, clock: site.clock });
    expect(await without.mayWatch({ linkId: 'valid' }, videoId)).toBe(false);
  });

  it('that does not exist, and one of a login that has ended, are refused', async () => {
    const { videoId } = await upload();
    expect(await mayWatch(sam, VideoId.parse(newId('vid')))).toBe(false);
    expect(await gate.mayWatch({ ...viewerOf(sam), loginId: newId('lgn') }, videoId)).toBe(false);
  });

  it('opens on its date', async () => {
    const { videoId } = await upload({ visibleFrom: toInstant(site.clock.nowMs() + 60_000) });
    expect(await mayWatch(sam, videoId)).toBe(false);
    site.clock.advance(60_000);
    expect(await mayWatch(sam, videoId)).toBe(true);
  });

  it('plays its renditions, and answers video.notReady before it has any', async () => {
    const { params } = await upload();
    expect(await refusal(ada.api.getPlayback({ params }))).toMatchObject({ code: 'video.notReady' });
    const rendition = { id: 'h264-720p', group: 'main', kind: 'video', codecString: 'avc1.64001f', widthPx: 1280, heightPx: 720, frameRate: 25, channelCount: null, language: null, peakBps: 2, averageBps: 1, bytes: 9 } as const;
    await site.videos.switchManifest(params.videoId, { generation: 1, manifest: { key: 'videos/x/1/manifest.json', bytes: 7, sha256: 'cd' }, renditions: [rendition], durationSeconds: 61.5, hasScreen: false, bytes: 9000 });
    const { tracks, video } = await sam.api.getPlayback({ params });
    expect(tracks).toEqual([{ source: 'camera', masterUrl: expect.stringMatching(/^\/media\/[^/]+\/v\/main\.m3u8$/) as string, hasVideo: true, hasAudio: false, startOffsetSeconds: 0, kept: null, durationSeconds: 61.5, pictures: [{ startSeconds: 0, endSeconds: 61.5 }] }]);
    expect(video).toMatchObject({ renditions: [rendition], bytes: 9000 });
    expect(JSON.stringify(video)).not.toMatch(/sha256|videos\/x/);
  });
});
