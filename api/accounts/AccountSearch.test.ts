import { expect, it } from 'vitest';
import { UserId } from '#engine/contract';
import { newId } from '#engine/kernel';
import { countingDatabase, openTestDatabase } from '#engine/testing';
import { accountSearchRefreshMs } from '../limits.ts';
import { AccountSearch } from './AccountSearch.ts';
import { AccountStore } from './AccountStore.ts';

const account = (name: string, minute: number) => ({ email: `${name.toLowerCase()}@example.org`, displayName: name, roles: ['student' as const], passwordHash: '', createdAt: `2030-01-01T00:0${minute}:00.000Z` });

async function storeWith(names: readonly string[]) {
  const database = countingDatabase(await openTestDatabase());
  let nowMs = 0;
  const store = new AccountStore(database, { nowMs: () => nowMs });
  for (const [minute, name] of names.entries()) await store.add(account(name, minute));
  const found = async (search: string) => (await store.list({ search, limit: 2, offset: 0 })).rows.map(({ displayName }) => displayName);
  const wait = (ms: number) => (nowMs += ms);
  return { database, store, found, wait };
}

it('finds a part of a name or an address in any case, the newest first, in pages', async () => {
  const { store, found } = await storeWith(['Ada', 'Adele', 'Grace', 'Madeleine']);
  expect(await found('ADE')).toEqual(['Madeleine', 'Adele']);
  expect(await found('grace@')).toEqual(['Grace']);
  expect(await found('.*')).toEqual([]);
  expect(await store.list({ search: 'ad', limit: 2, offset: 2 })).toMatchObject({ rows: [{ displayName: 'Ada' }], total: 3 });
});

it('finds accounts that are added and renamed after the first search', async () => {
  const { store, found } = await storeWith(['Ada']);
  expect(await found('grace')).toEqual([]);
  const { _id } = await store.add(account('Grace', 1));
  expect(await found('grace')).toEqual(['Grace']);
  await store.update(UserId.parse(_id), { displayName: 'Hopper' });
  expect(await found('hopper')).toEqual(['Hopper']);
});

it('finds accounts that another process has added after the first search', async () => {
  const { database, found, wait } = await storeWith(['Ada', 'Grace']);
  expect(await found('hopper')).toEqual([]);
  const other = new AccountStore(database);
  await other.add(account('Hopper', 2));
  expect(await found('hopper')).toEqual(['Hopper']);
  wait(accountSearchRefreshMs);
  // The clock of that process may be late.
  await other.add({ ...account('Hopperly', 2), createdAt: '2030-01-01T00:01:30.000Z' });
  expect(await found('hopperly')).toEqual(['Hopperly']);
});

it('reads all accounts once, and what is new at most once in accountSearchRefreshMs', async () => {
  const { database, found, wait } = await storeWith(['Ada', 'Grace']);
  for (const typed of ['g', 'gr', 'gra']) await found(typed);
  await Promise.all([found('grac'), found('grace')]);
  // One pass, what is new, and the page of each search.
  expect(database.reads.get('users')).toBe(1 + 1 + 5);
  wait(accountSearchRefreshMs);
  await Promise.all([found('grac'), found('grace')]);
  expect(database.reads.get('users')).toBe(1 + 1 + 5 + 1 + 2);
});

it('reads all of them again after a failure', async () => {
  const ada = { ...account('Ada', 0), _id: newId('usr') };
  let isFailing = true;
  const search = new AccountSearch(async function* () {
    yield isFailing ? ada : { ...ada, displayName: 'Countess' };
    if (isFailing) throw new Error('no database');
  });
  await expect(search.find('ada')).rejects.toThrow('no database');
  search.put({ ...ada, displayName: 'Countess' });
  isFailing = false;
  expect(await search.find('countess')).toEqual([ada._id]);
});
