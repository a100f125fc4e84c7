import { describe, expect, it } from 'vitest';
import { openTestDatabase } from '#engine/testing';
import { decodeCursor, encodeCursor, pageOfRows, readMergedPage, readPage } from './index.ts';

interface Row {
  _id: string;
  room: string;
  at: string | number;
}

async function listOf(rows: readonly [id: string, at: string | number][]) {
  const database = await openTestDatabase();
  const collection = database.collection<Row>({ name: 'rows', indexes: [{ keys: { room: 1, at: -1, _id: -1 } }] });
  const row = ([_id, at]: readonly [string, string | number]): Row => ({ _id, room: 'a', at });
  await collection.insertMany([...rows.map(row), { _id: 'other', room: 'b', at: rows[0]?.[1] ?? 0 }]);
  const page = (direction: 1 | -1, cursor?: string | null) => readPage(collection, { list: 'rows', filter: { room: 'a' }, sortBy: 'at', direction, limit: 2, cursor: cursor ?? undefined });
  const all = async (direction: 1 | -1) => {
    const ids: string[][] = [];
    for (let cursor: string | null | undefined; cursor !== null; ) {
      const { rows: found, nextCursor }: Awaited<ReturnType<typeof page>> = await page(direction, cursor);
      ids.push(found.map(({ _id }) => _id));
      cursor = nextCursor;
    }
    return ids;
  };
  return { collection, page, all, row };
}

describe('A list in pages', () => {
  it.each([
    ['strings', [['r1', 'x'], ['r2', 'y'], ['r3', 'y'], ['r4', 'y'], ['r5', 'z']]],
    ['numbers', [['r1', 1], ['r2', 2], ['r3', 2], ['r4', 2], ['r5', 30]]],
  ] as const)('has every row once, in both directions, also where several have the same key: %s', async (_, rows) => {
    const { all } = await listOf([...rows] as [string, string | number][]);
    expect(await all(1)).toEqual([['r1', 'r2'], ['r3', 'r4'], ['r5']]);
    expect(await all(-1)).toEqual([['r5', 'r4'], ['r3', 'r2'], ['r1']]);
  });

  it('ends without an empty page when the last one is full', async () => {
    expect(await (await listOf([['r1', 1], ['r2', 2]])).all(1)).toEqual([['r1', 'r2']]);
    expect(await (await listOf([])).all(1)).toEqual([[]]);
  });

  it('neither repeats nor skips a row when rows before the place come and go', async () => {
    const { collection, page, row } = await listOf([['r1', 1], ['r2', 2], ['r3', 3]]);
    const first = await page(1);
    await collection.insertOne(row(['r0', 0]));
    await collection.deleteOne({ _id: 'r2' });
    expect((await page(1, first.nextCursor)).rows.map(({ _id }) => _id)).toEqual(['r3']);
  });

  it.each([
    ['no cursor', 'nonsense'],
    ['one of another list', encodeCursor('others', { key: 1, id: 'r1' })],
    ['one with an operator for a key', Buffer.from(JSON.stringify(['rows', { $ne: null }, 'r1'])).toString('base64url')],
    ['one without an id', Buffer.from(JSON.stringify(['rows', 1, ''])).toString('base64url')],
  ])('refuses %s', async (_, cursor) => {
    const { page } = await listOf([['r1', 1]]);
    await expect(page(1, cursor)).rejects.toMatchObject({ code: 'page.notFound', details: { field: 'cursor' } });
  });
});

describe('A list of several filters', () => {
  it('is one list in one order, from the database and from memory', async () => {
    const { collection } = await listOf([['r1', 'a'], ['r3', 'c'], ['r5', '😀'], ['r6', '\uffee']]);
    await collection.insertMany([{ _id: 'r2', room: 'b', at: 'b' }, { _id: 'r4', room: 'b', at: 'c' }, { _id: 'r7', room: 'c', at: 'a' }]);
    const rows = await collection.find({});
    const request = { list: 'both', sortBy: 'at', direction: 1, limit: 3 } as const;
    const inMemory = (cursor?: string) => pageOfRows(rows.filter(({ room, _id }) => room !== 'c' && _id !== 'other'), { ...request, cursor });
    await collection.deleteOne({ _id: 'other' });
    const pages: string[][] = [];
    for (let cursor: string | undefined; ; ) {
      const page = await readMergedPage(collection, { ...request, filters: [{ room: 'a' }, { room: 'b' }], cursor });
      expect(inMemory(cursor)).toEqual(page);
      pages.push(page.rows.map(({ _id }) => _id));
      if (page.nextCursor === null) break;
      cursor = page.nextCursor;
    }
    expect(pages).toEqual([['r1', 'r2', 'r3'], ['r4', 'r6', 'r5']]);
  });
});

it('keeps any text of a key in its cursor', () => {
  const place = { key: 'Ünïcode 😀 "quoted"', id: 'crs_1' };
  expect(decodeCursor('rows', encodeCursor('rows', place))).toEqual(place);
});
