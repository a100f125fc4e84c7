import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { newId } from '#engine/kernel';
import type { Database } from '#engine/kernel';
import { openTestDatabase } from '#engine/testing';
import { videoCollection } from './VideoRow.ts';
import { VideoStore } from './VideoStore.ts';

let database: Database;
let videos: VideoStore;

beforeEach(async () => {
  database = await openTestDatabase();
  videos = new VideoStore(database);
});
afterEach(() => database.close());

const recording = (of: { courseId?: string; startedAt?: string } = {}) => ({
  recordingId: newId('rec'),
  lectureId: newId('lec'),
  courseId: newId('crs'),
  title: 'Waves',
  startedAt: '2030-01-01T10:00:00.000Z',
  isFinished: false,
  durationSeconds: 0,
  hasScreen: false,
  ...of,
});

describe('The video store', () => {
  it('has one video for each recording, from its start on, however often it is synced', async () => {
    const started = recording();
    const one = await videos.sync(started);
    const { startedAt, isFinished: _, ...shown } = started;
    expect(one).toMatchObject({ ...shown, state: 'live', createdAt: startedAt, posterKey: null });
    expect(await videos.sync(started)).toEqual(one);
    expect(await videos.ofLectures([started.lectureId])).toEqual([one]);
    expect(await videos.get(one._id)).toEqual(one);
  });

  it('follows the recording: growing, finished, continued', async () => {
    const started = recording();
    const { _id } = await videos.sync(started);
    await videos.sync({ ...started, durationSeconds: 12 });
    expect(await videos.get(_id)).toMatchObject({ state: 'live', durationSeconds: 12, hasScreen: false });
    await videos.sync({ ...started, durationSeconds: 61.5, hasScreen: true, isFinished: true });
    expect(await videos.get(_id)).toMatchObject({ state: 'ready', durationSeconds: 61.5, hasScreen: true });
    await videos.sync({ ...started, durationSeconds: 61.5, hasScreen: true });
    expect(await videos.get(_id)).toMatchObject({ state: 'live' });
  });

  it('keeps the new title of a renamed lecture when it is synced', async () => {
    const started = recording();
    const { _id } = await videos.sync(started);
    await videos.rename(started.lectureId, 'More waves');
    await videos.sync({ ...started, durationSeconds: 12 });
    expect(await videos.get(_id)).toMatchObject({ title: 'More waves', durationSeconds: 12 });
  });

  it('keeps the poster of a video when it is synced', async () => {
    const started = recording();
    await videos.sync(started);
    await videos.attachPoster(started.recordingId, { key: 'recordings/x/poster.jpg', bytes: 9, sha256: 'ab' });
    expect(await videos.sync({ ...started, isFinished: true, durationSeconds: 5 })).toMatchObject({ posterKey: 'recordings/x/poster.jpg', posterBytes: 9 });
  });

  it('creates a ready video for a recording that is finished already', async () => {
    const late = { ...recording(), isFinished: true, durationSeconds: 61.5 };
    expect(await videos.sync(late)).toMatchObject({ state: 'ready', durationSeconds: 61.5, createdAt: late.startedAt });
  });

  it('marks the video of an empty recording as failed', async () => {
    expect((await videos.sync({ ...recording(), isFinished: true })).state).toBe('failed');
  });

  it('locates posters', async () => {
    const started = recording();
    const { _id } = await videos.sync(started);
    expect(await videos.locatePoster(_id)).toBeUndefined();
    await videos.attachPoster(started.recordingId, { key: 'recordings/x/poster.jpg', bytes: 9, sha256: 'ab' });
    expect(await videos.locatePoster(_id)).toEqual({ kind: 'stored', key: 'recordings/x/poster.jpg', bytes: 9, sha256: 'ab' });
  });

  it('pages through the videos of a course, newest first, also those of the same instant', async () => {
    const courseId = newId('crs');
    const made: string[] = [];
    for (let i = 0; i < 7; i += 1) {
      made.push((await videos.sync(recording({ courseId, startedAt: `2030-01-0${1 + Math.floor(i / 2)}T10:00:00.000Z` })))._id);
    }
    await videos.sync(recording());
    const seen: string[] = [];
    const instants: string[] = [];
    for (let after: string | undefined; ; ) {
      const page = await videos.ofCourse(courseId, { after, limit: 3 });
      expect(page.videos.length).toBeLessThanOrEqual(3);
      seen.push(...page.videos.map((row) => row._id));
      instants.push(...page.videos.map((row) => row.createdAt));
      if (page.next === null) break;
      after = page.next;
    }
    expect([...seen].sort()).toEqual([...made].sort());
    expect(instants).toEqual([...instants].sort().reverse());
    expect((await videos.ofCourse(courseId, { limit: 7 })).next).toBeNull();
  });

  it('throws video.notFound for an unknown video', async () => {
    await expect(videos.get(newId('vid'))).rejects.toMatchObject({ code: 'video.notFound' });
  });
});

describe('The video of an upload', () => {
  const sourceFile = { key: 'videos/x/source/y', bytes: 5000, sha256: 'ab', fileName: 'waves.mov', contentType: 'video/quicktime' };
  const summary = { id: 'h264-720p', group: 'main', kind: 'video', codecString: 'avc1.64001f', widthPx: 1280, heightPx: 720, frameRate: 25, channelCount: null, language: null, peakBps: 2, averageBps: 1, bytes: 9 } as const;
  const made = (generation: number) => ({ generation, manifest: { key: `videos/x/${generation}/manifest.json`, bytes: 7, sha256: 'cd' }, renditions: [summary], durationSeconds: 61.5, hasScreen: false, bytes: 9000 });

  async function uploaded() {
    const upload = { videoId: newId('vid'), courseId: newId('crs'), createdBy: newId('usr'), title: 'Waves', sourceFile, createdAt: '2030-01-01T10:00:00.000Z' };
    return { upload, row: await videos.createUpload(upload) };
  }

  it('is created once, however often that is asked, and next to others without a recording', async () => {
    const { upload, row } = await uploaded();
    const { videoId, ...shown } = upload;
    expect(row).toMatchObject({ ...shown, _id: videoId, source: 'upload', state: 'processing', lectureId: null, recordingId: null, work: { stage: 'waiting', share: 0 }, bytes: 5000 });
    expect(await videos.createUpload({ ...upload, title: 'Other' })).toEqual(row);
    const other = await uploaded();
    expect(await videos.get(other.row._id)).toEqual(other.row);
  });

  it('shows what is being made, and is ready with its first renditions', async () => {
    const { row } = await uploaded();
    expect(await videos.setWork(row._id, { stage: 'encoding', share: 0.5 })).toBe(true);
    expect(await videos.get(row._id)).toMatchObject({ state: 'processing', work: { stage: 'encoding', share: 0.5 } });
    expect(await videos.switchManifest(row._id, made(1))).toBe(true);
    expect(await videos.get(row._id)).toMatchObject({ ...made(1), state: 'ready', work: { stage: 'encoding', share: 0.5 } });
    expect(await videos.switchManifest(row._id, made(2))).toBe(true);
    expect(await videos.switchManifest(row._id, made(1))).toBe(false);
    expect(await videos.get(row._id)).toMatchObject({ generation: 2 });
  });

  it('fails with a reason, and stays playable if it was', async () => {
    const failure = { code: 'file.damaged', message: 'The file is damaged.' };
    const [broken, playable] = [await uploaded(), await uploaded()];
    await videos.switchManifest(playable.row._id, made(1));
    for (const { row } of [broken, playable]) expect(await videos.fail(row._id, failure)).toBe(true);
    expect(await videos.get(broken.row._id)).toMatchObject({ state: 'failed', failure, work: null });
    expect(await videos.get(playable.row._id)).toMatchObject({ state: 'ready', failure, work: null });
    await videos.switchManifest(broken.row._id, made(1));
    expect(await videos.get(broken.row._id)).toMatchObject({ state: 'ready', failure: null });
  });

  it('does not change any more when it is deleted, and is in no list', async () => {
    const { row } = await uploaded();
    await database.collection(videoCollection).updateOne({ _id: row._id }, { $set: { deletedAt: '2030-01-02T10:00:00.000Z' } });
    const answers = [await videos.setWork(row._id, null), await videos.switchManifest(row._id, made(1)), await videos.setImages(row._id, { waveform: null }), await videos.fail(row._id, { code: 'x', message: 'x' })];
    expect(answers).toEqual([false, false, false, false]);
    expect(await videos.get(row._id)).toEqual({ ...row, deletedAt: '2030-01-02T10:00:00.000Z' });
    expect((await videos.ofCourse(row.courseId)).videos).toEqual([]);
  });
});

it('reads the rows of older versions, which were all recordings', async () => {
  const old = { _id: newId('vid'), lectureId: newId('lec'), courseId: newId('crs'), recordingId: newId('rec'), title: 'Waves', state: 'ready' as const, durationSeconds: 5, hasScreen: false, posterKey: null, posterBytes: null, posterSha256: null, createdAt: '2029-01-01T10:00:00.000Z' };
  await database.collection(videoCollection).insertOne(old);
  expect(await videos.get(old._id)).toMatchObject({ ...old, source: 'recording', tags: [], renditions: [], generation: 0, revision: 1, visibility: 'course', deletedAt: null, updatedAt: old.createdAt });
  expect(await videos.setWork(old._id, { stage: 'waiting', share: 0 })).toBe(true);
});
