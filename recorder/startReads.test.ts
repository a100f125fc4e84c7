import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it } from 'vitest';
import { LectureRegistry } from '#engine';
import { CourseId, UserId } from '#engine/contract';
import { InProcessBus, JobQueue, newId } from '#engine/kernel';
import type { Database } from '#engine/kernel';
import { countingDatabase, FakeMediaPlane, ManualClock, openTestDatabase, silentLogger } from '#engine/testing';
import { recorderConfig } from './config.ts';
import { createRecorder } from './createRecorder.ts';
import { Journal } from './journal/Journal.ts';
import { recordedUntil } from './journal/recordedUntil.ts';
import { VideoStore, VideoSync } from './index.ts';
import { openFolderObjectStore } from './storage/FolderObjectStore.ts';

const startedAt = '2026-01-01T10:00:00.000Z';

/** Ended lectures with finished, stored recordings and their videos. */
async function addHistory(database: Database, count: number): Promise<void> {
  const journal = new Journal(database);
  const videos = new VideoStore(database);
  const lectures = database.collection<{ _id: string; courseId: string; state: string; scheduledAt: null; createdBy: string; endedAt?: string; series?: { seriesId: string; date: string } }>({
    name: 'lectures',
    indexes: [
      { keys: { courseId: 1, scheduledAt: 1 } },
      { keys: { courseId: 1, state: 1 } },
      { keys: { state: 1, scheduledAt: 1 } },
      { keys: { state: 1, endedAt: 1 } },
      { keys: { createdBy: 1 } },
      { keys: { 'series.seriesId': 1, 'series.date': 1 }, unique: true, sparse: true },
    ],
  });
  for (let i = 0; i < count; i += 1) {
    const of = { lectureId: newId('lec'), courseId: newId('crs') };
    await lectures.insertOne({ _id: of.lectureId, courseId: of.courseId, state: 'ended', scheduledAt: null, createdBy: newId('usr') });
    const writer = await journal.openRecording({ ...of, startedAt });
    const { recordingId } = writer;
    await writer.change({ state: 'finished', isStored: true, isShown: true, endedAt: startedAt });
    await videos.sync({ ...of, recordingId, title: 'Optics', startedAt, isFinished: true, durationSeconds: 60, hasScreen: false });
    await videos.attachPoster(recordingId, { key: 'poster.jpg', bytes: 1, sha256: 'a' });
  }
}

/** Starts what reads the database at the start of a server. Returns how many documents it has read. */
async function readsAtStart(history: number): Promise<number> {
  await using parts = new AsyncDisposableStack();
  const folder = parts.adopt(await mkdtemp(path.join(tmpdir(), 'lectern-start-')), (kept) => rm(kept, { recursive: true }));
  const stored = parts.adopt(await openTestDatabase(), (part) => part.close());
  await addHistory(stored, history);
  const database = countingDatabase(stored);
  const options = { database, clock: new ManualClock(), logger: silentLogger };
  await recordedUntil(database);
  const registry = parts.adopt(LectureRegistry.create({ ...options, plane: new FakeMediaPlane(), graceMs: 300_000 }), (part) => part.close());
  const store = parts.adopt(await openFolderObjectStore(path.join(folder, 'objects')), (part) => part.close());
  const recorder = parts.adopt(await createRecorder({ ...options, store, config: recorderConfig.parse({}), dataFolder: folder }), (part) => part.close());
  const videos = new VideoStore(database);
  const jobs = new JobQueue({ ...options, bus: new InProcessBus(options) });
  const sync = parts.adopt(new VideoSync({ ...options, recorder, videos, jobs, titleOf: async () => 'Optics' }), (part) => part.close());
  // A lecture that is scheduled: something to read.
  await registry.schedule({ courseId: CourseId.parse(newId('crs')), title: 'Waves', scheduledAt: null, durationMinutes: null, isRecorded: true, createdBy: UserId.parse(newId('usr')) });
  await registry.recover();
  await recorder.finishAbandoned();
  await sync.catchUp();
  return database.documentCount;
}

it('the start reads as many documents with three hundred recordings as with three', async () => {
  expect(await readsAtStart(300)).toBe(await readsAtStart(3));
});
