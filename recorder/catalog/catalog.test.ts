import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { newId, openSqliteDatabase } from '#engine/kernel';
import type { Database } from '#engine/kernel';
import { ManualClock } from '#engine/testing';
import { Video } from '../contract/index.ts';
import { Progress } from './Progress.ts';
import { Videos, videoView } from './Videos.ts';

let database: Database;
let clock: ManualClock;
let videos: Videos;
let progress: Progress;

beforeEach(async () => {
  database = await openSqliteDatabase({ path: ':memory:' });
  clock = new ManualClock();
  videos = new Videos(database, clock);
  progress = new Progress(database, clock);
});
afterEach(() => database.close());

const recording = (courseId = newId('crs')) => ({ recordingId: newId('rec'), lectureId: newId('lec'), courseId, title: 'Waves' });

describe('The videos', () => {
  it('have one from the start of a recording on, however often the recorder says so', async () => {
    const started = recording();
    const [one, two] = await Promise.all([videos.recordingStarted(started), videos.recordingStarted(started)]);
    expect(one._id).toBe(two._id);
    expect(await videos.recordingStarted(started)).toEqual(one);
    expect(one).toMatchObject({ ...started, state: 'live', durationSeconds: 0, hasScreen: false, posterKey: null });
    expect(await videos.ofLecture(started.lectureId)).toEqual(one);
    expect(await videos.get(one._id)).toEqual(one);
  });

  it('grow while live and are ready when finished, and a late word of growth changes nothing then', async () => {
    const started = recording();
    const { _id } = await videos.recordingStarted(started);
    await videos.recordingGrew(started.recordingId, { durationSeconds: 12, hasScreen: false });
    expect(await videos.get(_id)).toMatchObject({ state: 'live', durationSeconds: 12, hasScreen: false });
    await videos.recordingFinished(started.recordingId, { durationSeconds: 61.5, hasScreen: true });
    await videos.recordingGrew(started.recordingId, { durationSeconds: 60, hasScreen: false });
    expect(await videos.get(_id)).toMatchObject({ state: 'ready', durationSeconds: 61.5, hasScreen: true });
  });

  it('have failed when nothing was recorded', async () => {
    const [empty, broken] = [recording(), recording()];
    for (const one of [empty, broken]) await videos.recordingStarted(one);
    await videos.recordingFinished(empty.recordingId, { durationSeconds: 0, hasScreen: false });
    await videos.recordingFailed(broken.recordingId);
    for (const one of [empty, broken]) expect((await videos.ofRecording(one.recordingId))?.state).toBe('failed');
  });

  it('know where their poster lies', async () => {
    const started = recording();
    await videos.recordingStarted(started);
    expect(await videos.locatePoster(started.recordingId)).toBeUndefined();
    await videos.attachPoster(started.recordingId, { key: 'recordings/x/poster.jpg', bytes: 9, sha256: 'ab' });
    expect(await videos.locatePoster(started.recordingId)).toEqual({ kind: 'stored', key: 'recordings/x/poster.jpg', bytes: 9, sha256: 'ab' });
  });

  it('of a course come by page, newest first, also those of the same instant', async () => {
    const courseId = newId('crs');
    const made: string[] = [];
    for (let i = 0; i < 7; i += 1) {
      made.push((await videos.recordingStarted(recording(courseId)))._id);
      if (i % 2) clock.advance(1000);
    }
    await videos.recordingStarted(recording());
    const seen: string[] = [];
    const instants: string[] = [];
    for (let after: string | undefined; ; ) {
      const page = await videos.ofCourse(courseId, { after, limit: 3 });
      expect(page.videos.length).toBeLessThanOrEqual(3);
      seen.push(...page.videos.map((row) => row._id));
      instants.push(...page.videos.map((row) => row.createdAt));
      if (page.next === null) break;
      after = page.next;
    }
    expect([...seen].sort()).toEqual([...made].sort());
    expect(instants).toEqual([...instants].sort().reverse());
    expect((await videos.ofCourse(courseId, { limit: 7 })).next).toBeNull();
  });

  it('are found for many lectures and by many ids at once', async () => {
    const [a, b] = [recording(), recording()];
    const rows = [await videos.recordingStarted(a), await videos.recordingStarted(b)];
    const found = await videos.ofLectures([a.lectureId, b.lectureId, newId('lec')]);
    expect([...found.keys()].sort()).toEqual([a.lectureId, b.lectureId].sort());
    expect((await videos.many(rows.map((row) => row._id))).size).toBe(2);
  });

  it('cross the wire as the contract says', async () => {
    const row = await videos.recordingStarted(recording());
    expect(Video.parse(videoView(row))).toEqual(videoView(row));
    expect(Object.keys(videoView(row))).not.toContain('posterKey');
  });

  it('answer video.notFound for one that was never there or was deleted', async () => {
    const { _id } = await videos.recordingStarted(recording());
    await videos.rename(_id, 'Waves and particles');
    expect((await videos.get(_id)).title).toBe('Waves and particles');
    await videos.delete(_id);
    await expect(videos.get(_id)).rejects.toMatchObject({ code: 'video.notFound' });
  });
});

describe('The progress of a learner', () => {
  it('is what was saved last, from whatever device', async () => {
    const of = { userId: newId('usr'), videoId: newId('vid') };
    expect(await progress.get(of)).toBeUndefined();
    await Promise.all([1, 2, 3].map((positionSeconds) => progress.save(of, { positionSeconds, isFinished: false })));
    clock.advance(5000);
    const saved = await progress.save(of, { positionSeconds: 42.5, isFinished: false });
    expect(await progress.get(of)).toEqual(saved);
    expect(saved).toMatchObject({ positionSeconds: 42.5, updatedAt: new Date(clock.nowMs()).toISOString() });
    expect(await progress.get({ ...of, userId: newId('usr') })).toBeUndefined();
  });

  it('lists what was begun and not finished, the last first', async () => {
    const userId = newId('usr');
    const [old, recent, finished] = [newId('vid'), newId('vid'), newId('vid')];
    for (const videoId of [old, finished, recent]) {
      await progress.save({ userId, videoId }, { positionSeconds: 5, isFinished: videoId === finished });
      clock.advance(1000);
    }
    await progress.save({ userId: newId('usr'), videoId: old }, { positionSeconds: 5, isFinished: false });
    expect((await progress.unfinishedOf(userId)).map((position) => position.videoId)).toEqual([recent, old]);
    await progress.deleteOfVideo(recent);
    expect((await progress.unfinishedOf(userId)).map((position) => position.videoId)).toEqual([old]);
  });
});
