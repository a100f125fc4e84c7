import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { newId, openSqliteDatabase, toInstant } from '#engine/kernel';
import type { Database } from '#engine/kernel';
import { ManualClock, silentLogger } from '#engine/testing';
import { auditRecordings } from '../audit/auditRecordings.ts';
import { buildInitSegment, buildSegment } from '../capture/buildSegment.ts';
import { Spool } from '../capture/Spool.ts';
import { Journal } from '../journal/Journal.ts';
import { JournalLibrary } from '../journal/JournalLibrary.ts';
import { RecordingIndexes } from '../journal/RecordingIndexes.ts';
import type { FollowOptions } from '../journal/RecordingIndexes.ts';
import type { RecordingWriter } from '../journal/RecordingWriter.ts';
import type { JournaledFile } from '../journal/rows.ts';
import { VideoStore } from '../library/index.ts';
import { openFolderObjectStore } from '../storage/FolderObjectStore.ts';
import type { ObjectStore } from '../storage/ObjectStore.ts';
import { audioSegment } from '../testing/completeSegments.ts';
import { publishPlaylists } from './publishPlaylists.ts';
import { recoverSpool } from './recoverSpool.ts';

const of = { lectureId: newId('lec'), courseId: newId('crs'), startedAt: toInstant(0) };
let folder: string;
let database: Database;
let store: ObjectStore;
let first: TestNode;
let second: TestNode;

/** A machine with a disk of its own. */
class TestNode {
  readonly journal: Journal;
  readonly spool: Spool;
  readonly indexes: RecordingIndexes;
  readonly library: JournalLibrary;
  readonly #name: string;

  constructor(name: string, follow?: FollowOptions) {
    this.#name = name;
    this.journal = new Journal(database, `nod_${name}`);
    this.spool = new Spool(path.join(folder, name));
    this.indexes = new RecordingIndexes(this.journal, follow && { follow });
    this.library = new JournalLibrary(this.journal, this.indexes, this.spool);
  }

  /** Writes a segment, with its init segment if it is the first of its epoch. */
  async write(writer: RecordingWriter, index: number, { epoch, isFirst = false }: { epoch: number; isFirst?: boolean }): Promise<void> {
    const segment = { ...audioSegment(index), epoch };
    const context = { recordingId: writer.recordingId, zeroMs: 0, writtenAt: toInstant(index) };
    const files: (JournaledFile & { bytes: Uint8Array })[] = [{ kind: 'segment', ...buildSegment(segment, index, context) }];
    if (isFirst) files.unshift({ kind: 'init', ...buildInitSegment(segment, context) });
    for (const { row, bytes } of files) await this.spool.write(row.key, bytes);
    await writer.add(files);
  }

  /** What the outbox does. */
  async upload(): Promise<void> {
    for (const file of await this.journal.waiting()) {
      await store.put(file.row.key, { file: this.spool.fileOf(file.row.key) }, { contentType: 'audio/mp4', sha256: file.row.sha256 });
      await this.journal.setState(file, 'stored');
      await this.spool.remove(file.row.key);
    }
  }

  recover() {
    return recoverSpool({ journal: this.journal, spool: this.spool, store, logger: silentLogger, isShared: true });
  }

  audit() {
    const spoolFolder = path.join(folder, this.#name);
    return auditRecordings({ journal: this.journal, videos: new VideoStore(database), store, storeFolder: path.join(folder, 'objects'), spool: this.spool, spoolFolder, workFolder: path.join(folder, 'work') });
  }
}

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'lectern-nodes-'));
  database = await openSqliteDatabase({ path: ':memory:' });
  store = await openFolderObjectStore(path.join(folder, 'objects'));
  [first, second] = [new TestNode('first'), new TestNode('second')];
});
afterEach(async () => {
  await store.close();
  await database.close();
  await rm(folder, { recursive: true });
});

/** The first node has stored one segment and has another one when it dies. The second node continues and finishes. */
async function recordOnBoth(): Promise<RecordingWriter> {
  const before = await first.journal.openRecording(of, 1);
  await first.write(before, 0, { epoch: 0, isFirst: true });
  await first.upload();
  await first.write(before, 1, { epoch: 0 });
  const after = await second.journal.openRecording(of, 2);
  await after.setEpochs('main', [{ epoch: 0, startMs: 0 }, { epoch: 1, startMs: 4000 }]);
  await second.write(after, 2, { epoch: 1, isFirst: true });
  return after;
}

const states = async ({ recordingId }: RecordingWriter) => (await first.journal.segmentsOf(recordingId, 'main-audio')).map(({ state }) => state);
const playlist = async (node: TestNode, { recordingId }: RecordingWriter) => node.library.playlist(recordingId, 'main-audio.m3u8');

describe('A segment on the disk of another node', () => {
  it('is neither uploaded nor given up', async () => {
    const writer = await recordOnBoth();
    expect(await second.recover()).toMatchObject({ kept: 2, lost: 0 });
    await second.upload();
    expect(await states(writer)).toEqual(['stored', 'written', 'stored']);
    await writer.change({ state: 'finished', timelineEndMs: 6000 });
    expect(await publishPlaylists(second.journal, store)).toEqual({ published: [], remaining: 1 });
    expect((await second.audit()).recordings).toMatchObject([{ waiting: 0, waitingElsewhere: 1, damages: [] }]);
  });

  it('completes the recording when its node comes back', async () => {
    const writer = await recordOnBoth();
    await second.upload();
    await writer.change({ state: 'finished', timelineEndMs: 6000 });
    expect(await first.recover()).toMatchObject({ kept: 1, lost: 0, unknown: 0 });
    await first.upload();
    expect(await states(writer)).toEqual(['stored', 'stored', 'stored']);
    expect(await publishPlaylists(first.journal, store)).toEqual({ published: [writer.recordingId], remaining: 0 });
    for (const node of [first, second]) {
      const { recordings, foreign } = await node.audit();
      expect([...recordings.flatMap(({ damages }) => damages), ...foreign]).toEqual([]);
      expect(recordings).toMatchObject([{ isStored: true, waitingElsewhere: 0 }]);
    }
  });

  it('is a gap of the playlists in between, and in those of a finished recording once it is stored a segment', async () => {
    const writer = await recordOnBoth();
    await second.upload();
    const growing = await playlist(second, writer);
    expect(growing?.text).toContain('#EXT-X-GAP');
    await first.upload();
    await second.indexes.forgetIncomplete();
    expect((await playlist(second, writer))?.text).toBe(growing?.text);
    await writer.change({ state: 'finished', timelineEndMs: 6000 });
    second.indexes.refresh(writer.recordingId);
    expect(await playlist(second, writer)).toMatchObject({ isFinished: false });
    await second.indexes.forgetIncomplete();
    const finished = await playlist(second, writer);
    expect(finished?.text).not.toContain('#EXT-X-GAP');
    expect(finished?.isFinished).toBe(true);
  });

  it('makes other nodes read its finished recording again only when it is stored', async () => {
    const writer = await recordOnBoth();
    await second.upload();
    await writer.change({ state: 'finished', timelineEndMs: 6000 });
    const { recordingId } = writer;
    const index = await second.indexes.get(recordingId);
    await second.indexes.forgetIncomplete();
    expect(await second.indexes.get(recordingId)).toBe(index);
    await first.upload();
    await second.indexes.forgetIncomplete();
    expect(index?.isComplete).toBe(false);
    expect((await second.indexes.get(recordingId))?.isComplete).toBe(true);
  });

  it('makes other nodes read its recording again when it has grown and finished since, whatever is stored of it', async () => {
    const writer = await first.journal.openRecording(of, 1);
    await first.write(writer, 0, { epoch: 0, isFirst: true });
    const index = await second.indexes.get(writer.recordingId);
    await first.upload();
    await first.write(writer, 1, { epoch: 0 });
    await writer.change({ state: 'finished', timelineEndMs: 4000 });
    second.indexes.refresh(writer.recordingId);
    await second.indexes.forgetIncomplete();
    expect((await second.indexes.get(writer.recordingId))?.segments).toHaveLength(2);
    expect(index?.segments).toHaveLength(1);
  });

  it('is delivered by other nodes as soon as it is stored', async () => {
    const { recordingId } = await recordOnBoth();
    const locate = () => second.library.locate(recordingId, 'main-audio/000001.m4s');
    expect(await locate()).toBeUndefined();
    await first.upload();
    expect(await locate()).toMatchObject({ kind: 'stored' });
  });

  it('is not replaced by a file of the same name whose row was refused', async () => {
    const before = await first.journal.openRecording(of, 1);
    await first.write(before, 0, { epoch: 0, isFirst: true });
    const after = await second.journal.openRecording(of, 2);
    await expect(first.write(before, 1, { epoch: 0 })).rejects.toMatchObject({ code: 'lecture.elsewhere' });
    await second.write(after, 1, { epoch: 0 });
    expect((await first.audit()).recordings).toMatchObject([{ damages: [], leftovers: expect.arrayContaining([expect.objectContaining({ kind: 'unjournaled' })]) as unknown }]);
    expect(await first.recover()).toMatchObject({ kept: 2, leftOver: 1 });
    await first.upload();
    expect(await states(after)).toEqual(['stored', 'written']);
  });

  it('of an older version belongs to the node that has it', async () => {
    const writer = await recordOnBoth();
    const segments = database.collection<{ _id: string; nodeId?: string }>({ name: 'segments', indexes: [
      { keys: { recordingId: 1, track: 1, sequence: 1 }, unique: true },
      { keys: { nodeId: 1, state: 1, writtenAt: 1 } },
      { keys: { recordingId: 1, state: 1 } },
      { keys: { recordingId: 1, entry: -1 } },
      { keys: { key: 1 } },
    ] as never });
    for (const { _id } of await first.journal.segmentsOf(writer.recordingId, 'main-audio')) await segments.updateOne({ _id }, { $unset: { nodeId: 1 } });
    await second.recover();
    await first.recover();
    const nodes = (await first.journal.segmentsOf(writer.recordingId, 'main-audio')).map(({ state, nodeId }) => [state, nodeId]);
    expect(nodes).toEqual([['stored', undefined], ['written', 'nod_first'], ['written', 'nod_second']]);
  });
});

describe('A process that records nothing itself', () => {
  /** The first node has stored one segment and has another one. */
  async function recordAndFollow() {
    const clock = new ManualClock();
    const delivery = new TestNode('delivery', { clock, isRecordedHere: () => false });
    const writer = await first.journal.openRecording(of, 1);
    await first.write(writer, 0, { epoch: 0, isFirst: true });
    await first.upload();
    await first.write(writer, 1, { epoch: 0 });
    return { clock, delivery, writer };
  }

  const segmentsIn = (text = '') => (text.match(/\.m4s/g) ?? []).length;

  it('shows a growing recording up to the first segment that is not stored yet, and what follows as soon as it is', async () => {
    const { clock, delivery, writer } = await recordAndFollow();
    const atFirst = await playlist(delivery, writer);
    expect(atFirst?.text).not.toContain('#EXT-X-GAP');
    expect(segmentsIn(atFirst?.text)).toBe(1);
    await first.upload();
    await first.write(writer, 2, { epoch: 0 });
    expect((await playlist(delivery, writer))?.text).toBe(atFirst?.text);
    clock.advance(1000);
    const later = await playlist(delivery, writer);
    expect(segmentsIn(later?.text)).toBe(2);
    expect(later?.text).not.toContain('#EXT-X-ENDLIST');
  });

  it('ends a recording when its last segments are stored, or some time later without them', async () => {
    const { clock, delivery, writer } = await recordAndFollow();
    await writer.change({ state: 'finished', timelineEndMs: 4000, endedAt: toInstant(clock.nowMs()) });
    const waiting = await playlist(delivery, writer);
    expect(waiting?.text).not.toContain('#EXT-X-ENDLIST');
    const afterwards = new TestNode('afterwards', { clock: new ManualClock(clock.nowMs() + 300_000), isRecordedHere: () => false });
    const withoutLast = await playlist(afterwards, writer);
    expect(withoutLast?.text).toContain('#EXT-X-ENDLIST');
    expect(withoutLast?.isFinished).toBe(false);
    await first.upload();
    clock.advance(1000);
    await playlist(delivery, writer);
    const whole = await playlist(delivery, writer);
    expect(whole?.isFinished).toBe(true);
    expect(segmentsIn(whole?.text)).toBe(2);
  });

  it('shows what a node that was away stores later, also of a finished recording', async () => {
    const clock = new ManualClock();
    const delivery = new TestNode('delivery', { clock, isRecordedHere: () => false });
    const writer = await recordOnBoth();
    await second.upload();
    await writer.change({ state: 'finished', timelineEndMs: 6000, endedAt: toInstant(clock.nowMs() - 300_000) });
    expect((await playlist(delivery, writer))?.text).toContain('#EXT-X-GAP');
    await first.upload();
    clock.advance(10_000);
    await playlist(delivery, writer);
    clock.advance(10_000);
    const whole = await playlist(delivery, writer);
    expect(whole?.text).not.toContain('#EXT-X-GAP');
    expect(whole?.isFinished).toBe(true);
  });
});
