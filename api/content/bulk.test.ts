import { describe, expect, it } from 'vitest';
import { VideoId } from '#engine/contract';
import { newId, toInstant } from '#engine/kernel';
import { videoCollection } from '#recorder';
import type { VideoRow } from '#recorder';
import { refusal, startSharedTestApi } from '../testing/index.ts';

const site = await startSharedTestApi();
const admin = await site.firstAccount();
const ada = await site.signup('tess');
await admin.api.setUserRoles({ params: { userId: ada.userId }, body: { roles: ['instructor'] } });
const bo = await site.signup('bo');
const sam = await site.signup('sam');

async function course() {
  const { id: courseId } = await ada.api.createCourse({ body: { title: 'Physics', enrolmentPolicy: 'open' } });
  for (const who of [bo, sam]) await who.api.enrol({ params: { courseId } });
  await ada.api.setEnrolmentRole({ params: { courseId, userId: bo.userId }, body: { role: 'assistant' } });
  return courseId;
}

async function upload(courseId: string, change: Partial<VideoRow> = {}) {
  const videoId = VideoId.parse(newId('vid'));
  const sourceFile = { key: 'videos/x/source/y', bytes: 1, sha256: 'ab', fileName: 'waves.mov', contentType: 'video/quicktime' };
  await site.videos.createUpload({ videoId, courseId, createdBy: ada.userId, title: 'Waves', sourceFile, createdAt: toInstant(site.clock.nowMs()) });
  await site.database.collection(videoCollection).updateOne({ _id: videoId }, { $set: { state: 'ready', work: null, ...change } });
  return videoId;
}

const problemsOf = ({ results }: { results: readonly { problem: { code: string } | null }[] }) => results.map(({ problem }) => problem?.code ?? null);

describe('Several videos', () => {
  it('are deleted and restored by one request each, which the audit log has an entry for each video of', async () => {
    const courseId = await course();
    const [a, b, live] = [await upload(courseId), await upload(courseId), await upload(courseId, { state: 'live' })];
    const videoIds = [a, live, b, VideoId.parse(newId('vid'))];
    expect(problemsOf(await ada.api.changeVideos({ body: { videoIds, action: { kind: 'delete' } } }))).toEqual([null, 'video.isLive', null, 'video.notFound']);
    expect((await ada.api.listDeletedVideos()).videos.map(({ id }) => id).sort()).toEqual([a, b].sort());
    expect(await refusal(sam.api.getVideo({ params: { videoId: a } }))).toMatchObject({ code: 'video.notFound' });
    expect(problemsOf(await ada.api.changeVideos({ body: { videoIds: [b, a], action: { kind: 'restore' } } }))).toEqual([null, null]);
    expect(await sam.api.getVideo({ params: { videoId: b } })).toMatchObject({ id: b, deletedAt: null });
    for (const targetId of [a, b]) expect((await admin.api.listAudit({ query: { targetId } })).entries.map(({ action }) => action).sort()).toEqual(['video.deleted', 'video.restored']);
    expect((await admin.api.listAudit({ query: { targetId: live } })).entries).toEqual([]);
  });

  it('are transcoded again by one request, and those without a source say why not', async () => {
    const courseId = await course();
    const [a, b] = [await upload(courseId), await upload(courseId, { sourceFile: null })];
    expect(problemsOf(await bo.api.changeVideos({ body: { videoIds: [a, b], action: { kind: 'transcode' } } }))).toEqual([null, 'video.notReady']);
    expect(await ada.api.getVideo({ params: { videoId: a } })).toMatchObject({ state: 'ready', work: { stage: 'waiting', share: 0 } });
    expect((await admin.api.listAudit({ query: { targetId: a } })).entries).toMatchObject([{ action: 'video.transcodeRequested' }]);
  });

  it('are deleted by owners only, and by nobody from another course', async () => {
    const courseId = await course();
    const videoId = await upload(courseId);
    for (const who of [bo, sam, await site.signup('stranger')]) {
      expect(problemsOf(await who.api.changeVideos({ body: { videoIds: [videoId], action: { kind: 'delete' } } }))).toEqual(['access.denied']);
    }
    expect(await ada.api.getVideo({ params: { videoId } })).toMatchObject({ deletedAt: null, revision: 1 });
  });
});

describe('An administrator', () => {
  it('looks after the videos of every course, without watching them', async () => {
    const params = { videoId: await upload(await course(), { visibleFrom: '2999-01-01T00:00:00.000Z' }) };
    expect(await admin.api.getVideo({ params })).toMatchObject({ title: 'Waves' });
    expect(await admin.api.updateVideo({ params, body: { title: 'Tides' } })).toMatchObject({ title: 'Tides' });
    expect(problemsOf(await admin.api.changeVideos({ body: { videoIds: [params.videoId], action: { kind: 'tags', add: ['kept'], remove: [] } } }))).toEqual([null]);
    const { link } = await admin.api.createLink({ params, body: {} });
    await admin.api.deleteLink({ params: { ...params, linkId: link.id } });
    await admin.api.transcodeVideo({ params, body: {} });
    await admin.api.deleteVideo({ params });
    await admin.api.restoreVideo({ params });
    expect(await refusal(admin.api.getPlayback({ params }))).toMatchObject({ code: 'access.denied' });
    expect(await refusal(admin.api.downloadVideo({ params }))).toMatchObject({ code: 'access.denied' });
    expect(await refusal(sam.api.getVideo({ params }))).toMatchObject({ code: 'video.hidden' });
  });
});
