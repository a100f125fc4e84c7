import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { silentLogger, until } from '../../../testing/index.ts';
import type { Collection, Database } from '../index.ts';
import { openTestCollection } from '../testing/testDocuments.ts';
import type { TestDocument } from '../testing/testDocuments.ts';
import { openSqliteDatabase } from './SqliteDatabase.ts';

let folder: string;
let path: string;
let database: Database;
let documents: Collection<TestDocument>;
const logged = vi.fn();
const logger = { ...silentLogger, error: logged, info: logged, child: () => silentLogger };

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'lectern-thread-'));
  path = join(folder, 'lectern.db');
  logged.mockReset();
  database = await openSqliteDatabase({ path, logger, program: new URL('./testing/troubledThread.ts', import.meta.url) });
  documents = openTestCollection(database);
  await database.ready();
});
afterEach(async () => {
  release('held');
  release('unopened');
  await database.close();
  rmSync(folder, { recursive: true });
});

const trouble = (name: 'held' | 'ended' | 'unopened') => writeFileSync(`${path}.${name}`, '');
const release = (name: 'held' | 'ended' | 'unopened') => rmSync(`${path}.${name}`, { force: true });
const events = () => logged.mock.calls.map((call) => String(call.at(-1)));

describe('A commit that the disk holds', () => {
  it('does not stop the timers of the process', async () => {
    trouble('held');
    let isStored = false;
    const inserted = documents.insertOne({ _id: 'a', course: 'c' }).then(() => (isStored = true));
    let ticks = 0;
    const timer = setInterval(() => (ticks += 1), 1);
    await until('a hundred ticks', () => ticks > 100);
    clearInterval(timer);
    expect(isStored).toBe(false);
    release('held');
    await inserted;
    expect(await documents.findOne({ _id: 'a' })).toEqual({ _id: 'a', course: 'c' });
  });

  it('is followed by one commit for the writes that have come meanwhile', async () => {
    trouble('held');
    const order: string[] = [];
    const insert = (_id: string) => documents.insertOne({ _id, course: 'c' }).then(() => order.push(_id));
    const first = insert('first');
    await new Promise((resolve) => setTimeout(resolve, 20));
    const others = Array.from({ length: 500 }, (_, i) => insert(`${i}`));
    release('held');
    await Promise.all([first, ...others]);
    expect(order[0]).toBe('first');
    expect(await documents.countDocuments({})).toBe(501);
  });

  it('is completed when the database is closed', async () => {
    trouble('held');
    const inserted = documents.insertOne({ _id: 'a', course: 'c' });
    const closed = database.close();
    await expect(documents.insertOne({ _id: 'b', course: 'c' })).rejects.toThrow('the database is closed');
    release('held');
    await expect(inserted).resolves.toMatchObject({ insertedId: 'a' });
    await closed;
  });
});

describe('A thread that ends by itself', () => {
  it('fails the calls in flight, reports why, and is replaced', async () => {
    await documents.insertOne({ _id: 'kept', course: 'c' });
    trouble('ended');
    const writes = ['a', 'b'].map((_id) => documents.insertOne({ _id, course: 'c' }));
    for (const write of writes) await expect(write).rejects.toMatchObject({ code: 'database.unavailable', cause: { message: 'the thread of the database has ended with code 3' } });
    expect((await documents.find({})).map(({ _id }) => _id)).toEqual(['kept']);
    await documents.insertOne({ _id: 'after', course: 'c', code: 'x' });
    await expect(documents.insertOne({ _id: 'again', course: 'c', code: 'x' })).rejects.toMatchObject({ index: 'code_1' });
    expect(events()).toEqual(['database.threadEnded', 'database.threadRestarted']);
  });

  it('fails calls while it cannot be replaced, and serves them when it can', async () => {
    trouble('unopened');
    trouble('ended');
    await expect(documents.insertOne({ _id: 'a', course: 'c' })).rejects.toMatchObject({ code: 'database.unavailable' });
    await expect(documents.countDocuments({})).rejects.toMatchObject({ code: 'database.unavailable', cause: { message: 'the thread does not start' } });
    await until('a second attempt', () => events().filter((event) => event === 'database.restartFailed').length > 1);
    release('unopened');
    await until('the new thread', () => events().includes('database.threadRestarted'));
    expect(await documents.countDocuments({})).toBe(0);
  });

  it('can be closed while it cannot be replaced', async () => {
    trouble('unopened');
    trouble('ended');
    await expect(documents.insertOne({ _id: 'a', course: 'c' })).rejects.toMatchObject({ code: 'database.unavailable' });
    await until('an attempt', () => events().includes('database.restartFailed'));
    await database.close();
    await expect(documents.countDocuments({})).rejects.toThrow('the database is closed');
  });
});
