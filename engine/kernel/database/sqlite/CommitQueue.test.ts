import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { CommitQueue } from './CommitQueue.ts';
import { SqliteConnection } from './SqliteConnection.ts';

let connection: SqliteConnection;
let queue: CommitQueue;
beforeEach(() => {
  connection = new SqliteConnection(':memory:');
  connection.exec('CREATE TABLE notes (text TEXT NOT NULL)');
  queue = new CommitQueue(connection);
});
afterEach(() => connection.close());

const add = (text: string | null) => connection.run('INSERT INTO notes VALUES (?)', text);
const stored = () => connection.all('SELECT text FROM notes').map(({ text }) => text);

describe('CommitQueue', () => {
  it('commits the writes of one turn together', async () => {
    const run = vi.spyOn(connection, 'run');
    const results = await Promise.all(['a', 'b', 'c'].map((text) => queue.write(() => add(text))));
    expect(results).toEqual([1, 1, 1]);
    expect(run.mock.calls.filter(([sql]) => sql === 'COMMIT')).toHaveLength(1);
  });

  it('undoes a write that fails half-way and keeps the other writes of the turn', async () => {
    const half = () => {
      add('half');
      add(null);
    };
    const settled = await Promise.allSettled([queue.write(() => add('a')), queue.write(half), queue.write(() => add('b'))]);
    expect(settled.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(stored()).toEqual(['a', 'b']);
  });

  it('resolves after the commit', async () => {
    const written = queue.write(() => add('a')).then(() => connection.isTransaction);
    expect(stored()).toEqual([]);
    expect(await written).toBe(false);
    expect(stored()).toEqual(['a']);
  });

  it('rejects with disk.full when the disk is full, and writes again when there is space', async () => {
    connection.exec('PRAGMA max_page_count = 20');
    const large = queue.write(() => add('x'.repeat(200_000)));
    const small = queue.write(() => add('small'));
    await expect(large).rejects.toMatchObject({ code: 'disk.full', cause: { name: 'DatabaseFileError', reason: 'full' } });
    await Promise.allSettled([small]);
    connection.exec('PRAGMA max_page_count = 1000');
    await queue.write(() => add('x'.repeat(200_000)));
    expect(connection.isTransaction).toBe(false);
    expect(stored()).toHaveLength((await small.then(() => 1, () => 0)) + 1);
  });

  it('rejects every write of a transaction that cannot be committed', async () => {
    const run = connection.run.bind(connection);
    vi.spyOn(connection, 'run').mockImplementation((sql, ...parameters) => {
      if (sql === 'COMMIT') throw new Error('commit failed');
      return run(sql, ...parameters);
    });
    const settled = await Promise.allSettled(['a', 'b'].map((text) => queue.write(() => add(text))));
    expect(settled.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(stored()).toEqual([]);
  });

  it('rejects every write when the rollback fails as well, and writes again when it works', async () => {
    const run = connection.run.bind(connection);
    let isBroken = true;
    vi.spyOn(connection, 'run').mockImplementation((sql, ...parameters) => {
      if (isBroken && (sql === 'COMMIT' || sql === 'ROLLBACK')) throw new Error(`${sql} failed`);
      return run(sql, ...parameters);
    });
    const settled = await Promise.allSettled(['a', 'b'].map((text) => queue.write(() => add(text))));
    expect(settled.map((result) => result.status === 'rejected' && String(result.reason))).toEqual(['Error: COMMIT failed', 'Error: COMMIT failed']);
    await expect(queue.write(() => add('c'))).rejects.toThrow('ROLLBACK failed');
    isBroken = false;
    await queue.write(() => add('d'));
    expect(stored()).toEqual(['d']);
    expect(connection.isTransaction).toBe(false);
  });

  it('writes while a test uses fake timers', async () => {
    vi.useFakeTimers();
    try {
      await expect(queue.write(() => add('a'))).resolves.toBe(1);
    } finally {
      vi.useRealTimers();
    }
  });
});
