import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Database } from '#engine/kernel';
import { openTestDatabase, silentLogger } from '#engine/testing';
import { buildInitSegment, buildSegment } from '../capture/buildSegment.ts';
import { Spool } from '../capture/Spool.ts';
import { VideoStore } from '../library/index.ts';
import { RecordingFolder } from '../journal/folding/RecordingFolder.ts';
import { publishPlaylists } from '../outbox/publishPlaylists.ts';
import { recoverSpool } from '../outbox/recoverSpool.ts';
import { Journal } from '../journal/Journal.ts';
import type { RecordingWriter } from '../journal/RecordingWriter.ts';
import type { JournaledFile, SegmentRow } from '../journal/rows.ts';
import { openFolderObjectStore } from '../storage/FolderObjectStore.ts';
import type { ObjectStore } from '../storage/ObjectStore.ts';
import { sha256OfBytes } from '../storage/sha256.ts';
import { audioSegment } from '../testing/completeSegments.ts';
import { auditRecordings } from './auditRecordings.ts';
import type { DamageKind } from './AuditReport.ts';
import { printAudit } from './printAudit.ts';

const startedAt = '2030-01-01T00:00:00.000Z';
let folder: string;
let database: Database;
let journal: Journal;
let videos: VideoStore;
let spool: Spool;
let store: ObjectStore;
let recordingId: string;
let writer: RecordingWriter;

/** Three segments in the store and a fourth in the spool. */
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'lectern-audit-'));
  database = await openTestDatabase();
  videos = new VideoStore(database);
  spool = new Spool(path.join(folder, 'spool'));
  store = await openFolderObjectStore(path.join(folder, 'objects'));
  journal = new Journal(database, undefined, store);
  writer = await journal.openRecording({ lectureId: 'lec_1', courseId: 'crs_1', startedAt });
  recordingId = writer.recordingId;
  await videos.sync(summary({ isFinished: false, durationSeconds: 0 }));
  for (const file of [{ kind: 'init' as const, ...buildInitSegment(audioSegment(0), context()) }, segment(0), segment(1), segment(2)]) {
    await writer.add([file]);
    await put(file.row.key, file.bytes);
    await journal.setState(await rowOf(file.row.key), 'stored');
  }
  await addWritten(segment(3));
});

afterEach(async () => {
  await store.close();
  await database.close();
  await rm(folder, { recursive: true });
});

const summary = (state: { isFinished: boolean; durationSeconds: number }) => ({ recordingId, lectureId: 'lec_1', courseId: 'crs_1', title: 'Optics', startedAt, hasScreen: false, ...state });

const context = () => ({ recordingId, zeroMs: Date.parse(startedAt), writtenAt: startedAt });

function segment(index: number, change: Partial<SegmentRow> = {}): Extract<JournaledFile, { kind: 'segment' }> & { bytes: Uint8Array } {
  const { row, bytes } = buildSegment(audioSegment(index), index, context());
  return { kind: 'segment', row: { ...row, ...change }, bytes };
}

async function addWritten(file: JournaledFile & { bytes: Uint8Array }): Promise<void> {
  await spool.write(file.row.key, file.bytes);
  await writer.add([file]);
}

const put = (key: string, bytes: Uint8Array) => store.put(key, { bytes }, { contentType: 'video/mp4', sha256: sha256OfBytes(bytes) });
const keyOf = (index: number) => segment(index).row.key;
const objectFile = (key: string) => path.join(folder, 'objects', key);
const audit = () => auditRecordings({ journal, videos, store, storeFolder: path.join(folder, 'objects'), spool, spoolFolder: path.join(folder, 'spool'), workFolder: path.join(folder, 'work') });

async function rowOf(key: string): Promise<JournaledFile> {
  const file = await journal.byKey(key);
  if (!file) throw new Error(`expected ${key} in the journal`);
  return file;
}

async function fold(): Promise<void> {
  await finish();
  expect(await new RecordingFolder({ database, store, pause: async () => undefined }).fold(recordingId)).toBe(true);
}

async function finish(): Promise<void> {
  await put(keyOf(3), segment(3).bytes);
  await journal.setState(await rowOf(keyOf(3)), 'stored');
  await spool.remove(keyOf(3));
  await writer.change({ state: 'finished', timelineEndMs: 8000 });
  await videos.sync(summary({ isFinished: true, durationSeconds: 8 }));
  await publishPlaylists(journal, store);
}

async function damageKinds(): Promise<DamageKind[]> {
  const { recordings, foreign, isWhole } = await audit();
  const found = [...recordings.flatMap(({ damages }) => damages), ...foreign].map(({ kind }) => kind);
  expect(isWhole).toBe(found.length === 0);
  return [...new Set(found)];
}

async function leftoverKinds(): Promise<string[]> {
  const { recordings, leftovers, isWhole } = await audit();
  expect(isWhole).toBe(true);
  return [...recordings.flatMap((recording) => recording.leftovers), ...leftovers].map(({ kind }) => kind);
}

describe('An audit', () => {
  it('leaves the files of videos to the sweep', async () => {
    await put('videos/vid_00000000000000000000/1/main-720/0.mp4', Buffer.from('?'));
    await put('uploads/upl_1', Buffer.from('?'));
    expect(await damageKinds()).toEqual([]);
  });

  it('finds no damage in a growing recording, and reports its length', async () => {
    const { isWhole, recordings } = await audit();
    expect(isWhole).toBe(true);
    expect(recordings).toMatchObject([{ recordingId, waiting: 1, damages: [], leftovers: [], tracks: [{ track: 'main-audio', segments: 4, endMs: 8000, presence: [{ startMs: 0, endMs: 8000 }] }] }]);
    expect(printAudit(await audit())).toBe(`${recordingId}  recording, 1 to store; main-audio 4 to 8.0 s; intact`);
  });

  it('finds no damage in a recording that is stored with its playlists', async () => {
    await finish();
    expect(await damageKinds()).toEqual([]);
    expect(await leftoverKinds()).toEqual([]);
  });

  it('prints a damage in a line below its recording', async () => {
    await rm(objectFile(keyOf(1)));
    expect(printAudit(await audit())).toContain(`DAMAGED in 1 place\n  ${keyOf(1)} is neither in the store nor in the spool (in the store)`);
  });
});

const damages: [string, DamageKind, () => Promise<unknown>][] = [
  ['a stored segment that is gone', 'missing', () => rm(objectFile(keyOf(1)))],
  ['a waiting segment that is gone', 'missing', () => spool.remove(keyOf(3))],
  ['a stored segment with other content', 'corrupt', () => writeFile(objectFile(keyOf(1)), segment(2).bytes)],
  ['a truncated stored segment', 'corrupt', async () => writeFile(objectFile(keyOf(1)), (await readFile(objectFile(keyOf(1)))).subarray(0, 50))],
  ['a waiting segment with other content', 'corrupt', () => spool.write(keyOf(3), segment(2).bytes)],
  ['a segment that was marked as lost', 'lost', async () => journal.setState(await rowOf(keyOf(3)), 'lost').then(() => spool.remove(keyOf(3)))],
  ['a gap in the sequence', 'sequence', () => addWritten(segment(5))],
  ['a gap before a segment, from a time when nothing was recorded', 'gap', () => addWritten(segment(4, { startMs: 12_000 }))],
  ['the same segment a second time', 'twice', () => addWritten(segment(4, { sha256: segment(3).row.sha256, bytes: segment(3).row.bytes })).then(() => spool.write(keyOf(4), segment(3).bytes))],
  ['a segment that begins before the last one ends', 'overlap', () => addWritten(segment(4, { startMs: 7000 }))],
  ['a segment of an epoch that never began', 'epoch', () => addWritten(segment(4, { epoch: 7 }))],
  ['a segment without its init segment', 'epoch', () => writer.setEpochs('main', [{ epoch: 0, startMs: 0 }, { epoch: 1, startMs: 8000 }]).then(() => addWritten(segment(4, { epoch: 1 })))],
  ['a recording with another length than its segments', 'length', async () => finish().then(() => writer.change({ timelineEndMs: 5000 }))],
  ['a stored playlist with other content', 'playlist', () => finish().then(() => put(`recordings/${recordingId}/main-audio.m3u8`, Buffer.from('#EXTM3U\n')))],
  ['the list of the files of a folded recording with other content', 'corrupt', () => fold().then(() => put(`recordings/${recordingId}/rows.json`, Buffer.from('{}')))],
  ['the list of the files of a folded recording that is gone', 'missing', () => fold().then(() => rm(objectFile(`recordings/${recordingId}/rows.json`)))],
  ['a segment of a folded recording that is gone', 'missing', () => fold().then(() => rm(objectFile(keyOf(1))))],
  ['a segment of a folded recording with other content', 'corrupt', () => fold().then(() => put(keyOf(1), segment(2).bytes))],
  ['a stored playlist that is gone', 'missing', () => finish().then(() => rm(objectFile(`recordings/${recordingId}/main.m3u8`)))],
  ['a segment that is longer than the target duration', 'playlist', () => addWritten(segment(4, { durationMs: 11_000 }))],
  ['an object of a recording without a row', 'foreign', () => put(`recordings/${recordingId}/main-audio/000009.m4s`, Buffer.from('?'))],
  ['an object of no recording', 'foreign', () => put('recordings/rec_unknown/main-audio/000000.m4s', Buffer.from('?'))],
  ['a file among the objects without a valid key', 'foreign', () => writeFile(objectFile('.hidden'), '?')],
  ['a spooled file far after the end of its track', 'foreign', () => spool.write(keyOf(20), segment(20).bytes)],
  ['a poster with other content', 'corrupt', () => put(`recordings/${recordingId}/poster.jpg`, Buffer.from('a')).then(() => videos.attachPoster(recordingId, { key: `recordings/${recordingId}/poster.jpg`, bytes: 1, sha256: 'other' }))],
];

describe('An audit finds', () => {
  it('nothing in a folded recording', async () => {
    await fold();
    expect([await damageKinds(), await leftoverKinds()]).toEqual([[], []]);
    expect((await audit()).recordings).toMatchObject([{ tracks: [{ track: 'main-audio', segments: 4 }] }]);
  });

  it.each(damages)('%s', async (_what, kind, plant) => {
    await plant();
    expect(await damageKinds()).toContain(kind);
  });
});

const leftovers: [string, string, () => Promise<unknown>][] = [
  ['a draft in the spool', 'draft', () => writeFile(`${spool.fileOf(keyOf(4))}.draft`, 'half')],
  ['a draft in the store', 'draft', () => mkdir(objectFile('.drafts'), { recursive: true }).then(() => writeFile(objectFile('.drafts/0123'), 'half'))],
  ['a temporary file of a poster', 'draft', () => mkdir(path.join(folder, 'work/poster-1'), { recursive: true }).then(() => writeFile(path.join(folder, 'work/poster-1/segment.mp4'), 'half'))],
  ['a file without a row', 'unjournaled', () => spool.write(keyOf(4), segment(4).bytes)],
  ['the last of the files that are written in parallel', 'unjournaled', () => spool.write(keyOf(19), segment(19).bytes)],
  ['an object whose row was not changed', 'alreadyStored', () => put(keyOf(3), segment(3).bytes)],
  ['an object whose row was not changed, without a spooled file', 'alreadyStored', () => put(keyOf(3), segment(3).bytes).then(() => spool.remove(keyOf(3)))],
  ['a file that was stored, but not removed', 'alreadyStored', () => spool.write(keyOf(2), segment(2).bytes)],
  ['playlists of a recording that is not marked as stored', 'notPublished', () => finish().then(() => writer.change({ isStored: false }))],
  ['the list of the files of a recording that is not folded yet', 'notFolded', () => finish().then(() => put(`recordings/${recordingId}/rows.json`, Buffer.from('{}')))],
  ['a live video of a finished recording', 'notCatalogued', () => writer.change({ state: 'finished', timelineEndMs: 8000 })],
  ['a poster that is not attached to a video', 'notCatalogued', () => put(`recordings/${recordingId}/poster.jpg`, Buffer.from('a'))],
];

describe('An audit recognizes leftovers of a crash:', () => {
  it.each(leftovers)('%s', async (_what, kind, plant) => {
    await plant();
    expect(new Set(await leftoverKinds())).toEqual(new Set([kind]));
  });

  it('none after the spool is recovered', async () => {
    await writeFile(`${spool.fileOf(keyOf(4))}.draft`, 'half');
    await spool.write(keyOf(4), segment(4).bytes);
    await spool.write(keyOf(2), segment(2).bytes);
    await recoverSpool({ journal, spool, store, logger: silentLogger });
    expect(await leftoverKinds()).toEqual([]);
  });
});
