import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { newId, openSqliteDatabase } from '#engine/kernel';
import type { Database } from '#engine/kernel';
import { ManualClock } from '#engine/testing';
import { Videos } from './Videos.ts';

let database: Database;
let clock: ManualClock;
let videos: Videos;

beforeEach(async () => {
  database = await openSqliteDatabase({ path: ':memory:' });
  clock = new ManualClock();
  videos = new Videos(database, clock);
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
    const empty = recording();
    await videos.recordingStarted(empty);
    await videos.recordingFinished(empty.recordingId, { durationSeconds: 0, hasScreen: false });
    expect((await videos.ofRecording(empty.recordingId))?.state).toBe('failed');
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

  it('answer video.notFound for one that was never there', async () => {
    await expect(videos.get(newId('vid'))).rejects.toMatchObject({ code: 'video.notFound' });
  });
});
