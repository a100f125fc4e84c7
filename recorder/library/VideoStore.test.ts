import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { newId } from '#engine/kernel';
import type { Database } from '#engine/kernel';
import { openTestDatabase } from '#engine/testing';
import { VideoStore } from './VideoStore.ts';

let database: Database;
let videos: VideoStore;

beforeEach(async () => {
  database = await openTestDatabase();
  videos = new VideoStore(database);
});
afterEach(() => database.close());

const recording = (of: { courseId?: string; startedAt?: string } = {}) => ({
  recordingId: newId('rec'),
  lectureId: newId('lec'),
  courseId: newId('crs'),
  title: 'Waves',
  startedAt: '2030-01-01T10:00:00.000Z',
  isFinished: false,
  durationSeconds: 0,
  hasScreen: false,
  ...of,
});

describe('The video store', () => {
  it('has one video for each recording, from its start on, however often it is synced', async () => {
    const started = recording();
    const one = await videos.sync(started);
    const { startedAt, isFinished: _, ...shown } = started;
    expect(one).toMatchObject({ ...shown, state: 'live', createdAt: startedAt, posterKey: null });
    expect(await videos.sync(started)).toEqual(one);
    expect(await videos.ofLectures([started.lectureId])).toEqual([one]);
    expect(await videos.get(one._id)).toEqual(one);
  });

  it('follows the recording: growing, finished, continued', async () => {
    const started = recording();
    const { _id } = await videos.sync(started);
    await videos.sync({ ...started, durationSeconds: 12 });
    expect(await videos.get(_id)).toMatchObject({ state: 'live', durationSeconds: 12, hasScreen: false });
    await videos.sync({ ...started, durationSeconds: 61.5, hasScreen: true, isFinished: true });
    expect(await videos.get(_id)).toMatchObject({ state: 'ready', durationSeconds: 61.5, hasScreen: true });
    await videos.sync({ ...started, durationSeconds: 61.5, hasScreen: true });
    expect(await videos.get(_id)).toMatchObject({ state: 'live' });
  });

  it('keeps the new title of a renamed lecture when it is synced', async () => {
    const started = recording();
    const { _id } = await videos.sync(started);
    await videos.rename(started.lectureId, 'More waves');
    await videos.sync({ ...started, durationSeconds: 12 });
    expect(await videos.get(_id)).toMatchObject({ title: 'More waves', durationSeconds: 12 });
  });

  it('keeps the poster of a video when it is synced', async () => {
    const started = recording();
    await videos.sync(started);
    await videos.attachPoster(started.recordingId, { key: 'recordings/x/poster.jpg', bytes: 9, sha256: 'ab' });
    expect(await videos.sync({ ...started, isFinished: true, durationSeconds: 5 })).toMatchObject({ posterKey: 'recordings/x/poster.jpg', posterBytes: 9 });
  });

  it('creates a ready video for a recording that is finished already', async () => {
    const late = { ...recording(), isFinished: true, durationSeconds: 61.5 };
    expect(await videos.sync(late)).toMatchObject({ state: 'ready', durationSeconds: 61.5, createdAt: late.startedAt });
  });

  it('marks the video of an empty recording as failed', async () => {
    expect((await videos.sync({ ...recording(), isFinished: true })).state).toBe('failed');
  });

  it('locates posters', async () => {
    const started = recording();
    await videos.sync(started);
    expect(await videos.locatePoster(started.recordingId)).toBeUndefined();
    await videos.attachPoster(started.recordingId, { key: 'recordings/x/poster.jpg', bytes: 9, sha256: 'ab' });
    expect(await videos.locatePoster(started.recordingId)).toEqual({ kind: 'stored', key: 'recordings/x/poster.jpg', bytes: 9, sha256: 'ab' });
  });

  it('pages through the videos of a course, newest first, also those of the same instant', async () => {
    const courseId = newId('crs');
    const made: string[] = [];
    for (let i = 0; i < 7; i += 1) {
      made.push((await videos.sync(recording({ courseId, startedAt: `2030-01-0${1 + Math.floor(i / 2)}T10:00:00.000Z` })))._id);
    }
    await videos.sync(recording());
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

  it('throws video.notFound for an unknown video', async () => {
    await expect(videos.get(newId('vid'))).rejects.toMatchObject({ code: 'video.notFound' });
  });
});
