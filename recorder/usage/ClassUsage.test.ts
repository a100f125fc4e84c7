import { expect, it } from 'vitest';
import { openTestDatabase } from '#engine/testing';
import { videoCollection, withDefaults } from '../library/VideoRow.ts';
import type { StoredVideoRow } from '../library/VideoRow.ts';
import { ClassUsage } from './ClassUsage.ts';

const { signal } = new AbortController();
const createdAt = '2030-01-01T00:00:00.000Z';

async function open(recordings: Record<string, number> = {}) {
  const database = await openTestDatabase();
  const rows = database.collection<StoredVideoRow>(videoCollection);
  const usage = new ClassUsage(database, { ofRecordings: async () => new Map(Object.entries(recordings)) });
  let next = 0;
  const add = async (courseId: string, fields: Partial<StoredVideoRow>) => {
    const _id = `vid_${(next += 1)}`;
    await rows.insertOne(withDefaults({ _id, courseId, title: 'x', state: 'ready', createdAt, recordingId: `rec_${next}`, ...fields }));
    return _id;
  };
  return { rows, usage, add };
}

it('The storage of each course and of the site is summed by class', async () => {
  const { usage, add } = await open();
  await add('crs_a', { bytes: 100 });
  await add('crs_a', { bytes: 20, storageClass: 'archive' });
  await add('crs_b', { bytes: 3, storageClass: 'infrequent' });
  await usage.measure({ now: '2030-02-01T12:00:00.000Z', signal });
  expect(Object.fromEntries(await usage.ofCourses(['crs_a', 'crs_b', 'crs_c']))).toMatchObject({ crs_a: { bytes: 120, videos: 2, standard: 100, infrequent: 0, archive: 20 }, crs_b: { bytes: 3, videos: 1, infrequent: 3 } });
  expect(await usage.total()).toMatchObject({ bytes: 123, videos: 3, standard: 100, infrequent: 3, archive: 20, measuredAt: '2030-02-01T12:00:00.000Z' });
});

it('The size of a recording without renditions is that of its segments', async () => {
  const { usage, add } = await open({ rec_1: 70, rec_2: 70 });
  await add('crs_a', {});
  await add('crs_a', { bytes: 200 });
  await usage.measure({ now: '2030-02-01T12:00:00.000Z', signal });
  expect(await usage.total()).toMatchObject({ bytes: 270 });
});

it('A course whose last video is gone disappears, and each day keeps its last measurement', async () => {
  const { usage, add, rows } = await open();
  const videoId = await add('crs_a', { bytes: 100 });
  await add('crs_b', { bytes: 5 });
  await usage.measure({ now: '2030-02-01T01:00:00.000Z', signal });
  await rows.deleteOne({ _id: videoId });
  await usage.measure({ now: '2030-02-01T02:00:00.000Z', signal });
  await usage.measure({ now: '2030-02-02T01:00:00.000Z', signal });
  expect([...(await usage.ofCourses(['crs_a', 'crs_b'])).keys()]).toEqual(['crs_b']);
  expect(await usage.daysSince('2030-02-01')).toMatchObject([{ _id: '2030-02-01', standard: 5, videos: 1 }, { _id: '2030-02-02', standard: 5 }]);
  await usage.measure({ now: '2033-03-01T01:00:00.000Z', signal });
  expect((await usage.daysSince('2000-01-01')).map(({ _id }) => _id)).toEqual(['2033-03-01']);
});
