import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { CodedError } from '#engine/contract';
import type { StoreTrouble } from '#engine/contract';
import { newId, toInstant } from '#engine/kernel';
import type { Database } from '#engine/kernel';
import { ManualClock, openTestDatabase, silentLogger, until } from '#engine/testing';
import { buildSegment } from '../capture/buildSegment.ts';
import { Spool } from '../capture/Spool.ts';
import { Journal } from '../journal/Journal.ts';
import type { RecordingWriter } from '../journal/RecordingWriter.ts';
import { folderError } from '../storage/folderError.ts';
import { openFolderObjectStore } from '../storage/FolderObjectStore.ts';
import { FaultyObjectStore } from '../storage/testing/FaultyObjectStore.ts';
import { lateUploadMs, outboxIntervalMs } from '../limits.ts';
import { audioSegment } from '../testing/completeSegments.ts';
import { Outbox } from './Outbox.ts';
import { recoverSpool } from './recoverSpool.ts';

const unavailable = new CodedError('store.unavailable', 'The store is unavailable.');
let folder: string;
let database: Database;
let journal: Journal;
let writer: RecordingWriter;
let recordingId: string;
let clock: ManualClock;
let spool: Spool;
let store: FaultyObjectStore;
let outbox: Outbox;
let behind: ReadonlyMap<string, unknown>;
let trouble: StoreTrouble | null;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'lectern-outbox-'));
  database = await openTestDatabase();
  journal = new Journal(database);
  writer = await journal.openRecording({ lectureId: newId('lec'), courseId: newId('crs'), startedAt: toInstant(0) });
  recordingId = writer.recordingId;
  clock = new ManualClock();
  spool = new Spool(path.join(folder, 'spool'));
  store = new FaultyObjectStore(await openFolderObjectStore(path.join(folder, 'objects')));
  [behind, trouble] = [new Map(), null];
  outbox = new Outbox({
    journal,
    store,
    spool,
    clock,
    logger: silentLogger,
    concurrency: 3,
    onStoreAvailable: () => undefined,
    onLost: () => undefined,
    onBehind: (recordingIds, why) => {
      [behind, trouble] = [recordingIds, why];
    },
  });
});
afterEach(async () => {
  await outbox.close();
  await store.close();
  await database.close();
  await rm(folder, { recursive: true });
});

async function write(index: number) {
  const { row, bytes } = buildSegment(audioSegment(index), index, { recordingId, zeroMs: 0, writtenAt: toInstant(clock.nowMs()) });
  await spool.write(row.key, bytes);
  const [file] = await writer.add([{ kind: 'segment', row }]);
  if (file?.kind !== 'segment') throw new Error('the segment is not in the journal');
  return file.row;
}

const states = async () => (await journal.segmentsOf(recordingId, 'main-audio')).map((row) => row.state);
const areAll = async (state: string) => (await states()).every((one) => one === state);

/** Advances the clock by a second, and waits until the outbox has done what is due. */
async function passSecond(): Promise<void> {
  clock.advance(1000);
  let [seen, quietTurns] = [store.attempts, 0];
  await until('a quiet moment', () => {
    quietTurns = store.inFlight === 0 && store.attempts === seen ? quietTurns + 1 : 0;
    seen = store.attempts;
    return quietTurns > 3;
  });
}

/** Advances the clock until there were that many more attempts. */
async function moreAttempts(count: number): Promise<void> {
  const before = store.attempts;
  await until(`${count} attempts`, () => {
    if (store.inFlight === 0) clock.advance(1000);
    return store.attempts >= before + count;
  });
}

describe('The outbox', () => {
  it('uploads everything, a few files in parallel, and empties the spool', async () => {
    for (let index = 0; index < 12; index += 1) await write(index);
    outbox.start();
    await until('all stored', () => areAll('stored'));
    expect(store.mostInFlight).toBe(3);
    await until('an empty spool', async () => (await spool.sweep()).length === 0);
    expect((await store.list(`recordings/${recordingId}/`)).objects).toHaveLength(12);
  });

  it('retries while the store is unavailable, reports that it is behind, and loses nothing', async () => {
    store.failure = unavailable;
    for (let index = 0; index < 5; index += 1) await write(index);
    outbox.start();
    for (let minute = 0; minute < 10; minute += 1) {
      await until('a pause', () => store.inFlight === 0);
      clock.advance(60_000);
    }
    await until('behind', () => {
      clock.advance(60_000);
      return behind.has(recordingId);
    });
    expect(await areAll('written')).toBe(true);
    store.failure = undefined;
    await until('all stored', () => {
      clock.advance(5000);
      return areAll('stored');
    });
    await until('not behind', () => {
      clock.advance(5000);
      return behind.size === 0;
    });
  });

  it('counts no file as waiting that is stored before the files of earlier runs are counted', async () => {
    await write(0);
    const { promise: isStored, resolve: release } = Promise.withResolvers<void>();
    const waiting = journal.waiting.bind(journal);
    const counting = vi.spyOn(journal, 'waiting').mockImplementationOnce(() => waiting().then((files) => isStored.then(() => files)));
    outbox.start();
    await until('stored', () => areAll('stored'));
    await until('the end of its upload', async () => (await spool.sweep()).length === 0);
    release();
    await counting.mock.results[0]?.value;
    await passSecond();
    clock.advance(lateUploadMs + outboxIntervalMs);
    expect(behind.size).toBe(0);
  });

  it('counts the files of earlier runs later when the journal does not answer at the start', async () => {
    store.failure = unavailable;
    await write(0);
    vi.spyOn(journal, 'waiting').mockRejectedValueOnce(new CodedError('database.unavailable', 'The database is unavailable.'));
    outbox.start();
    await until('the file, late', () => {
      clock.advance(lateUploadMs);
      return behind.has(recordingId);
    });
  });

  it.each([
    ['ENOSPC', 'full'],
    ['EROFS', 'readOnly'],
  ])('reports why a folder refuses writes: %s', async (code, why) => {
    store.failure = folderError('a/b.m4s', Object.assign(new Error('refused'), { code })) as Error;
    await write(0);
    outbox.start();
    await until('an attempt', () => store.mostInFlight === 1 && store.inFlight === 0);
    clock.advance(15_000);
    expect(behind.has(recordingId)).toBe(true);
    expect(trouble).toBe(why);
  });

  it('marks a segment as lost whose file has other content, and uploads the others', async () => {
    const bad = await write(0);
    await write(1);
    await writeFile(spool.fileOf(bad.key), 'something else');
    outbox.start();
    await until('both settled', async () => !(await states()).includes('written'));
    expect(await states()).toEqual(['lost', 'stored']);
  });

  it('pauses before it marks a segment as lost again when the database refuses that, and delays nothing else', async () => {
    const bad = await write(0);
    await writeFile(spool.fileOf(bad.key), 'something else');
    for (let index = 1; index < 12; index += 1) await write(index);
    const mark = journal.setState.bind(journal);
    let refusals = 0;
    const marking = vi.spyOn(journal, 'setState').mockImplementation(async (file, state) => {
      if (state === 'stored') return mark(file, state);
      refusals += 1;
      throw new CodedError('disk.full', 'The disk is full.');
    });
    const querying = vi.spyOn(journal, 'waiting');
    outbox.start();
    await until('the others stored', async () => (await states()).every((state, index) => state === (index === 0 ? 'written' : 'stored')));
    expect(refusals).toBe(1);
    marking.mockRestore();
    clock.advance(1000);
    await until('the mark', async () => (await states())[0] === 'lost');
    store.failure = unavailable;
    outbox.add({ kind: 'segment', row: await write(12) });
    await until('a query for what can be uploaded and the one file that failed since', () => {
      if (store.inFlight === 0) clock.advance(1000);
      return querying.mock.lastCall?.[0] === 3 + 1;
    });
  });

  it.each(['object.notFound', 'object.corrupt'] as const)('keeps a segment whose file is intact when the store reports %s', async (code) => {
    store.failure = new CodedError(code, 'Not as it should be.');
    await write(0);
    outbox.start();
    await until('an attempt', () => store.mostInFlight === 1 && store.inFlight === 0);
    store.failure = undefined;
    await until('stored', () => {
      clock.advance(1000);
      return areAll('stored');
    });
  });

  it('probes an unavailable store with one upload, and uploads in parallel when it is available again', async () => {
    store.failure = unavailable;
    for (let index = 0; index < 6; index += 1) await write(index);
    outbox.start();
    await until('the first attempts', () => store.mostInFlight === 3 && store.inFlight === 0);
    store.mostInFlight = 0;
    await until('another', () => {
      clock.advance(1000);
      return store.mostInFlight > 0 && store.inFlight === 0;
    });
    expect(store.mostInFlight).toBe(1);
    store.failure = undefined;
    await until('all stored', () => {
      clock.advance(1000);
      return areAll('stored');
    });
    expect(store.mostInFlight).toBe(3);
  });

  it('uploads the other segments when one cannot be read', async () => {
    const unreadable = await write(0);
    store.failure = folderError(unreadable.key, Object.assign(new Error('refused'), { code: 'EIO' })) as Error;
    store.failingKey = unreadable.key;
    outbox.start();
    await moreAttempts(6);
    for (let index = 1; index < 12; index += 1) await write(index);
    await until('the others stored', async () => {
      clock.advance(1000);
      return (await states()).every((state, index) => state === (index === 0 ? 'written' : 'stored'));
    });
    store.failure = undefined;
    await until('all stored', () => {
      clock.advance(1000);
      return areAll('stored');
    });
  });

  it.each([1, 3])('probes an unavailable store every ten seconds with %i waiting, and uploads all soon after it is available', async (waiting) => {
    store.failure = unavailable;
    for (let index = 0; index < waiting; index += 1) await write(index);
    outbox.start();
    await moreAttempts(18);
    const unavailableMs = clock.nowMs();
    await moreAttempts(3);
    expect(clock.nowMs() - unavailableMs).toBeLessThan(35_000);
    store.failure = undefined;
    for (let second = 0; second < 12; second += 1) await passSecond();
    await until('all stored, in no more time', () => areAll('stored'));
  });

  it('recognizes a stored segment whose file is gone', async () => {
    const row = await write(0);
    await store.put(row.key, { file: spool.fileOf(row.key) }, { contentType: 'audio/mp4', sha256: row.sha256 });
    await spool.remove(row.key);
    outbox.start();
    await until('stored', () => areAll('stored'));
  });
});

describe('After a restart', () => {
  it('spool and journal are made consistent', async () => {
    const rows = [];
    for (let index = 0; index < 5; index += 1) rows.push(await write(index));
    const [whole, torn, gone, left, storedSince] = rows;
    if (!whole || !torn || !gone || !left || !storedSince) throw new Error('not written');
    await writeFile(spool.fileOf(torn.key), 'torn');
    await spool.remove(gone.key);
    await store.put(left.key, { file: spool.fileOf(left.key) }, { contentType: 'audio/mp4', sha256: left.sha256 });
    await journal.setState({ kind: 'segment', row: left }, 'stored');
    await store.put(storedSince.key, { file: spool.fileOf(storedSince.key) }, { contentType: 'audio/mp4', sha256: storedSince.sha256 });
    await spool.remove(storedSince.key);
    await spool.write(`recordings/${recordingId}/main-audio/000099.m4s`, new Uint8Array(3));
    await writeFile(`${spool.fileOf(whole.key)}.draft`, 'half');

    const report = await recoverSpool({ journal, spool, store, logger: silentLogger });
    expect(report).toEqual({ kept: 2, leftOver: 1, unknown: 1, lost: 2 });
    expect(await states()).toEqual(['written', 'lost', 'lost', 'stored', 'written']);
    expect(await spool.sweep()).toEqual([whole.key]);
    await expect(stat(`${spool.fileOf(whole.key)}.draft`)).rejects.toThrow('ENOENT');
    outbox.start();
    await until('settled', async () => !(await states()).includes('written'));
    expect(await states()).toEqual(['stored', 'lost', 'lost', 'stored', 'stored']);
  });
});
