import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { CodedError } from '#engine/contract';
import type { StoreTrouble } from '#engine/contract';
import { openSqliteDatabase, toInstant } from '#engine/kernel';
import type { Database } from '#engine/kernel';
import { ManualClock, silentLogger, until } from '#engine/testing';
import { buildSegment } from '../capture/buildSegment.ts';
import { Spool } from '../capture/Spool.ts';
import { Journal } from '../journal/Journal.ts';
import { folderError } from '../storage/folderError.ts';
import { openFolderObjectStore } from '../storage/FolderObjectStore.ts';
import type { ObjectStore } from '../storage/ObjectStore.ts';
import { soundCut } from '../testing/cuts.ts';
import { Outbox } from './Outbox.ts';
import { recoverSpool } from './recoverSpool.ts';

const recordingId = 'rec_00000000000000000000';
let folder: string;
let database: Database;
let journal: Journal;
let clock: ManualClock;
let spool: Spool;
let store: ObjectStore;
let outbox: Outbox;
let behind: ReadonlyMap<string, unknown>;
let trouble: StoreTrouble | null;
let isAway: boolean;
let refusal: Error | undefined;
/** The one object that `refusal` is about; every one where this names none. */
let refusedKey: string | undefined;
let atOnce: number;
let mostAtOnce: number;
let attempts: number;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'lectern-outbox-'));
  database = await openSqliteDatabase({ path: ':memory:' });
  journal = new Journal(database);
  clock = new ManualClock();
  spool = new Spool(path.join(folder, 'spool'));
  store = await openFolderObjectStore(path.join(folder, 'objects'));
  attempts = 0;
  [isAway, atOnce, mostAtOnce, behind, trouble, refusal, refusedKey] = [false, 0, 0, new Map(), null, undefined, undefined];
  outbox = new Outbox({
    journal,
    store: fallible(store),
    spool,
    clock,
    logger: silentLogger,
    concurrency: 3,
    onRelieved: () => undefined,
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

/** The store, when it is not away. */
function fallible(real: ObjectStore): ObjectStore {
  return {
    ...boundTo(real),
    put: async (...args) => {
      attempts += 1;
      atOnce += 1;
      mostAtOnce = Math.max(mostAtOnce, atOnce);
      try {
        // Those that go at once are on their way together.
        await Promise.resolve();
        if (refusal && (refusedKey ?? args[0]) === args[0]) throw refusal;
        if (isAway) throw new CodedError('store.unavailable', 'The store is away.');
        await real.put(...args);
      } finally {
        atOnce -= 1;
      }
    },
  };
}

function boundTo(real: ObjectStore): ObjectStore {
  return {
    put: (...args) => real.put(...args),
    get: (...args) => real.get(...args),
    head: (...args) => real.head(...args),
    delete: (...args) => real.delete(...args),
    deleteMany: (...args) => real.deleteMany(...args),
    deletePrefix: (...args) => real.deletePrefix(...args),
    list: (...args) => real.list(...args),
    presignGet: (...args) => real.presignGet(...args),
    close: () => real.close(),
  };
}

async function write(index: number) {
  const { row, bytes } = buildSegment(soundCut(index), index, { recordingId, zeroMs: 0, writtenAt: toInstant(clock.nowMs()) });
  await spool.write(row.key, bytes);
  await journal.add({ kind: 'segment', row });
  return row;
}

const states = async () => (await journal.segmentsOf(recordingId, 'main-audio')).map((row) => row.state);
const areAll = async (state: string) => (await states()).every((one) => one === state);

/** Advances the clock, and waits until what the outbox does then has been done. */
async function passSecond(): Promise<void> {
  clock.advance(1000);
  let [seen, quietTurns] = [attempts, 0];
  await until('a quiet moment', () => {
    quietTurns = atOnce === 0 && attempts === seen ? quietTurns + 1 : 0;
    seen = attempts;
    return quietTurns > 3;
  });
}

/** As many more attempts, however long they take to come. */
async function knocks(count: number): Promise<void> {
  const before = attempts;
  await until(`${count} attempts`, () => {
    if (atOnce === 0) clock.advance(1000);
    return attempts >= before + count;
  });
}

describe('The outbox', () => {
  it('brings everything, a few at once, and clears the spool', async () => {
    for (let index = 0; index < 12; index += 1) await write(index);
    outbox.start();
    await until('all stored', () => areAll('stored'));
    expect(mostAtOnce).toBe(3);
    await until('an empty spool', async () => (await spool.sweep()).length === 0);
    expect((await store.list(`recordings/${recordingId}/`)).objects).toHaveLength(12);
  });

  it('tries for as long as the store is away, says that it is behind, and loses nothing', async () => {
    isAway = true;
    for (let index = 0; index < 5; index += 1) await write(index);
    outbox.start();
    for (let minute = 0; minute < 10; minute += 1) {
      await until('a pause', () => atOnce === 0);
      clock.advance(60_000);
    }
    await until('behind', () => behind.has(recordingId));
    expect(await areAll('written')).toBe(true);
    isAway = false;
    await until('all stored', () => {
      clock.advance(5000);
      return areAll('stored');
    });
    await until('not behind', () => {
      clock.advance(5000);
      return behind.size === 0;
    });
  });

  it.each([
    ['ENOSPC', 'full'],
    ['EROFS', 'readOnly'],
  ])('says why a folder takes nothing: %s', async (code, why) => {
    refusal = folderError('a/b.m4s', Object.assign(new Error('refused'), { code })) as Error;
    await write(0);
    outbox.start();
    await until('an attempt', () => mostAtOnce === 1 && atOnce === 0);
    clock.advance(15_000);
    expect(behind.has(recordingId)).toBe(true);
    expect(trouble).toBe(why);
  });

  it('gives up a segment whose file is another one, and brings the others', async () => {
    const bad = await write(0);
    await write(1);
    await writeFile(spool.fileOf(bad.key), 'something else');
    outbox.start();
    await until('both settled', async () => !(await states()).includes('written'));
    expect(await states()).toEqual(['lost', 'stored']);
  });

  it('pauses before it gives up a segment again when the database does not take that, and holds nothing back for it in the end', async () => {
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
    const asking = vi.spyOn(journal, 'waiting');
    outbox.start();
    await until('the others stored', async () => (await states()).every((state, index) => state === (index === 0 ? 'written' : 'stored')));
    expect(refusals).toBe(1);
    marking.mockRestore();
    clock.advance(1000);
    await until('given up', async () => (await states())[0] === 'lost');
    outbox.wake();
    await until('a look for no more than can be brought', () => asking.mock.lastCall?.[0] === 3);
  });

  it.each(['object.notFound', 'object.corrupt'] as const)('keeps a segment that is whole here, though the store says %s', async (code) => {
    refusal = new CodedError(code, 'Not as it should be.');
    await write(0);
    outbox.start();
    await until('an attempt', () => mostAtOnce === 1 && atOnce === 0);
    refusal = undefined;
    await until('stored', () => {
      clock.advance(1000);
      return areAll('stored');
    });
  });

  it('knocks with one upload while the store is away, and brings several at once when it is back', async () => {
    isAway = true;
    for (let index = 0; index < 6; index += 1) await write(index);
    outbox.start();
    await until('the first attempts', () => mostAtOnce === 3 && atOnce === 0);
    mostAtOnce = 0;
    await until('another', () => {
      clock.advance(1000);
      return mostAtOnce > 0 && atOnce === 0;
    });
    expect(mostAtOnce).toBe(1);
    isAway = false;
    await until('all stored', () => {
      clock.advance(1000);
      return areAll('stored');
    });
    expect(mostAtOnce).toBe(3);
  });

  it('brings the others where one segment cannot be read', async () => {
    const unreadable = await write(0);
    refusal = folderError(unreadable.key, Object.assign(new Error('refused'), { code: 'EIO' })) as Error;
    refusedKey = unreadable.key;
    outbox.start();
    await knocks(6);
    for (let index = 1; index < 12; index += 1) await write(index);
    await until('the others stored', async () => {
      clock.advance(1000);
      return (await states()).every((state, index) => state === (index === 0 ? 'written' : 'stored'));
    });
    refusal = undefined;
    await until('all stored', () => {
      clock.advance(1000);
      return areAll('stored');
    });
  });

  it.each([1, 3])('knocks every ten seconds with %i waiting while the store is away, and has brought all soon after it is back', async (waiting) => {
    isAway = true;
    for (let index = 0; index < waiting; index += 1) await write(index);
    outbox.start();
    await knocks(18);
    const awayMs = clock.nowMs();
    await knocks(3);
    expect(clock.nowMs() - awayMs).toBeLessThan(35_000);
    isAway = false;
    for (let second = 0; second < 12; second += 1) await passSecond();
    await until('all stored, in no more time', () => areAll('stored'));
  });

  it('sees that a segment is in the store already when its file is gone', async () => {
    const row = await write(0);
    await store.put(row.key, { file: spool.fileOf(row.key) }, { contentType: 'audio/mp4', sha256: row.sha256 });
    await spool.remove(row.key);
    outbox.start();
    await until('stored', () => areAll('stored'));
  });
});

describe('After a restart', () => {
  it('spool and journal are brought to agree', async () => {
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
