import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DatabaseFileError } from '../index.ts';
import type { Collection, Database } from '../index.ts';
import { openSqliteDatabase } from './SqliteDatabase.ts';
import type { Counted } from './testing/insertUntilKilled.ts';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lectern-database-'));
  path = join(folder, 'data', 'lectern.sqlite');
});
afterEach(() => rmSync(folder, { recursive: true }));

function countedOf(database: Database): Collection<Counted> {
  return database.collection<Counted>({ name: 'counted', indexes: [{ keys: { round: 1 } }] });
}

/** Runs a writer, kills it after `kills.after` acknowledged writes, and returns the _ids of all acknowledged documents. */
async function writeUntilKilled(round: number, kills: { after: number }): Promise<string[]> {
  const script = new URL('./testing/insertUntilKilled.ts', import.meta.url).pathname;
  const child = spawn(process.execPath, [script, path, `${round}`], { stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = once(child, 'exit');
  const acknowledged: string[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    acknowledged.push(line);
    if (acknowledged.length === kills.after) child.kill('SIGKILL');
  }
  // Its output ends before its lock on the file does.
  await exited;
  expect(child.signalCode).toBe('SIGKILL');
  return acknowledged;
}

describe('A SQLite database after its process was killed', () => {
  it('has every acknowledged document and is not damaged', async () => {
    const acknowledged: string[] = [];
    for (const round of [1, 2, 3, 4, 5, 6]) {
      const after = 1 + Math.floor(Math.random() * 1500);
      const ofThisRound = await writeUntilKilled(round, { after });
      expect(ofThisRound.length).toBeGreaterThanOrEqual(after);
      acknowledged.push(...ofThisRound);
      const database = await openSqliteDatabase({ path });
      const counted = countedOf(database);
      const stored = new Set((await counted.find({})).map(({ _id }) => _id));
      expect(acknowledged.filter((id) => !stored.has(id))).toEqual([]);
      const counter = await counted.findOne({ _id: `counter-${round}` });
      expect(counter?.count).toBeGreaterThanOrEqual(ofThisRound.length - 1);
      await database.close();
      const file = new DatabaseSync(path);
      expect(file.prepare('PRAGMA integrity_check').get()?.integrity_check).toBe('ok');
      file.close();
    }
  });
});

describe('A SQLite file', () => {
  it('is created with its folder, and only the owner can read it', async () => {
    const database = await openSqliteDatabase({ path });
    countedOf(database);
    await database.ready();
    expect(statSync(path).mode & 0o077).toBe(0);
    expect(statSync(`${path}-wal`).mode & 0o077).toBe(0);
    await database.close();
  });

  it('is locked by one process until that has exited or was killed', async () => {
    const script = new URL('./testing/insertUntilKilled.ts', import.meta.url).pathname;
    const child = spawn(process.execPath, [script, path, '1'], { stdio: ['ignore', 'pipe', 'inherit'] });
    await once(child.stdout, 'data');
    const failure = openSqliteDatabase({ path });
    await expect(failure).rejects.toThrow(/^The database .+ is in use by another process; run one Lectern per data folder\.$/);
    await expect(failure).rejects.toMatchObject({ reason: 'locked' });
    child.kill('SIGKILL');
    await once(child, 'exit');
    await (await openSqliteDatabase({ path })).close();
  }, 20_000);

  it('of a newer format is rejected and left unchanged', async () => {
    await (await openSqliteDatabase({ path })).close();
    const file = new DatabaseSync(path);
    file.exec("UPDATE lectern_meta SET value = '2' WHERE key = 'format'");
    file.close();
    const before = readFileSync(path);
    const failure = openSqliteDatabase({ path });
    await expect(failure).rejects.toThrow(/^The database .+ was written by a newer Lectern \(format 2; this version reads 1\)\. Start that version\.$/);
    await expect(failure).rejects.toMatchObject({ reason: 'newerFormat', path });
    expect(readFileSync(path)).toEqual(before);
  });

  it('of another program is rejected', async () => {
    await (await openSqliteDatabase({ path })).close();
    rmSync(path);
    const file = new DatabaseSync(path);
    file.exec('CREATE TABLE bookmarks (url TEXT)');
    file.close();
    await expect(openSqliteDatabase({ path })).rejects.toMatchObject({ reason: 'notLectern' });
  });

  it('with a damaged header is rejected', async () => {
    await (await openSqliteDatabase({ path })).close();
    writeFileSync(path, 'this is not a database at all '.repeat(1000));
    const failure = openSqliteDatabase({ path });
    await expect(failure).rejects.toThrow(DatabaseFileError);
    await expect(failure).rejects.toMatchObject({ reason: 'corrupt' });
  });

  it('with damaged pages is rejected', async () => {
    const database = await openSqliteDatabase({ path });
    await countedOf(database).insertMany(Array.from({ length: 2000 }, (_, i) => ({ _id: `${i}`, round: i, filler: 'x'.repeat(200) })));
    await database.close();
    expect(existsSync(`${path}-wal`)).toBe(false);
    const bytes = readFileSync(path);
    bytes.fill(0xa5, 4096 * 4, 4096 * 60);
    writeFileSync(path, bytes);
    await expect(openSqliteDatabase({ path })).rejects.toMatchObject({ name: 'DatabaseFileError', reason: 'corrupt' });
  });

  it('in a folder that cannot be created is rejected', async () => {
    writeFileSync(join(folder, 'data'), '');
    await expect(openSqliteDatabase({ path })).rejects.toMatchObject({ name: 'DatabaseFileError', reason: 'unreadable' });
  });

  it('gets newly declared indexes over stored documents, and loses those no longer declared', async () => {
    const first = await openSqliteDatabase({ path });
    await countedOf(first).insertMany([{ _id: 'a', round: 1 }, { _id: 'b', round: 1 }]);
    await first.close();
    const second = await openSqliteDatabase({ path });
    const unique = second.collection<Counted>({ name: 'counted', indexes: [{ keys: { round: 1 }, unique: true }] });
    const refusal = 'counted already has a document with the same key in round_1';
    await expect(second.ready()).rejects.toThrow(refusal);
    await expect(unique.countDocuments({ round: 1 })).rejects.toThrow(refusal);
    await second.close();
    const again = await openSqliteDatabase({ path });
    expect(await countedOf(again).countDocuments({ round: 1 })).toBe(2);
    await again.close();
    const third = await openSqliteDatabase({ path });
    const counted = third.collection<Counted>({ name: 'counted', indexes: [{ keys: { filler: 1 }, sparse: true }] });
    await counted.updateOne({ _id: 'b' }, { $set: { filler: 'f' } });
    expect(await counted.find({ filler: 'f' })).toHaveLength(1);
    await third.close();
    const file = new DatabaseSync(path);
    const names = file.prepare("SELECT name FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL").all();
    file.close();
    expect(names.map(({ name }) => name)).toEqual(['counted.filler_1']);
  });
});
