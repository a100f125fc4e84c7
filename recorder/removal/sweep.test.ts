import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { newId, systemClock, toInstant } from '#engine/kernel';
import { ManualClock, openTestDatabase, silentLogger as logger } from '#engine/testing';
import { Journal } from '../journal/Journal.ts';
import { recordingsDefinition, segmentsDefinition } from '../journal/collections.ts';
import { segmentKey } from '../journal/keys.ts';
import type { RecordingRow, SegmentRow } from '../journal/rows.ts';
import { videoCollection, withDefaults } from '../library/VideoRow.ts';
import type { StoredVideoRow } from '../library/VideoRow.ts';
import { openFolderObjectStore } from '../storage/FolderObjectStore.ts';
import { sha256OfBytes } from '../storage/sha256.ts';
import { openSweep } from './openSweep.ts';


const day = 24 * 3600_000;
const { signal } = new AbortController();
const track = 'main-video';

async function open() {
  // Objects have the time of the machine.
  const clock = new ManualClock(systemClock.nowMs());
  const database = await openTestDatabase();
  const folder = await mkdtemp(path.join(tmpdir(), 'lectern-sweep-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const store = await openFolderObjectStore(folder);
  const journal = new Journal(database);
  const rows = database.collection<StoredVideoRow>(videoCollection);
  const recordings = database.collection<RecordingRow>(recordingsDefinition);
  const put = async (key: string, text = 'x') => {
    const bytes = Buffer.from(text);
    await store.put(key, { bytes }, { contentType: 'video/mp4', sha256: sha256OfBytes(bytes) });
  };
  /** A stored recording of two segments, with its video. */
  const record = async ({ isFinished = true, isStored = true, withVideo = true } = {}) => {
    const writer = await journal.openRecording({ lectureId: newId('lec'), courseId: 'crs_1', startedAt: toInstant(clock.nowMs()) });
    const { recordingId } = writer;
    const segments = [0, 1].map((sequence): SegmentRow => ({ _id: newId('seg'), recordingId, track, sequence, epoch: 0, key: segmentKey({ recordingId, track }, sequence), state: 'stored', wallClock: '', writtenAt: '', startMs: sequence, durationMs: 1, frameCount: 1, isIndependent: true, isFiller: false, bytes: 1, sha256: '00' }));
    await writer.add(segments.map((row) => ({ kind: 'segment' as const, row })));
    for (const { key } of segments) await put(key);
    for (const name of ['main.m3u8', 'poster.jpg']) await put(`recordings/${recordingId}/${name}`);
    await recordings.updateOne({ _id: recordingId }, { $set: { state: isFinished ? 'finished' : 'recording', isStored } });
    const videoId = newId('vid');
    if (withVideo) await rows.insertOne(withDefaults({ _id: videoId, courseId: 'crs_1', recordingId, title: 'Waves', state: isFinished ? 'ready' : 'live', createdAt: toInstant(clock.nowMs()), posterKey: `recordings/${recordingId}/poster.jpg` }));
    return { recordingId, videoId, keys: segments.map(({ key }) => key) };
  };
  const upload = async (fields: Partial<StoredVideoRow> = {}) => {
    const videoId = newId('vid');
    const stored = (name: string) => ({ key: `videos/${videoId}/${name}`, bytes: 1, sha256: '00' });
    const { recordingId: _none, ...row } = withDefaults({ _id: videoId, courseId: 'crs_1', title: 'Optics', source: 'upload', state: 'ready', generation: 2, createdAt: toInstant(clock.nowMs()), manifest: stored('2/manifest.json'), sourceFile: { ...stored('source/upl_2'), fileName: 'a.mp4', contentType: 'video/mp4' }, ...fields });
    await rows.insertOne(row);
    for (const name of ['2/manifest.json', '2/v720/0.mp4', 'source/upl_2']) await put(`videos/${videoId}/${name}`);
    return videoId;
  };
  const sweep = openSweep({ database, store, clock, logger });
  const run = (isDryRun = true) => sweep.run({ isDryRun, signal });
  const keys = async () => (await store.list('')).objects.map(({ key }) => key);
  return { clock, database, store, journal, rows, recordings, put, record, upload, sweep, run, keys };
}

describe('A sweep', () => {
  it('finds nothing where every object has its row', async () => {
    const { record, upload, run, clock, put } = await open();
    await record();
    await upload();
    await put('images/img_1/512.webp');
    clock.advance(3 * day);
    expect(await run()).toMatchObject({ isDryRun: true, objects: 7, bytes: 7, orphans: { objects: 0 }, missing: { videos: 0 }, inProgress: 0 });
  });

  it('finds the objects of recordings and videos that do not exist, and deletes them when it is not a dry run', async () => {
    const { record, run, put, keys, clock } = await open();
    await record();
    const orphans = ['recordings/rec_gone/main-video/000000.m4s', 'recordings/rec_gone/poster.jpg', 'videos/vid_gone/1/v720/0.mp4'];
    for (const key of orphans) await put(key, 'four');
    clock.advance(3 * day);
    const before = await keys();
    const report = await run();
    expect(report.orphans).toMatchObject({ objects: 3, bytes: 12, deleted: 0 });
    expect(report.orphans.examples.map(({ key }) => key)).toEqual(orphans);
    expect(await keys()).toEqual(before);
    expect((await run(false)).orphans).toMatchObject({ objects: 3, deleted: 3 });
    expect(await keys()).toEqual(before.filter((key) => !orphans.includes(key)));
    expect((await run()).orphans.objects).toBe(0);
  });

  it('leaves alone what is young, what is being written, and what has owners elsewhere', async () => {
    const { record, upload, run, put, keys, clock } = await open();
    await put('recordings/rec_young/main-video/000000.m4s');
    clock.advance(day);
    const live = await record({ isFinished: false });
    const unstored = await record({ isStored: false });
    const making = await upload({ work: { stage: 'encoding', share: 0.1 } });
    for (const key of [`recordings/${live.recordingId}/${track}/000009.m4s`, `recordings/${unstored.recordingId}/${track}/000009.m4s`, `videos/${making}/3/v720/0.mp4`, 'uploads/upl_1', 'exports/exp_1.zip', 'images/img_1/1.webp']) await put(key);
    const before = await keys();
    const young = await run(false);
    expect([young.orphans.objects, young.inProgress, await keys()]).toEqual([0, 4, before]);
    clock.advance(30 * day);
    const old = await run(false);
    expect([old.orphans.deleted, old.inProgress]).toEqual([1, 3]);
    expect(await keys()).toEqual(before.filter((key) => !key.includes('rec_young')));
  });

  it('finds what an earlier generation, a replaced file or a crash has left of a video that exists', async () => {
    const { record, upload, run, put, keys, clock } = await open();
    const { recordingId } = await record();
    const videoId = await upload();
    const left = [`recordings/${recordingId}/${track}/000099.m4s`, `videos/${videoId}/1/v720/0.mp4`, `videos/${videoId}/3/v720/0.mp4`, `videos/${videoId}/source/upl_1`];
    for (const key of left) await put(key);
    clock.advance(3 * day);
    const before = await keys();
    expect((await run(false)).orphans).toMatchObject({ objects: 4, deleted: 4 });
    expect(await keys()).toEqual(before.filter((key) => !left.includes(key)));
  });

  it('knows the files that a manifest lists, of renditions and of a recording that was folded into it', async () => {
    const { record, upload, run, store, rows, put, database, clock } = await open();
    const { recordingId, videoId, keys } = await record();
    const file = (key: string) => ({ key, bytes: 1, sha256: sha256OfBytes(Buffer.from('x')) });
    const withManifest = async (id: string, files: readonly string[]) => {
      const [init = '', ...parts] = files;
      const rendition = { id: 'v720', group: 'main', kind: 'video', codecString: 'avc1.64001f', widthPx: 1280, heightPx: 720, frameRate: 30, channelCount: null, language: null, peakBps: 1, averageBps: 1, bytes: 1, init: file(init), parts: parts.map(file), segments: [{ part: 0, offset: 0, bytes: 1, durationMs: 1000 }] };
      const text = JSON.stringify({ version: 1, durationMs: 1000, renditions: [rendition] });
      const key = `videos/${id}/2/manifest.json`;
      await put(key, text);
      await rows.updateOne({ _id: id }, { $set: { generation: 2, manifest: { key, bytes: text.length, sha256: sha256OfBytes(Buffer.from(text)) } } });
    };
    await withManifest(videoId, keys);
    // A fold that was interrupted has deleted some rows of segments.
    await database.collection<SegmentRow>(segmentsDefinition).deleteMany({ recordingId, sequence: 1 });
    const uploaded = await upload();
    await withManifest(uploaded, [`videos/${uploaded}/2/v720/init.mp4`, `videos/${uploaded}/2/v720/0.mp4`]);
    clock.advance(3 * day);
    const report = await run(false);
    expect(report.orphans.deleted).toBe(0);
    expect(report.missing.examples).toMatchObject([{ videoId: uploaded, objects: 1, key: `videos/${uploaded}/2/v720/init.mp4` }]);
    await store.delete(`videos/${videoId}/2/manifest.json`);
    expect(await run(false)).toMatchObject({ orphans: { deleted: 0 }, inProgress: expect.any(Number) });
  });

  it('finds videos whose objects are missing, also when the store has nothing of them', async () => {
    const { record, upload, run, store, clock, rows } = await open();
    const [partial, whole, file] = [await record(), await record(), await upload()];
    await store.delete(partial.keys[1] ?? '');
    await store.delete(`recordings/${partial.recordingId}/poster.jpg`);
    await store.deletePrefix(`recordings/${whole.recordingId}/`);
    await store.deletePrefix(`videos/${file}/`);
    clock.advance(3 * day);
    const { missing } = await run();
    expect(missing).toMatchObject({ videos: 3, objects: 7 });
    expect(new Map(missing.examples.map(({ videoId, objects }) => [videoId, objects]))).toEqual(new Map([[partial.videoId, 2], [whole.videoId, 3], [file, 2]]));
    await rows.updateMany({ courseId: 'crs_1' }, { $set: { deletedAt: toInstant(clock.nowMs()) } });
    expect((await run()).missing).toMatchObject({ videos: 0, objects: 0 });
  });

  it('deletes nothing of a row that came while it was looking', async () => {
    const { put, sweep, store, clock, rows, keys } = await open();
    await put('videos/vid_late/1/v720/0.mp4');
    clock.advance(3 * day);
    const list = store.list.bind(store);
    store.list = async (prefix, options) => {
      const page = await list(prefix, options);
      if (prefix === 'videos/') await rows.insertOne({ _id: 'vid_late', courseId: 'crs_1', title: 'Late', state: 'ready', generation: 1, createdAt: '' });
      return page;
    };
    expect((await sweep.run({ isDryRun: false, signal })).orphans.deleted).toBe(0);
    expect(await keys()).toEqual(['videos/vid_late/1/v720/0.mp4']);
  });

  it('stops when it is cancelled', async () => {
    const { put, sweep, keys, clock } = await open();
    for (const name of ['a', 'b']) await put(`videos/vid_${name}/1/0.mp4`);
    clock.advance(3 * day);
    const stop = new AbortController();
    await expect(sweep.run({ isDryRun: false, signal: stop.signal, onProgress: async () => stop.abort(new Error('cancelled')) })).rejects.toThrow('cancelled');
    expect(await keys()).toEqual(['videos/vid_b/1/0.mp4']);
  });
});
