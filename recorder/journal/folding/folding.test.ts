import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CodedError } from '#engine/contract';
import { newId, toInstant } from '#engine/kernel';
import type { Database } from '#engine/kernel';
import { openTestDatabase, refusingDatabase } from '#engine/testing';
import { Spool } from '../../capture/Spool.ts';
import { playlistFormat } from '../../hls/playlistFiles.ts';
import { foldBatchRows } from '../../limits.ts';
import { openFolderObjectStore } from '../../storage/FolderObjectStore.ts';
import type { ObjectStore } from '../../storage/ObjectStore.ts';
import { StorageUsage } from '../../usage/StorageUsage.ts';
import { initsDefinition, recordingsDefinition, segmentsDefinition } from '../collections.ts';
import { Journal } from '../Journal.ts';
import { JournalLibrary } from '../JournalLibrary.ts';
import { foldKey, initKey, segmentKey } from '../keys.ts';
import { RecordingIndexes } from '../RecordingIndexes.ts';
import type { InitSegmentRow, JournaledFile, RecordingRow, RecordingTrack, SegmentRow } from '../rows.ts';
import { RecordingFolder } from './RecordingFolder.ts';

const startedAtMs = Date.UTC(2030, 0, 1);
const perTrack = foldBatchRows + 20;
const tracks = ['main-video', 'main-audio'] as const;

let folder: string;
let database: Database;
let store: ObjectStore;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'lectern-folding-'));
  database = await openTestDatabase();
  store = await openFolderObjectStore(path.join(folder, 'objects'));
});
afterEach(async () => {
  await store.close();
  await database.close();
  await rm(folder, { recursive: true });
});

const journalOf = () => new Journal(database, undefined, store);
const recordings = () => database.collection<RecordingRow>(recordingsDefinition);
const rowsLeft = async (recordingId: string) => (await database.collection<SegmentRow>(segmentsDefinition).countDocuments({ recordingId })) + (await database.collection<InitSegmentRow>(initsDefinition).countDocuments({ recordingId }));

function filesOf(recordingId: string, track: RecordingTrack, { from = 0, count = perTrack } = {}): JournaledFile[] {
  const at = toInstant(startedAtMs);
  const init: InitSegmentRow = { _id: newId('seg'), recordingId, track, epoch: 0, key: initKey({ recordingId, track }, 0), codecString: track === 'main-video' ? 'avc1.64001f' : 'mp4a.40.2', bytes: 10, sha256: '00', state: 'stored', writtenAt: at, isFiller: false, widthPx: 640, heightPx: 360, channelCount: 2 };
  const segments = Array.from({ length: count }, (_, index): JournaledFile => {
    const sequence = from + index;
    const state = sequence === 7 ? 'lost' : 'stored';
    return { kind: 'segment', row: { _id: newId('seg'), recordingId, track, sequence, epoch: 0, startMs: sequence * 2000, durationMs: 2000, wallClock: toInstant(startedAtMs + sequence * 2000), key: segmentKey({ recordingId, track }, sequence), bytes: 100, sha256: '00', frameCount: 50, isIndependent: true, keyframeBytes: 50, isFiller: false, state, writtenAt: at } };
  });
  return from === 0 ? [{ kind: 'init', row: init }, ...segments] : segments;
}

/** A recording that two processes wrote, one after the other, with a lost segment: finished, stored and shown. */
async function storedRecording(): Promise<{ recordingId: string; lectureId: string }> {
  const journal = journalOf();
  const lectureId = newId('lec');
  const of = { lectureId, courseId: newId('crs'), startedAt: toInstant(startedAtMs) };
  const first = await journal.openRecording(of, 1);
  await first.add(filesOf(first.recordingId, 'main-video'));
  const { recordingId } = first;
  const second = await journal.openRecording(of, 2);
  await second.add(filesOf(recordingId, 'main-audio'));
  await finish(recordingId, second);
  return { recordingId, lectureId };
}

async function finish(recordingId: string, writer: Awaited<ReturnType<Journal['openRecording']>>): Promise<void> {
  const journal = journalOf();
  await writer.change({ state: 'finished', endedAt: toInstant(startedAtMs + 3600_000), timelineEndMs: perTrack * 2000 });
  const row = await journal.recording(recordingId);
  if (!row) throw new Error('no recording');
  await journal.markStored(row, playlistFormat);
  await journal.markShown(row);
}

/** Everything that is read of a recording, by a process that has just started. */
async function readAll(recordingId: string) {
  const journal = journalOf();
  const library = new JournalLibrary(journal, new RecordingIndexes(journal), new Spool(path.join(folder, 'spool')));
  const names = ['main.m3u8', ...tracks.map((track) => `${track}.m3u8`), 'main-video-iframes.m3u8'];
  const playlists = await Promise.all(names.map((name) => library.playlist(recordingId, name)));
  const files = ['main-video/init-0.mp4', 'main-audio/000003.m4s', 'main-video/000007.m4s', 'main-video/009999.m4s', 'screen-video/000000.m4s'];
  const locations = await Promise.all(files.map((file) => library.locate(recordingId, file)));
  return { playlists, locations, ends: await library.ends(recordingId), presence: await library.presence(recordingId, 'main-video'), amount: await journal.storedAmount(recordingId), isAllStored: await journal.isAllStored(recordingId), endsAt: (await journal.extent(recordingId)).segments.length };
}

const folderOf = (of: Database = database, objects: ObjectStore = store) => new RecordingFolder({ database: of, store: objects, pause: async () => undefined });

/** A database that dies at its `count`th write from now on. */
function dyingDatabase(count: number): Database {
  let writes = 0;
  return refusingDatabase(database, () => (writes += 1) > count);
}

async function isRefused(attempt: Promise<unknown>): Promise<boolean> {
  try {
    await attempt;
    return false;
  } catch (err) {
    if (err instanceof CodedError) return true;
    throw err;
  }
}

describe('A folded recording', () => {
  it('has one document in the database, and is read as before', async () => {
    const { recordingId } = await storedRecording();
    const before = await readAll(recordingId);
    expect(before.playlists.every((playlist) => playlist?.isFinished)).toBe(true);
    expect(await folderOf().fold(recordingId)).toBe(true);
    expect(await rowsLeft(recordingId)).toBe(0);
    expect(await readAll(recordingId)).toEqual(before);
    expect((await journalOf().recording(recordingId))?.fold).toMatchObject({ key: foldKey(recordingId), generation: 1, storedObjects: before.amount.objects });
    expect(await folderOf().fold(recordingId)).toBe(true);
  });

  it('is read as before in a process that had read it before', async () => {
    const { recordingId } = await storedRecording();
    const journal = journalOf();
    const key = segmentKey({ recordingId, track: 'main-video' }, 5);
    const [extent, file] = [await journal.extent(recordingId), await journal.byKey(key)];
    await folderOf().fold(recordingId);
    expect([await journal.extent(recordingId), await journal.byKey(key), await journal.byKey(segmentKey({ recordingId, track: 'main-audio' }, 9))]).toMatchObject([{ segments: { length: extent.segments.length } }, file ?? {}, { row: { sequence: 9 } }]);
  });

  it('counts as much storage as before', async () => {
    const { recordingId } = await storedRecording();
    const { amount } = await readAll(recordingId);
    await folderOf().fold(recordingId);
    const usage = new StorageUsage(database);
    await usage.measure({ now: toInstant(startedAtMs), signal: new AbortController().signal });
    expect(await usage.total()).toMatchObject(amount);
  });

  it('continues with all its rows when its lecture goes on, and is folded again after that', async () => {
    const { recordingId, lectureId } = await storedRecording();
    const before = await journalOf().extent(recordingId);
    await folderOf().fold(recordingId);
    const journal = journalOf();
    const writer = await journal.openRecording({ lectureId, courseId: newId('crs'), startedAt: toInstant(startedAtMs) }, 3);
    expect((await journal.recording(recordingId))?.fold).toBeUndefined();
    const restored = await journal.extent(recordingId);
    expect(restored.segments.map(({ key }) => key)).toEqual(before.segments.map(({ key }) => key));
    await writer.change({ state: 'recording', endedAt: null, isStored: false, isShown: false });
    await writer.add(filesOf(recordingId, 'main-video', { from: perTrack, count: 5 }));
    await finish(recordingId, writer);
    const continued = await readAll(recordingId);
    expect(continued.endsAt).toBe(before.segments.length + 5);
    expect(await folderOf().fold(recordingId)).toBe(true);
    expect(await rowsLeft(recordingId)).toBe(0);
    expect(await readAll(recordingId)).toEqual(continued);
    expect((await journalOf().recording(recordingId))?.fold).toMatchObject({ generation: 2 });
  });

  it('keeps refusing an owner before the last one after its rows were restored', async () => {
    const journal = journalOf();
    const { recordingId, lectureId } = await storedRecording();
    const of = { lectureId, courseId: newId('crs'), startedAt: toInstant(startedAtMs) };
    const early = await journal.openRecording(of, 3);
    await finish(recordingId, early);
    await folderOf().fold(recordingId);
    await journalOf().openRecording(of, 4);
    await expect(early.add(filesOf(recordingId, 'main-video', { from: perTrack, count: 1 }))).rejects.toThrow();
  });
});

describe('Folding', () => {
  it('takes what is finished, stored and shown, and ended a while ago', async () => {
    const { recordingId } = await storedRecording();
    const old = await storedRecording();
    await recordings().updateOne({ _id: old.recordingId }, { $unset: { isFolded: true } });
    const due = async (hours: number) => (await folderOf().due(toInstant(startedAtMs + hours * 3600_000), 10)).map(({ _id }) => _id).sort();
    expect(await due(1)).toEqual([]);
    expect(await due(2)).toEqual([recordingId, old.recordingId].sort());
    await folderOf().fold(recordingId);
    expect(await due(2)).toEqual([old.recordingId]);
    await recordings().updateOne({ _id: old.recordingId }, { $set: { isShown: false } });
    expect(await due(2)).toEqual([]);
  });

  it('leaves a recording alone that is not stored, or has a file that is not', async () => {
    const { recordingId } = await storedRecording();
    await recordings().updateOne({ _id: recordingId }, { $set: { isStored: false } });
    expect(await folderOf().fold(recordingId)).toBe(false);
    await recordings().updateOne({ _id: recordingId }, { $set: { isStored: true } });
    await database.collection<SegmentRow>(segmentsDefinition).updateOne({ recordingId, track: 'main-video', sequence: 3 }, { $set: { state: 'written' } });
    expect(await folderOf().fold(recordingId)).toBe(false);
    expect(await folderOf().fold(newId('rec'))).toBe(false);
    expect(await rowsLeft(recordingId)).toBeGreaterThan(0);
  });

  it('leaves a recording alone that continues while its object is written', async () => {
    const { recordingId, lectureId } = await storedRecording();
    const before = await rowsLeft(recordingId);
    const continuing: ObjectStore = Object.create(store, {
      put: {
        value: async (...put: Parameters<ObjectStore['put']>) => {
          await store.put(...put);
          await journalOf().openRecording({ lectureId, courseId: newId('crs'), startedAt: toInstant(startedAtMs) }, 3);
        },
      },
    }) as ObjectStore;
    expect(await folderOf(database, continuing).fold(recordingId)).toBe(false);
    expect(await rowsLeft(recordingId)).toBeGreaterThanOrEqual(before);
    expect((await journalOf().recording(recordingId))?.fold).toBeUndefined();
  });

  it('is interrupted between any two of its writes without a difference, and goes on after that', async () => {
    let writes = 0;
    for (let isDone = false; !isDone; writes += 1) {
      const { recordingId } = await storedRecording();
      const before = await readAll(recordingId);
      isDone = !(await isRefused(folderOf(dyingDatabase(writes)).fold(recordingId)));
      expect(await readAll(recordingId), `after ${writes} writes`).toEqual(before);
      expect(await folderOf().fold(recordingId)).toBe(true);
      expect(await rowsLeft(recordingId)).toBe(0);
      expect(await readAll(recordingId)).toEqual(before);
    }
    // The name of the object, the init segments, three batches of segments, and that all of them are deleted.
    expect(writes - 1).toBeGreaterThanOrEqual(6);
  });

  it('changes nothing when the store is unavailable', async () => {
    const { recordingId } = await storedRecording();
    const before = await readAll(recordingId);
    const unavailable: ObjectStore = Object.create(store, { put: { value: () => Promise.reject(new CodedError('store.unavailable', 'The store is unavailable.')) } }) as ObjectStore;
    expect(await isRefused(folderOf(database, unavailable).fold(recordingId))).toBe(true);
    expect(await readAll(recordingId)).toEqual(before);
  });
});

describe('Restoring the rows', () => {
  it('is interrupted between any two of its writes without a difference, and goes on after that', async () => {
    let writes = 0;
    for (let isDone = false; !isDone; writes += 1) {
      const { recordingId, lectureId } = await storedRecording();
      const keys = (await journalOf().extent(recordingId)).segments.map(({ key }) => key);
      await folderOf().fold(recordingId);
      const of = { lectureId, courseId: newId('crs'), startedAt: toInstant(startedAtMs) };
      isDone = !(await isRefused(new Journal(dyingDatabase(writes), undefined, store).openRecording(of, 3)));
      expect((await journalOf().extent(recordingId)).segments.map(({ key }) => key)).toEqual(keys);
      await journalOf().openRecording(of, 3);
      expect((await journalOf().extent(recordingId)).segments.map(({ key }) => key)).toEqual(keys);
    }
  });

  it('keeps its rows from a fold that is still deleting them', async () => {
    const { recordingId, lectureId } = await storedRecording();
    const rows = await rowsLeft(recordingId);
    let isContinued = false;
    const pause = async () => {
      if (isContinued) return;
      isContinued = true;
      await journalOf().openRecording({ lectureId, courseId: newId('crs'), startedAt: toInstant(startedAtMs) }, 3);
    };
    expect(await new RecordingFolder({ database, store, pause }).fold(recordingId)).toBe(false);
    expect(await rowsLeft(recordingId)).toBeGreaterThanOrEqual(rows);
    expect(await journalOf().recording(recordingId)).toMatchObject({ isFolded: false, isStored: false });
  });
});
