import { beforeEach, describe, expect, it } from 'vitest';
import type { VideoId } from '#engine/contract';
import { startTestApi } from '../testing/index.ts';
import type { Browser } from '../testing/index.ts';
import { mp4Of, sha256Of } from './testing/mediaFiles.ts';
import { append, create, created } from './testing/tusRequests.ts';

let site: Awaited<ReturnType<typeof startTestApi>>;
let ina: Browser;
let courseId: string;

beforeEach(async () => {
  site = await startTestApi();
  ina = await site.firstAccount();
  courseId = (await ina.api.createCourse({ body: { title: 'Optics' } })).id;
});

const [file, other] = [mp4Of(50_000), mp4Of(80_000)];

async function sendForm(at: string, content: Buffer): Promise<{ status: number; body: Record<string, unknown> }> {
  const form = new FormData();
  form.append('file', new Blob([new Uint8Array(content)]), 'Lenses.mp4');
  const response = await ina.fetch(at, { method: 'POST', headers: { authorization: `Bearer ${ina.token}` }, body: form });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

async function uploaded(): Promise<VideoId> {
  const { body } = await sendForm(`/api/v1/content/upload?courseId=${courseId}`, file);
  return body.videoId as VideoId;
}

const waiting = async () => (await ina.api.listJobs({ query: { state: 'waiting' } })).jobs.filter(({ kind }) => kind === 'video.prepare').map(({ key }) => key);
const objects = async (videoId: string) => (await site.store.list(`videos/${videoId}/`)).objects.map(({ bytes }) => bytes);

describe('An uploaded file', () => {
  it('is the source of a new video of its course, whose renditions are then made', async () => {
    const videoId = await uploaded();
    expect(await site.videos.get(videoId)).toMatchObject({
      courseId, title: 'Lenses', source: 'upload', state: 'processing', createdBy: ina.userId, lectureId: null, recordingId: null, work: { stage: 'waiting' },
      sourceFile: { bytes: file.length, sha256: sha256Of(file), fileName: 'Lenses.mp4', contentType: 'video/mp4' },
    });
    expect(await waiting()).toEqual([videoId]);
    expect((await ina.api.listVideos({ params: { courseId } })).videos).toMatchObject([{ id: videoId }]);
  });

  it('no longer says who uploaded it when that person is erased', async () => {
    const sam = await (await site.signup('sam')).join(ina, courseId, 'assistant');
    const at = await created(sam, file.length, { courseId });
    await append(sam, at, { body: file });
    const ofSam = async () => (await Array.fromAsync(site.collection<{ _id: string; createdBy: string }>('videos').iterate({}))).filter(({ createdBy }) => createdBy === sam.userId).length;
    expect(await ofSam()).toBe(1);
    await site.personal.erase({ userId: sam.userId, email: 'sam@example.org', displayName: 'Sam' } as never);
    expect(await ofSam()).toBe(0);
  });

  it('counts towards the storage of its uploader as long as its video exists', async () => {
    await ina.api.setUserRoles({ params: { userId: ina.userId }, body: { roles: ['admin', 'instructor'] } });
    const sam = await (await site.signup('sam')).join(ina, courseId, 'assistant');
    const { version } = await ina.api.getSettings();
    await ina.api.updateSettings({ body: { version, settings: { uploadQuotaGbOfOthers: 1 } } });
    const at = await created(sam, file.length, { courseId });
    expect((await append(sam, at, { body: file })).status).toBe(204);
    expect((await create(sam, 2 ** 30 - 40_000, { courseId })).problem).toMatchObject({ code: 'upload.quotaReached' });
    await site.collection('videos').deleteMany({});
    expect((await create(sam, 2 ** 30 - 40_000, { courseId })).status).toBe(201);
  });
});

describe('A file that replaces that of a video', () => {
  it('takes its place, by a form or by tus; the video keeps its id and what can be watched of it', async () => {
    const videoId = await uploaded();
    await site.collection<{ _id: string; state: string; generation: number }>('videos').updateOne({ _id: videoId }, { $set: { state: 'ready', generation: 3 } });
    const { status, body } = await sendForm(`/api/v1/content/${videoId}/replace`, other);
    expect([status, body.videoId, body.replaces]).toEqual([201, videoId, true]);
    expect(await site.videos.get(videoId)).toMatchObject({ state: 'ready', generation: 3, title: 'Lenses', work: { stage: 'waiting' }, sourceFile: { sha256: sha256Of(other) } });
    expect(await objects(videoId)).toEqual([other.length]);
    const at = await created(ina, file.length, { courseId, replaces: videoId });
    expect((await append(ina, at, { body: file })).headers.get('lectern-video')).toBe(videoId);
    expect(await site.videos.get(videoId)).toMatchObject({ bytes: file.length, sourceFile: { sha256: sha256Of(file) } });
    expect(await objects(videoId)).toEqual([file.length]);
    expect(await waiting()).toEqual([videoId]);
    expect((await ina.api.listAudit()).entries.filter(({ action }) => action === 'video.replaced')).toMatchObject([{ target: { kind: 'video', id: videoId } }]);
  });

  it('is refused for a recording, for a video of another course, and when it is no video; nothing changes then', async () => {
    const videoId = await uploaded();
    const { id: lectureId } = await ina.api.scheduleLecture({ params: { courseId }, body: { title: 'Prisms' } });
    const { _id: recorded } = await site.recordVideo({ courseId, lectureId, title: 'Prisms' });
    const { id: elsewhere } = await ina.api.createCourse({ body: { title: 'Acoustics' } });
    expect((await create(ina, 10, { courseId, replaces: recorded })).problem).toMatchObject({ code: 'upload.notReplaceable', status: 422 });
    expect((await create(ina, 10, { courseId: elsewhere, replaces: videoId })).problem).toMatchObject({ code: 'video.notFound' });
    expect((await sendForm(`/api/v1/content/${videoId}/replace`, Buffer.from('#EXTM3U'))).body).toMatchObject({ code: 'upload.typeUnknown' });
    expect(await site.videos.get(videoId)).toMatchObject({ sourceFile: { sha256: sha256Of(file) } });
    expect(await objects(videoId)).toEqual([file.length]);
  });

  it('is refused when its video was deleted while it was sent', async () => {
    const videoId = await uploaded();
    const at = await created(ina, other.length, { courseId, replaces: videoId });
    await site.collection<{ _id: string; deletedAt: string | null }>('videos').updateOne({ _id: videoId }, { $set: { deletedAt: '2026-01-01T00:00:00.000Z' } });
    await append(ina, at, { body: other });
    expect((await ina.api.listUploads()).uploads).toMatchObject([{ state: 'refused', problem: { code: 'video.notFound' } }]);
    expect(await objects(videoId)).toEqual([file.length]);
  });
});
