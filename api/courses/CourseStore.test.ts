import { describe, expect, it } from 'vitest';
import { CourseId } from '#engine/contract';
import { newId } from '#engine/kernel';
import { openTestDatabase } from '#engine/testing';
import { CourseStore } from './CourseStore.ts';
import type { StoredCourse } from './courseRow.ts';

const older = (title: string, minute: number): StoredCourse => ({
  _id: newId('crs'), title, description: '', ownerId: newId('usr'), enrolmentPolicy: 'open', enrolmentCode: `code${minute}`, createdAt: `2026-01-01T00:0${minute}:00.000Z`,
});

async function storeWith(rows: StoredCourse[]) {
  const database = await openTestDatabase();
  const store = new CourseStore(database);
  await database.collection<StoredCourse>({ name: 'courses', indexes: CourseStore.indexes }).insertMany(rows);
  return store;
}

const page = { order: 'newest', limit: 10 } as const;

describe('A course of an older version', () => {
  it('is published, listed and changed like others', async () => {
    const [optics, acoustics] = [older('Optics', 1), older('Acoustics', 2)];
    const store = await storeWith([optics, acoustics]);
    const prepared: string[] = [];
    for (let process = 0; process < 2; process += 1) await store.upgrade(async ({ title }) => void prepared.push(title));
    expect(prepared.sort()).toEqual(['Acoustics', 'Optics']);
    expect((await store.list({ listings: ['listed'], ...page })).rows.map(({ title }) => title)).toEqual(['Acoustics', 'Optics']);
    expect(await store.get(CourseId.parse(optics._id))).toMatchObject({ state: 'published', version: 1, timeZone: 'UTC', tags: [], term: null, deletedAt: null });
    expect(await store.update(CourseId.parse(optics._id), { title: 'Light' })).toMatchObject({ version: 2, titleKey: 'light' });
  });

  it('is changed before or while the lists are prepared', async () => {
    const optics = older('Optics', 1);
    const store = await storeWith([optics]);
    const id = CourseId.parse(optics._id);
    await store.update(id, { enrolmentPolicy: 'closed' });
    const prepared: string[] = [];
    await store.upgrade(async ({ title }) => {
      prepared.push(title);
      if (title === 'Optics') await store.update(id, { title: 'Light' });
    });
    expect(prepared).toEqual(['Optics', 'Light']);
    expect((await store.list({ listings: ['unlisted'], ...page })).rows).toMatchObject([{ _id: id, title: 'Light', titleKey: 'light', version: 3 }]);
    expect((await store.list({ listings: ['listed'], ...page })).rows).toEqual([]);
  });
});

it('A change is decided again when another one came before it', async () => {
  const optics = older('a', 1);
  const store = await storeWith([optics]);
  const id = CourseId.parse(optics._id);
  await Promise.all(['b', 'c', 'd'].map((letter) => store.modify(id, ({ title }) => ({ title: title + letter }))));
  const { title, version } = await store.get(id);
  expect([...title].sort().join('')).toBe('abcd');
  expect(version).toBe(4);
});
