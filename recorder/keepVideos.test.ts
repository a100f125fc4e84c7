import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openSqliteDatabase } from '#engine/kernel';
import type { Database } from '#engine/kernel';
import { ManualClock, silentLogger, until } from '#engine/testing';
import { Videos } from './catalog/index.ts';
import { recorderConfig } from './config.ts';
import { createRecorder } from './createRecorder.ts';
import { catchUpVideos } from './keepVideos.ts';
import type { KeepVideosOptions } from './keepVideos.ts';
import type { Recorder } from './Recorder.ts';
import { openFolderObjectStore } from './storage/FolderObjectStore.ts';
import type { ObjectStore } from './storage/ObjectStore.ts';
import { FakeLecture } from './testing/FakeLecture.ts';
import { sounds, audioFormat } from './testing/frames.ts';
import { recordFrames } from './testing/recordFrames.ts';
import { openWorkFolder } from './workFolder.ts';

let folder: string;
let database: Database;
let store: ObjectStore;
let recorder: Recorder;
let videos: Videos;
let options: KeepVideosOptions;

beforeEach(async () => {
  const clock = new ManualClock();
  folder = await mkdtemp(path.join(tmpdir(), 'lectern-videos-'));
  database = await openSqliteDatabase({ path: ':memory:' });
  store = await openFolderObjectStore(path.join(folder, 'objects'));
  recorder = await createRecorder({ database, store, clock, logger: silentLogger, config: recorderConfig.parse({}), dataFolder: folder });
  videos = new Videos(database, clock);
  options = { recorder, videos, store, clock, logger: silentLogger, titleOf: async () => 'Optics', ffmpegPath: 'no-ffmpeg', workFolder: await openWorkFolder(folder) };
});

afterEach(async () => {
  await recorder.close();
  await store.close();
  await database.close();
  await rm(folder, { recursive: true });
});

/** A lecture of six seconds, whose video heard of nothing but its beginning. */
async function recordedLecture({ isFinished }: { isFinished: boolean }): Promise<string> {
  const lecture = new FakeLecture(0);
  const recording = await recorder.attach(lecture);
  const { recordingId } = recording;
  await videos.recordingStarted({ recordingId, lectureId: lecture.lectureId, courseId: lecture.courseId, title: 'Optics' });
  const { frames } = lecture.publish('audio', 'program', audioFormat());
  await until('the tap', () => frames.isOpen);
  await recordFrames([{ tap: frames, frames: sounds({ fromMs: 0, durationMs: 6000 }) }]);
  if (isFinished) await recording.finish();
  return recordingId;
}

describe('videos after the process was killed', () => {
  it('hear of the end of their recording', async () => {
    const recordingId = await recordedLecture({ isFinished: true });
    await catchUpVideos(options);
    const video = await videos.ofRecording(recordingId);
    expect(video?.state).toBe('ready');
    expect(video?.durationSeconds).toBeCloseTo(6, 1);
  });

  it('stay live while their lecture goes on', async () => {
    const recordingId = await recordedLecture({ isFinished: false });
    await catchUpVideos(options);
    expect((await videos.ofRecording(recordingId))?.state).toBe('live');
  });

  it('are listed for a poster when they have none, and none while another is put in its place', async () => {
    const recordingId = await recordedLecture({ isFinished: true });
    await catchUpVideos(options);
    await videos.attachPoster(recordingId, { key: 'poster.jpg', bytes: 1, sha256: 'a' });
    expect(await videos.withoutPoster(10)).toEqual([]);
    await videos.detachPoster(recordingId);
    expect(await videos.withoutPoster(10)).toMatchObject([{ recordingId }]);
  });

  it('find nothing of a poster that was half made', async () => {
    const half = await openWorkFolder(folder);
    await rm(half, { recursive: true });
    await openFolderObjectStore(path.join(half, 'poster-1'));
    await openWorkFolder(folder);
    await expect(stat(path.join(half, 'poster-1'))).rejects.toThrow('ENOENT');
  });
});
