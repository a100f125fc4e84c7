import { describe, expect, it } from 'vitest';
import { VideoId } from '#engine/contract';
import { newId, toInstant } from '#engine/kernel';
import { videoAccessChanged, videoCollection } from '#recorder';
import type { VideoRow } from '#recorder';
import { refusal, startSharedTestApi } from '../testing/index.ts';

const site = await startSharedTestApi();
const ada = await site.firstAccount();
const sam = await site.signup('sam');
const stranger = await site.signup('stranger');
let count = 0;

async function courseOfAda() {
  const { id: courseId } = await ada.api.createCourse({ body: { title: `Physics ${(count += 1)}`, enrolmentPolicy: 'open' } });
  await sam.api.enrol({ params: { courseId } });
  return courseId;
}

/** A playable upload, except for what is said otherwise. */
async function upload(courseId: string, change: Partial<VideoRow> = {}) {
  const videoId = VideoId.parse(newId('vid'));
  count += 1;
  const sourceFile = { key: 'videos/x/source/y', bytes: count, sha256: 'ab', fileName: 'waves.mov', contentType: 'video/quicktime' };
  await site.videos.createUpload({ videoId, courseId, createdBy: ada.userId, title: `Video ${count}`, sourceFile, createdAt: toInstant(site.clock.nowMs() + count * 1000) });
  await site.database.collection(videoCollection).updateOne({ _id: videoId }, { $set: { state: 'ready', ...change } });
  return videoId;
}

type Filters = NonNullable<NonNullable<Parameters<typeof ada.api.listLibrary>[0]>['query']>;

const idsOf = ({ videos }: { videos: readonly { id: string }[] }) => videos.map(({ id }) => id);

describe('The library', () => {
  it('has the videos of all courses of a person, in pages, in the order that is asked for', async () => {
    const [one, two, other] = [await courseOfAda(), await courseOfAda(), await courseOfAda()];
    await sam.api.leaveCourse({ params: { courseId: other } });
    await upload(other);
    const made = [
      await upload(one, { title: 'Beta', durationSeconds: 30, bytes: 5 }),
      await upload(two, { title: 'Alpha', durationSeconds: 10, bytes: 50 }),
      await upload(one, { title: 'Gamma', durationSeconds: 20, bytes: 500 }),
    ];
    const [beta, alpha, gamma] = made;
    const expected = { newest: [gamma, alpha, beta], title: [alpha, beta, gamma], longest: [beta, gamma, alpha], largest: [gamma, alpha, beta] } as const;
    for (const [sort, ids] of Object.entries(expected)) {
      const seen: string[] = [];
      for (let cursor: string | undefined; ; ) {
        const page = await sam.api.listLibrary({ query: { sort: sort as 'newest', limit: 2, cursor } });
        seen.push(...idsOf(page));
        if (page.nextCursor === null) break;
        cursor = page.nextCursor;
      }
      expect(seen, sort).toEqual(ids);
    }
    expect(idsOf(await stranger.api.listLibrary({ query: {} }))).toEqual([]);
  });

  it('is filtered by course, state, source, visibility, tag, category and words of the title', async () => {
    const courseId = await courseOfAda();
    const { id: lectureId } = await ada.api.startLecture({ body: { courseId, title: 'Optics live' } });
    const recording = VideoId.parse((await site.recordVideo({ courseId, lectureId, title: 'Optics live' }))._id);
    const { id: categoryId } = await ada.api.createCategory({ body: { name: `Category ${newId('cat')}` } });
    const shared = await upload(courseId, { title: 'Optics (part 1.5)', visibility: 'public', tags: ['light'], categoryId });
    const failed = await upload(courseId, { title: 'Broken', state: 'failed' });
    const find = async (query: Filters, who = ada) => idsOf(await who.api.listLibrary({ query: { ...query, courseId } })).sort();
    expect(await find({})).toEqual([recording, shared, failed].sort());
    expect(await find({ state: 'failed' })).toEqual([failed]);
    expect([await find({ source: 'recording' }), await find({ source: 'upload' })]).toEqual([[recording], [shared, failed].sort()]);
    expect([await find({ visibility: 'public' }), await find({ visibility: 'course' })]).toEqual([[shared], [recording, failed].sort()]);
    expect([await find({ tag: '#Light' }), await find({ tag: 'dark' })]).toEqual([[shared], []]);
    expect(await find({ categoryId })).toEqual([shared]);
    expect([await find({ search: 'OPT live' }), await find({ search: '(part 1.5)' }), await find({ search: '.*' })]).toEqual([[recording], [shared], []]);
    expect(await find({}, sam)).toEqual([recording, shared].sort());
  });

  it('has rows of older versions by their defaults, also by size', async () => {
    const courseId = await courseOfAda();
    const old = { _id: newId('vid'), courseId, lectureId: newId('lec'), recordingId: newId('rec'), title: 'Old', state: 'ready' as const, durationSeconds: 5, hasScreen: false, posterKey: null, createdAt: '2029-01-01T10:00:00.000Z' };
    await site.database.collection(videoCollection).insertOne(old);
    const large = await upload(courseId, { bytes: 9 });
    expect(idsOf(await ada.api.listLibrary({ query: { courseId, sort: 'largest' } }))).toEqual([large, old._id]);
    expect(idsOf(await ada.api.listLibrary({ query: { courseId, source: 'recording', visibility: 'course' } }))).toEqual([old._id]);
  });

  it('says where the person stopped', async () => {
    const courseId = await courseOfAda();
    const [watched, unwatched] = [await upload(courseId), await upload(courseId)];
    await sam.api.saveProgress({ params: { videoId: watched }, body: { positionSeconds: 12 } });
    expect((await sam.api.listLibrary({ query: { courseId } })).videos).toMatchObject([{ id: unwatched, progress: null }, { id: watched, progress: { positionSeconds: 12 } }]);
  });

  it('refuses a cursor of another list, and the order of a course without a course', async () => {
    const courseId = await courseOfAda();
    for (let index = 0; index < 3; index += 1) await upload(courseId);
    const { nextCursor } = await ada.api.listLibrary({ query: { courseId, limit: 1 } });
    expect(await refusal(ada.api.listLibrary({ query: { courseId, sort: 'title', cursor: nextCursor ?? '' } }))).toMatchObject({ code: 'page.notFound' });
    expect(await refusal(ada.api.listLibrary({ query: { sort: 'order' } }))).toMatchObject({ code: 'request.invalid' });
  });
});

describe('A video', () => {
  it('is changed by those who manage it, and says so in the audit log', async () => {
    const courseId = await courseOfAda();
    const params = { videoId: await upload(courseId) };
    const changed = await ada.api.updateVideo({ params, body: { title: '  Waves ', description: '**Loud**', tags: ['#Sound', 'sound'], isDownloadable: true } });
    expect(changed).toMatchObject({ title: 'Waves', description: '**Loud**', tags: ['sound'], isDownloadable: true, revision: 2, categoryId: null });
    expect(await sam.api.getVideo({ params })).toMatchObject({ title: 'Waves' });
    expect(await refusal(sam.api.updateVideo({ params, body: { title: 'Mine' } }))).toMatchObject({ code: 'access.denied' });
    expect(await refusal(ada.api.updateVideo({ params, body: { title: ' ' } }))).toMatchObject({ code: 'request.invalid' });
    expect(await refusal(ada.api.updateVideo({ params, body: { categoryId: newId('cat') } }))).toMatchObject({ code: 'category.notFound' });
    expect(await ada.api.getVideo({ params })).toMatchObject({ title: 'Waves', revision: 2 });
    const { entries } = await ada.api.listAudit({ query: { targetId: params.videoId } });
    expect(entries).toMatchObject([{ action: 'video.changed', target: { kind: 'video', id: params.videoId }, changes: { title: 'Waves', isDownloadable: true } }]);
  });

  it('is not overwritten by somebody who has not seen the last change', async () => {
    const params = { videoId: await upload(await courseOfAda()) };
    const path = `/api/v1/content/${params.videoId}`;
    const send = (body: unknown, ifMatch?: string) => fetch(`${site.url}${path}/update`, { method: 'PUT', headers: { authorization: `Bearer ${ada.token}`, 'content-type': 'application/json', ...(ifMatch && { 'if-match': ifMatch }) }, body: JSON.stringify(body) });
    const read = await fetch(`${site.url}${path}`, { headers: { authorization: `Bearer ${ada.token}` } });
    const tag = read.headers.get('etag') ?? '';
    expect((await send({ title: 'First' }, tag)).status).toBe(200);
    const second = await send({ title: 'Second', description: 'x' }, tag);
    expect(second.status).toBe(412);
    expect(await second.json()).toMatchObject({ code: 'version.changed', details: { changed: [{ field: 'title', yours: 'Second', current: 'First' }] } });
    expect(await ada.api.getVideo({ params })).toMatchObject({ title: 'First', description: '' });
  });

  it('announces who may watch it when that changes, and cannot be changed when it is deleted', async () => {
    const params = { videoId: await upload(await courseOfAda()) };
    const announced: unknown[] = [];
    const stop = await site.bus.subscribe(videoAccessChanged, { onMessage: (change) => void announced.push(change), onMissed: () => undefined });
    await ada.api.updateVideo({ params, body: { visibleFrom: '2999-01-01T00:00:00.000Z' } });
    await ada.api.updateVideo({ params, body: { title: 'Waves' } });
    expect(announced).toEqual([{ videoId: params.videoId, linkId: null }]);
    stop();
    expect(await refusal(sam.api.getVideo({ params }))).toMatchObject({ code: 'video.hidden' });
    await site.database.collection(videoCollection).updateOne({ _id: params.videoId }, { $set: { deletedAt: toInstant(site.clock.nowMs()) } });
    expect(await refusal(ada.api.updateVideo({ params, body: { title: 'Mine' } }))).toMatchObject({ code: 'video.notFound' });
    expect(await refusal(ada.api.moveVideo({ params, body: { position: 0 } }))).toMatchObject({ code: 'video.notFound' });
  });

  it('has a place in its course, in which the course and the library list it', async () => {
    const courseId = await courseOfAda();
    const [a, b, c, d] = [await upload(courseId), await upload(courseId), await upload(courseId), await upload(courseId)];
    const listed = async () => idsOf(await sam.api.listVideos({ params: { courseId } }));
    expect(await listed()).toEqual([d, c, b, a]);
    expect(await ada.api.moveVideo({ params: { videoId: a }, body: { position: 1 } })).toMatchObject({ position: 1 });
    expect(await listed()).toEqual([d, a, c, b]);
    const newest = await upload(courseId);
    expect(await listed()).toEqual([d, a, newest, c, b]);
    await ada.api.moveVideo({ params: { videoId: d }, body: { position: 99 } });
    expect(await listed()).toEqual([a, newest, c, b, d]);
    await ada.api.moveVideo({ params: { videoId: b }, body: { position: 0 } });
    expect(await listed()).toEqual([b, a, newest, c, d]);
    expect(idsOf(await sam.api.listLibrary({ query: { courseId, sort: 'order' } }))).toEqual([b, a, newest, c, d]);
    const first = await sam.api.listVideos({ params: { courseId }, query: { limit: 2 } });
    expect([idsOf(first), idsOf(await sam.api.listVideos({ params: { courseId }, query: { limit: 3, cursor: first.nextCursor ?? '' } }))]).toEqual([[b, a], [newest, c, d]]);
    expect(await refusal(sam.api.moveVideo({ params: { videoId: a }, body: { position: 0 } }))).toMatchObject({ code: 'access.denied' });
  });
});

describe('Several videos', () => {
  it('are changed by one request, each with a result of its own', async () => {
    const [courseId, foreign] = [await courseOfAda(), newId('vid')];
    const [a, b] = [await upload(courseId), await upload(courseId, { tags: ['old', 'kept'] })];
    const videoIds = [a, foreign, b];
    const { results } = await ada.api.changeVideos({ body: { videoIds, action: { kind: 'tags', add: ['new'], remove: ['old'] } } });
    expect(results).toMatchObject([{ videoId: a, problem: null }, { videoId: foreign, problem: { code: 'video.notFound' } }, { videoId: b, problem: null }]);
    expect([(await ada.api.getVideo({ params: { videoId: a } })).tags, (await ada.api.getVideo({ params: { videoId: b } })).tags]).toEqual([['new'], ['kept', 'new']]);
    await ada.api.changeVideos({ body: { videoIds: [a, b], action: { kind: 'visibility', visibility: 'link' } } });
    await ada.api.changeVideos({ body: { videoIds: [a, b], action: { kind: 'download', isDownloadable: true } } });
    expect((await ada.api.listLibrary({ query: { courseId } })).videos).toMatchObject([{ visibility: 'link', isDownloadable: true }, { visibility: 'link', isDownloadable: true }]);
  });

  it('keep their order when they are moved together', async () => {
    const courseId = await courseOfAda();
    const [a, b, c, d] = [await upload(courseId), await upload(courseId), await upload(courseId), await upload(courseId)];
    await ada.api.changeVideos({ body: { videoIds: [b, a], action: { kind: 'move', to: 'first' } } });
    expect(idsOf(await ada.api.listVideos({ params: { courseId } }))).toEqual([b, a, d, c]);
    await ada.api.changeVideos({ body: { videoIds: [b, d], action: { kind: 'move', to: 'last' } } });
    expect(idsOf(await ada.api.listVideos({ params: { courseId } }))).toEqual([a, c, b, d]);
  });

  it('are refused one by one to somebody who does not manage them', async () => {
    const videoId = await upload(await courseOfAda());
    for (const who of [sam, stranger]) {
      expect((await who.api.changeVideos({ body: { videoIds: [videoId], action: { kind: 'download', isDownloadable: true } } })).results).toMatchObject([{ videoId, problem: { code: 'access.denied' } }]);
    }
    expect(await ada.api.getVideo({ params: { videoId } })).toMatchObject({ isDownloadable: false, revision: 1 });
    expect(await refusal(ada.api.changeVideos({ body: { videoIds: [], action: { kind: 'download', isDownloadable: true } } }))).toMatchObject({ code: 'request.invalid' });
  });
});
