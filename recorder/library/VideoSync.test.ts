import { chmod, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { CodedError } from '#engine/contract';
import { InProcessBus, JobAdministration, JobQueue, JobWorker } from '#engine/kernel';
import type { Database } from '#engine/kernel';
import { ManualClock, openTestDatabase, silentLogger, until } from '#engine/testing';
import { VideoStore } from './index.ts';
import { recorderConfig } from '../config.ts';
import { createRecorder } from '../createRecorder.ts';
import type { LectureRecording, Recorder } from '../Recorder.ts';
import { openFolderObjectStore } from '../storage/FolderObjectStore.ts';
import { FaultyObjectStore } from '../storage/testing/FaultyObjectStore.ts';
import { FakeLecture } from '../testing/FakeLecture.ts';
import { audioFormat, videoFrames, audioFrames, videoFormat } from '../testing/frames.ts';
import { recordFrames } from '../testing/recordFrames.ts';
import { posterMaker } from './posterJobs.ts';
import { VideoSync, type RecordedVideo, type VideoSyncOptions } from './VideoSync.ts';
import { openWorkFolder } from './workFolder.ts';

let folder: string;
let database: Database;
let clock: ManualClock;
let store: FaultyObjectStore;
let recorder: Recorder;
let videos: VideoStore;
let syncs: VideoSync[];
let bus: InProcessBus;
let jobs: JobQueue;

beforeEach(async () => {
  // Where the lectures begin: the recorder shows the last frame of a video up to now.
  clock = new ManualClock(0);
  folder = await mkdtemp(path.join(tmpdir(), 'lectern-videos-'));
  database = await openTestDatabase();
  store = new FaultyObjectStore(await openFolderObjectStore(path.join(folder, 'objects')));
  recorder = await createRecorder({ database, store, clock, logger: silentLogger, config: recorderConfig.parse({}), dataFolder: folder });
  videos = new VideoStore(database);
  bus = new InProcessBus({ clock, logger: silentLogger });
  jobs = new JobQueue({ database, bus, clock });
  syncs = [];
  title = 'Optics';
});

afterEach(async () => {
  for (const sync of syncs) await sync.close();
  await recorder.close();
  await store.close();
  await database.close();
  await rm(folder, { recursive: true });
});

let title: string;

async function startSync(more: Partial<VideoSyncOptions> = {}): Promise<VideoSync> {
  const sync = new VideoSync({ recorder, videos, jobs, clock, logger: silentLogger, titleOf: async () => title, ...more });
  syncs.push(sync);
  return sync;
}

/** Makes posters with this ffmpeg. */
async function startWorker(ffmpegPath: string): Promise<JobWorker> {
  const worker = new JobWorker({ queue: jobs, bus, clock, logger: silentLogger, maxJobs: 1 });
  worker.handle(posterMaker({ recorder, videos, store, clock, logger: silentLogger, ffmpegPath, workFolder: await openWorkFolder(folder) }));
  await worker.start();
  return worker;
}

/** A live lecture of which six seconds are recorded. */
async function recordedLecture(): Promise<LectureRecording> {
  const lecture = new FakeLecture(0);
  const recording = await recorder.attach(lecture);
  const { frames } = lecture.publish('audio', 'program', { format: audioFormat() });
  await until('the tap', () => frames.isOpen);
  await recordFrames([{ tap: frames, frames: audioFrames({ fromMs: 0, durationMs: 6000 }) }]);
  return recording;
}

async function finishedLecture(): Promise<string> {
  const recording = await recordedLecture();
  await recording.finish();
  return recording.recordingId;
}

const stateOf = async (recordingId: string) => (await videos.ofRecording(recordingId))?.state;

/** Makes writes of the videos of these recordings, or of all, fail as on a full disk. */
function refuseVideos(ofThese: string[] | 'all' = 'all') {
  const follow = videos.sync.bind(videos);
  return vi.spyOn(videos, 'sync').mockImplementation(async (recording) => {
    if (ofThese === 'all' || ofThese.includes(recording.recordingId)) throw new CodedError('disk.full', 'The disk is full.');
    return follow(recording);
  });
}

describe('Videos', () => {
  it('exist from the start of a recording, and are ready at its end', async () => {
    await startSync();
    const recording = await recordedLecture();
    await until('the video', async () => (await stateOf(recording.recordingId)) === 'live');
    await recording.finish();
    await until('its end', async () => (await stateOf(recording.recordingId)) === 'ready');
    expect(await videos.ofRecording(recording.recordingId)).toMatchObject({ title: 'Optics', createdAt: '1970-01-01T00:00:00.000Z' });
  });

  it('are announced once they are ready, also when the first attempt fails', async () => {
    const announced: [string, unknown][] = [];
    const onReady = async ({ recordingId }: RecordedVideo) => {
      if (announced.push([recordingId, await stateOf(recordingId)]) === 1) throw new CodedError('database.unavailable', 'Not now.');
    };
    await startSync({ onReady });
    const recordingId = await finishedLecture();
    await until('both attempts', () => {
      clock.advance(10_000);
      return announced.length === 2;
    });
    expect(announced).toEqual([[recordingId, 'ready'], [recordingId, 'ready']]);
    await until('the mark', async () => (await recorder.journal.notShown()).length === 0);
  });

  it('have the new title of a lecture that is renamed while they are created', async () => {
    const sync = await startSync();
    const creating = Promise.withResolvers<void>();
    const create = videos.sync.bind(videos);
    const creation = vi.spyOn(videos, 'sync').mockImplementationOnce(async (recording) => {
      await creating.promise;
      return create(recording);
    });
    const { recordingId } = await recordedLecture();
    const { lectureId = '' } = (await recorder.journal.recording(recordingId)) ?? {};
    await until('the creation', () => creation.mock.calls.length > 0);
    title = 'Waves';
    const renamed = sync.rename(lectureId, title);
    creating.resolve();
    await renamed;
    expect(await videos.ofRecording(recordingId)).toMatchObject({ title: 'Waves' });
  });

  it('are written when the disk has space again, although it was full at every event', async () => {
    await startSync();
    const refusing = refuseVideos();
    const recording = await recordedLecture();
    await until('a refusal', () => refusing.mock.calls.length > 0);
    await recording.finish();
    expect(await videos.ofRecording(recording.recordingId)).toBeUndefined();
    refusing.mockRestore();
    await until('the video', async () => {
      clock.advance(5000);
      return (await stateOf(recording.recordingId)) === 'ready';
    });
  });

  it('do not stay live when only the write at their end was refused', async () => {
    await startSync();
    const recording = await recordedLecture();
    await until('the video', async () => (await stateOf(recording.recordingId)) === 'live');
    const refusing = refuseVideos();
    await recording.finish();
    await until('a refusal', () => refusing.mock.calls.length > 0);
    refusing.mockRestore();
    await until('its end', async () => {
      clock.advance(5000);
      return (await stateOf(recording.recordingId)) === 'ready';
    });
  });

  it('are retried with a pause, however many events there are', async () => {
    await startSync();
    const refusing = refuseVideos();
    const { recordingId } = await recordedLecture();
    await until('a refusal and the first retry', () => refusing.mock.calls.length >= 2);
    for (let more = 0; more < 5; more += 1) {
      const before = refusing.mock.calls.length;
      clock.advance(10_000);
      await until('another try', () => refusing.mock.calls.length > before);
      expect(refusing.mock.calls.length - before).toBeLessThanOrEqual(2);
    }
    expect(await videos.ofRecording(recordingId)).toBeUndefined();
  });
});

describe('Videos when the server stops', () => {
  it('leave no file of a poster behind, and do not wait long for a store that does not answer', async () => {
    const ffmpeg = path.join(folder, 'ffmpeg');
    // fluent-ffmpeg asks for its formats first.
    await writeFile(ffmpeg, '#!/bin/sh\nfor last; do :; done\ncase "$last" in /*) echo image > "$last";; *) echo " DE image2 x";; esac\n');
    await chmod(ffmpeg, 0o755);
    store.isStalled = (key) => key.endsWith('poster.jpg');
    await startSync();
    const worker = await startWorker(ffmpeg);
    const lecture = new FakeLecture(0);
    await recorder.attach(lecture);
    const { frames } = lecture.publish('video', 'camera', { format: videoFormat() });
    await until('the tap', () => frames.isOpen);
    await recordFrames([{ tap: frames, frames: videoFrames({ fromMs: 0, durationMs: 6000 }) }]);
    await until('the upload of the poster', () => {
      clock.advance(1000);
      return store.stalledKeys.length > 0;
    });
    expect(await readdir(path.join(folder, 'work'))).toEqual([]);
    let isClosed = false;
    const closed = worker.close().then(() => (isClosed = true));
    await until('the end', () => {
      clock.advance(1000);
      return isClosed;
    });
    await closed;
    store.release();
  });
});

describe('The poster of a video', () => {
  it('is a job while there is video, and one that failed is a dead letter that an administrator can resend', async () => {
    await startSync();
    const administration = new JobAdministration({ database, bus, clock });
    const ffmpeg = path.join(folder, 'ffmpeg');
    await writeFile(ffmpeg, '#!/bin/sh\nexit 1\n');
    await chmod(ffmpeg, 0o755);
    const worker = await startWorker(ffmpeg);
    const lecture = new FakeLecture(0);
    const recording = await recorder.attach(lecture);
    const { frames } = lecture.publish('video', 'camera', { format: videoFormat() });
    await until('the tap', () => frames.isOpen);
    await recordFrames([{ tap: frames, frames: videoFrames({ fromMs: 0, durationMs: 6000 }) }]);
    await recording.finish();
    const dead = await until('the dead letter', async () => {
      // Only while nothing runs: a lease must not expire.
      if ((await administration.counts()).delayed > 0) clock.advance(1000);
      return (await administration.list('dead')).jobs[0];
    });
    expect(dead).toMatchObject({ kind: 'video.poster', key: recording.recordingId, attempts: 3 });
    expect(await administration.resend(dead._id)).toMatchObject({ state: 'waiting' });
    await worker.close();
  });
});

describe('Videos after a crash', () => {
  it('are ready when their recording has finished, also when they did not exist before', async () => {
    const recordingId = await finishedLecture();
    await (await startSync()).catchUp();
    const video = await videos.ofRecording(recordingId);
    expect(video?.state).toBe('ready');
    expect(video?.durationSeconds).toBeCloseTo(6, 1);
  });

  it('are live while their lecture continues', async () => {
    const { recordingId } = await recordedLecture();
    await (await startSync()).catchUp();
    expect(await stateOf(recordingId)).toBe('live');
  });

  it('are not written when they are up to date', async () => {
    await finishedLecture();
    await (await startSync()).catchUp();
    const syncing = vi.spyOn(videos, 'sync');
    await (await startSync()).catchUp();
    expect(syncing).not.toHaveBeenCalled();
  });

  it('are not read one by one when none is missing', async () => {
    const recordingIds = [await finishedLecture(), await finishedLecture()];
    const before = await startSync();
    await before.catchUp();
    for (const recordingId of recordingIds) await videos.attachPoster(recordingId, { key: 'poster.jpg', bytes: 1, sha256: 'a' });
    await before.close();
    const reading = [vi.spyOn(videos, 'ofRecording'), vi.spyOn(recorder.journal, 'all')];
    await (await startSync()).catchUp();
    for (const read of reading) expect(read).not.toHaveBeenCalled();
  });

  it('do not wait for one that the database refuses, which is written later', async () => {
    const [refused, taken] = [await finishedLecture(), await finishedLecture()];
    const refusing = refuseVideos([refused]);
    await (await startSync()).catchUp();
    expect([await stateOf(refused), await stateOf(taken)]).toEqual([undefined, 'ready']);
    refusing.mockRestore();
    await until('the other', async () => {
      clock.advance(5000);
      return (await stateOf(refused)) === 'ready';
    });
  });

  it('are listed as without a poster before one is attached and after it is detached', async () => {
    const recordingId = await finishedLecture();
    await (await startSync()).catchUp();
    await videos.attachPoster(recordingId, { key: 'poster.jpg', bytes: 1, sha256: 'a' });
    expect(await videos.withoutPoster(10)).toEqual([]);
    await videos.detachPoster(recordingId);
    expect(await videos.withoutPoster(10)).toMatchObject([{ recordingId }]);
  });

  it('find no files of a poster that was in progress', async () => {
    const half = await openWorkFolder(folder);
    await rm(half, { recursive: true });
    await openFolderObjectStore(path.join(half, 'poster-1'));
    await openWorkFolder(folder);
    await expect(stat(path.join(half, 'poster-1'))).rejects.toThrow('ENOENT');
  });
});
