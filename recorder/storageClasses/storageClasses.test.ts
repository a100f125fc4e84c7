import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { buffer } from 'node:stream/consumers';
import { describe, expect, it, onTestFinished } from 'vitest';
import { CodedError } from '#engine/contract';
import { toInstant } from '#engine/kernel';
import { ManualClock, openTestDatabase, silentLogger as logger } from '#engine/testing';
import { videoCollection, withDefaults } from '../library/VideoRow.ts';
import type { StoredVideoRow } from '../library/VideoRow.ts';
import { openFolderObjectStore } from '../storage/FolderObjectStore.ts';
import type { ObjectStore } from '../storage/index.ts';
import { sha256OfBytes } from '../storage/sha256.ts';
import { FaultyObjectStore } from '../storage/testing/FaultyObjectStore.ts';
import { ClassMover, openClassMoves } from './ClassMover.ts';
import { openRestoreRequests, requireReadable, Restores } from './Restores.ts';
import { StoredVideos } from './StoredVideos.ts';

const day = 24 * 3600_000;
const rules = { infrequentAfterDays: 30, archiveAfterDays: 180 };
const files = ['main-video/init-0.mp4', 'main-video/000000.m4s', 'main-video/000001.m4s', 'main-audio/000000.m4s', 'main.m3u8', 'poster.jpg'];
const moving = 4;
const { signal } = new AbortController();

async function open(wrap: (store: ObjectStore) => ObjectStore = (store) => store) {
  const [clock, database] = [new ManualClock(), await openTestDatabase()];
  const folder = await mkdtemp(path.join(tmpdir(), 'lectern-classes-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const store = wrap(await openFolderObjectStore(folder, { clock, restoreDelayMs: 3 * 3600_000 }));
  const [videos, moves, requests] = [new StoredVideos(database), openClassMoves(database), openRestoreRequests(database)];
  const rows = database.collection<StoredVideoRow>(videoCollection);
  const told: unknown[] = [];
  const onRestored = async ({ _id }: { _id: string }, userIds: string[]) => void told.push([_id, userIds.toSorted()]);
  let next = 0;
  /** A finished recording that began so many days ago. */
  const addVideo = async (ageDays: number, fields: Partial<StoredVideoRow> = {}) => {
    next += 1;
    const [videoId, recordingId] = [`vid_${next}`, `rec_${next}`];
    await rows.insertOne(withDefaults({ _id: videoId, courseId: 'crs_1', recordingId, title: `Video ${next}`, state: 'ready', createdAt: toInstant(clock.nowMs() - ageDays * day), ...fields }));
    for (const file of files) {
      const bytes = Buffer.from(file);
      await store.put(`recordings/${recordingId}/${file}`, { bytes }, { contentType: 'video/mp4', sha256: sha256OfBytes(bytes) });
    }
    return videoId;
  };
  const mover = new ClassMover({ videos, moves, store, clock, logger });
  const restores = new Restores({ videos, requests, moves, store, clock, logger, onRestored });
  const classOf = async (videoId: string) => (await videos.find(videoId))?.storageClass;
  const classesOf = async (videoId: string) => Object.groupBy((await store.list(`recordings/${videoId.replace('vid', 'rec')}/`)).objects, ({ storageClass }) => storageClass);
  const counts = async (videoId: string) => Object.fromEntries(Object.entries(await classesOf(videoId)).map(([name, objects]) => [name, objects.length]));
  return { clock, store, videos, rows, moves, requests, mover, restores, told, addVideo, classOf, counts };
}

describe('Videos that nobody watches', () => {
  it('move to cheaper classes with all their media, while posters and playlists stay', async () => {
    const { mover, addVideo, classOf, counts } = await open();
    const [fresh, month, halfYear] = [await addVideo(29), await addVideo(31), await addVideo(181)];
    expect(await mover.run(rules, { signal })).toBe(2);
    expect([await classOf(fresh), await classOf(month), await classOf(halfYear)]).toEqual(['standard', 'infrequent', 'archive']);
    expect([await counts(fresh), await counts(month), await counts(halfYear)]).toEqual([{ standard: 6 }, { infrequent: moving, standard: 2 }, { archive: moving, standard: 2 }]);
    expect(await mover.run(rules, { signal })).toBe(0);
  });

  it('move by their last view, and further when nobody watches again', async () => {
    const { mover, addVideo, classOf, clock, videos } = await open();
    const watched = await addVideo(400, { lastWatchedAt: toInstant(0) });
    await videos.watched(withDefaults({ ...(await videos.find(watched))!, _id: watched }), clock.nowMs());
    expect(await mover.run(rules, { signal })).toBe(0);
    clock.advance(31 * day);
    await mover.run(rules, { signal });
    expect(await classOf(watched)).toBe('infrequent');
    clock.advance(150 * day);
    await mover.run(rules, { signal });
    expect(await classOf(watched)).toBe('archive');
  });

  it('stay where they are while they are live, being made, deleted or while the rules are off', async () => {
    const { mover, addVideo, rows } = await open();
    await addVideo(400, { state: 'live' });
    await addVideo(400, { work: { stage: 'encoding', share: 0.5 } });
    await addVideo(400, { deletedAt: toInstant(0) });
    expect(await mover.run(rules, { signal })).toBe(0);
    await addVideo(400);
    expect(await mover.run({ infrequentAfterDays: null, archiveAfterDays: null }, { signal })).toBe(0);
    expect((await rows.find({ storageClass: { $in: ['infrequent', 'archive'] } })).length).toBe(0);
  });

  it('of an older version, without a class, move too', async () => {
    const { mover, rows, classOf } = await open();
    await rows.insertOne({ _id: 'vid_old', courseId: 'crs_1', recordingId: 'rec_old', title: 'Old', state: 'ready', createdAt: '2001-01-01T00:00:00.000Z' });
    expect(await mover.run(rules, { signal })).toBe(1);
    expect(await classOf('vid_old')).toBe('archive');
  });

  it('are moved to the end by the next run when one was interrupted', async () => {
    const { mover, addVideo, counts, moves, store } = await open();
    const videoId = await addVideo(400);
    const setClass = store.setClass.bind(store);
    let calls = 0;
    store.setClass = async (key, storageClass) => {
      if ((calls += 1) > 2) throw new Error('killed');
      await setClass(key, storageClass);
    };
    await expect(mover.run(rules, { signal })).rejects.toThrow('killed');
    expect(await counts(videoId)).toEqual({ archive: 2, standard: 4 });
    store.setClass = setClass;
    expect(await moves.findOne({ _id: videoId })).toMatchObject({ from: 'standard', to: 'archive' });
    expect(await mover.run(rules, { signal })).toBe(1);
    expect(await counts(videoId)).toEqual({ archive: moving, standard: 2 });
    expect(await moves.findOne({ _id: videoId })).toBeNull();
  });

  it('keep their class when the store has no other one', async () => {
    const { mover, addVideo, classOf, moves, store } = await open();
    const videoId = await addVideo(400);
    store.setClass = () => Promise.reject(new CodedError('storageClass.unsupported', 'no such class'));
    await expect(mover.run(rules, { signal })).rejects.toMatchObject({ code: 'storageClass.unsupported' });
    expect([await classOf(videoId), await moves.findOne({ _id: videoId })]).toEqual(['standard', null]);
  });

  it('are written down as watched once an hour', async () => {
    const { videos, addVideo, clock } = await open();
    const videoId = await addVideo(1);
    const watch = async () => {
      const row = await videos.find(videoId);
      if (row) await videos.watched(row, clock.nowMs());
      return (await videos.find(videoId))?.lastWatchedAt;
    };
    const first = await watch();
    clock.advance(59 * 60_000);
    expect(await watch()).toBe(first);
    clock.advance(60_000);
    expect(await watch()).toBe(toInstant(clock.nowMs()));
  });
});

describe('An archived video', () => {
  it('is refused with how long it takes, and comes back for everybody who asked', async () => {
    const { mover, restores, addVideo, classOf, counts, videos, clock, store, told, requests } = await open();
    const videoId = await addVideo(400);
    await mover.run(rules, { signal });
    const row = async () => (await videos.find(videoId))!;
    expect(() => requireReadable(withDefaults({ _id: 'x', courseId: 'c', title: '', state: 'ready', createdAt: '' }), store)).not.toThrow();
    const refused = await row();
    expect(() => requireReadable(refused, { restoreHours: 5 })).toThrowError(expect.objectContaining({ code: 'video.archived', message: expect.stringContaining('up to 5 hours'), details: { videoId, requestedAt: null, restoreHours: 5, readyBy: null } }));
    const askedAt = toInstant(clock.nowMs());
    expect((await restores.request(videoId, 'usr_1')).restoring).toEqual({ requestedAt: askedAt });
    clock.advance(60_000);
    expect((await restores.request(videoId, 'usr_2')).restoring).toEqual({ requestedAt: askedAt });
    await restores.request(videoId, 'usr_1');
    const requested = await row();
    expect(() => requireReadable(requested, { restoreHours: 5 })).toThrowError(expect.objectContaining({ details: { videoId, requestedAt: askedAt, restoreHours: 5, readyBy: toInstant(clock.nowMs() - 60_000 + 5 * 3600_000) } }));
    await restores.run(signal);
    expect([await classOf(videoId), await counts(videoId)]).toEqual(['archive', { archive: moving, standard: 2 }]);
    clock.advance(3 * 3600_000);
    await restores.run(signal);
    expect([await row(), await counts(videoId), told]).toMatchObject([{ storageClass: 'standard', restoring: null, lastWatchedAt: toInstant(clock.nowMs()) }, { standard: 6 }, [[videoId, ['usr_1', 'usr_2']]]]);
    expect((await buffer((await store.get(`recordings/rec_1/${files[1]}`)).body)).toString()).toBe(files[1]);
    expect(await requests.find({ videoId })).toEqual([]);
    await restores.run(signal);
    expect([told.length, await mover.run(rules, { signal })]).toEqual([1, 0]);
  });

  it('comes back although some of its objects are gone or were never archived', async () => {
    const { mover, restores, addVideo, classOf, store, clock } = await open();
    const videoId = await addVideo(400);
    await mover.run(rules, { signal });
    await store.delete(`recordings/rec_1/${files[2]}`);
    await restores.request(videoId, 'usr_1');
    await restores.advance(videoId, signal);
    clock.advance(3 * 3600_000);
    expect(await restores.advance(videoId, signal)).toBe(true);
    expect(await classOf(videoId)).toBe('standard');
  });

  it('waits for the move that is putting it into the archive, unless its process is gone', async () => {
    const { mover, restores, addVideo, moves, clock, classOf } = await open();
    const videoId = await addVideo(400);
    await mover.run(rules, { signal });
    await moves.insertOne({ _id: videoId, from: 'standard', to: 'archive', touchedAtMs: clock.nowMs() });
    await restores.request(videoId, 'usr_1');
    expect(await restores.advance(videoId, signal)).toBe(false);
    clock.advance(5 * 60_000);
    await restores.advance(videoId, signal);
    clock.advance(3 * 3600_000);
    expect([await restores.advance(videoId, signal), await classOf(videoId)]).toEqual([true, 'standard']);
  });

  it('is not asked for when it can be watched, and not found when it is deleted', async () => {
    const { restores, addVideo, rows } = await open();
    const videoId = await addVideo(1);
    expect((await restores.request(videoId, 'usr_1')).restoring).toBeNull();
    await rows.updateOne({ _id: videoId }, { $set: { deletedAt: toInstant(0) } });
    await expect(restores.request(videoId, 'usr_1')).rejects.toMatchObject({ code: 'video.notFound' });
  });

  it('that fails to come back holds up no other one', async () => {
    const { mover, restores, addVideo, classOf, clock, store } = await open((opened) => new FaultyObjectStore(opened));
    const [broken, fine] = [await addVideo(400), await addVideo(400)];
    await mover.run(rules, { signal });
    for (const videoId of [broken, fine]) await restores.request(videoId, 'usr_1');
    await restores.run(signal);
    clock.advance(3 * 3600_000);
    const head = store.head.bind(store);
    store.head = async (key) => (key.includes('rec_1/') ? Promise.reject(new Error('unavailable')) : head(key));
    await expect(restores.run(signal)).rejects.toThrow('unavailable');
    expect([await classOf(broken), await classOf(fine)]).toEqual(['archive', 'standard']);
  });
});
