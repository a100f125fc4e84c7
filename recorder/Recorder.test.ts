import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { newId, toInstant } from '#engine/kernel';
import type { Database } from '#engine/kernel';
import { ManualClock, openTestDatabase, silentLogger, until } from '#engine/testing';
import { SegmentWriter } from './capture/SegmentWriter.ts';
import { recorderConfig } from './config.ts';
import { Journal } from './journal/Journal.ts';
import type { RecordingTrack } from './journal/rows.ts';
import { Recorder } from './Recorder.ts';
import { openFolderObjectStore } from './storage/FolderObjectStore.ts';
import type { ObjectStore } from './storage/ObjectStore.ts';
import { videoSegment, audioSegment } from './testing/completeSegments.ts';
import { FakeLecture } from './testing/FakeLecture.ts';
import { FaultySpool } from './testing/FaultySpool.ts';
import { audioFormat, videoFrames, audioFrames, videoFormat } from './testing/frames.ts';
import { recordFrames } from './testing/recordFrames.ts';

let folder: string;
let database: Database;
let store: ObjectStore;
let journal: Journal;
let clock: ManualClock;
let spool: FaultySpool;
let recorders: Recorder[];

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'lectern-recorder-'));
  database = await openTestDatabase();
  store = await openFolderObjectStore(path.join(folder, 'objects'));
  journal = new Journal(database);
  clock = new ManualClock(0);
  spool = new FaultySpool(path.join(folder, 'spool'));
  recorders = [];
});
afterEach(async () => {
  spool.failure = undefined;
  for (const recorder of recorders) await timePassing(recorder.close());
  await store.close();
  await database.close();
  await rm(folder, { recursive: true });
});

function newRecorder(): Recorder {
  const options = { database, store, clock, logger: silentLogger, config: recorderConfig.parse({}), spoolFolder: path.join(folder, 'spool') };
  const recorder = new Recorder(options, { journal, spool });
  recorders.push(recorder);
  return recorder;
}

/** Moves the clock until the promise settles; returns how long that took by the clock. */
async function timePassing(work: Promise<void>): Promise<number> {
  const fromMs = clock.nowMs();
  let isDone = false;
  void work.finally(() => (isDone = true));
  await until('the end', () => {
    if (!isDone) clock.advance(250);
    return isDone;
  });
  return clock.nowMs() - fromMs;
}

async function stateOf(recordingId: string) {
  return (await journal.recording(recordingId))?.state;
}

async function untilFinished(recordingId: string): Promise<void> {
  await until('a finished recording', async () => {
    clock.advance(1000);
    return (await stateOf(recordingId)) === 'finished';
  });
}

async function epochsOf(recordingId: string, track: RecordingTrack): Promise<number[]> {
  return [...new Set((await journal.segmentsOf(recordingId, track)).map(({ epoch }) => epoch))];
}

/** A recording as a crash may leave it: the audio is one epoch ahead of the video. */
async function recordingOutOfSync(): Promise<string> {
  const recording = await journal.openRecording({ lectureId: newId('lec'), courseId: newId('crs'), startedAt: toInstant(0) });
  const nothing = () => undefined;
  const resume = { sequences: new Map(), initEpochs: new Map() };
  const writer = new SegmentWriter({ recording, zeroMs: 0, spool, clock, logger: silentLogger, queueLimitBytes: 1e6, resume, onWritten: nothing, onTrouble: nothing, onBackpressure: nothing });
  writer.addSegment(videoSegment(0));
  writer.addSegment(audioSegment(0));
  writer.setEpochs('main', [{ epoch: 0, startMs: 0 }, { epoch: 1, startMs: 2000 }]);
  writer.addSegment({ ...audioSegment(1), epoch: 1 });
  await writer.drained();
  return recording.recordingId;
}

it('reports a spool that cannot be written, with the reason', async () => {
  const recorder = newRecorder();
  await recorder.requireSpool();
  for (const [failure, problem] of [['ENOSPC', 'the disk is full'], ['EROFS', 'the disk is read-only'], ['EIO', 'the disk is broken']] as const) {
    spool.failure = failure;
    await expect(recorder.requireSpool()).rejects.toMatchObject({ code: 'server.busy', message: expect.stringContaining(problem) as string });
  }
});

describe('A recording whose lecture has ended while the disk refuses segments', () => {
  it('does not delay the start, and is finished only when the tracks of a crash are in sync', async () => {
    const ids = [await recordingOutOfSync(), await recordingOutOfSync()];
    spool.failure = 'ENOSPC';
    expect(await timePassing(newRecorder().finishAbandoned())).toBeLessThan(5000);
    for (const later = clock.nowMs() + 30_000; clock.nowMs() < later; clock.advance(1000)) await new Promise((resolve) => setImmediate(resolve));
    for (const id of ids) expect(await stateOf(id)).toBe('recording');

    spool.failure = undefined;
    for (const id of ids) {
      await untilFinished(id);
      expect(await epochsOf(id, 'main-video')).toEqual([0, 1, 2]);
      expect(await epochsOf(id, 'main-audio')).toEqual([0, 1, 2]);
    }
  });

  it('is written by one recorder at a time when its lecture continues', async () => {
    const id = await recordingOutOfSync();
    const { lectureId = '', courseId = '' } = (await journal.recording(id)) ?? {};
    spool.failure = 'ENOSPC';
    const recorder = newRecorder();
    await timePassing(recorder.finishAbandoned());
    const lecture = Object.assign(new FakeLecture(0, lectureId), { courseId });
    const { frames } = lecture.publish('audio', 'microphone', { format: audioFormat() });
    const attached = recorder.attach(lecture);
    await until('another refusal', () => {
      clock.advance(1000);
      return spool.failures > 2;
    });
    await recordFrames([{ tap: frames, frames: audioFrames({ fromMs: 10_000, durationMs: 10_000 }) }]);

    spool.failure = undefined;
    await until('the recording to continue', () => {
      clock.advance(1000);
      return frames.isOpen;
    });
    await recordFrames([{ tap: frames, frames: audioFrames({ fromMs: 20_000, durationMs: 10_000 }) }]);
    const recording = await attached;
    expect(await stateOf(id)).toBe('recording');
    await timePassing(recording.finish());
    expect(await stateOf(id)).toBe('finished');
    for (const track of ['main-video', 'main-audio'] as const) {
      const sequences = (await journal.segmentsOf(id, track)).map(({ sequence }) => sequence);
      expect(sequences).toEqual(sequences.map((_, index) => index));
    }
  });

  it('is left to the next start when the server stops', async () => {
    const id = await recordingOutOfSync();
    spool.failure = 'ENOSPC';
    const first = newRecorder();
    await timePassing(first.finishAbandoned());
    await timePassing(first.close());
    expect(await stateOf(id)).toBe('recording');

    spool.failure = undefined;
    await newRecorder().finishAbandoned();
    await untilFinished(id);
    expect(await epochsOf(id, 'main-video')).toEqual([0, 1, 2]);
    expect(await epochsOf(id, 'main-audio')).toEqual([0, 1, 2]);
  });

  it('is left to the next start when the server stops after it has recorded the lecture itself', async () => {
    const first = newRecorder();
    const lecture = new FakeLecture(0);
    const recording = await first.attach(lecture);
    const [video, audio] = [lecture.publish('video', 'camera', { format: videoFormat() }), lecture.publish('audio', 'microphone', { format: audioFormat() })];
    await until('the taps', () => video.frames.isOpen && audio.frames.isOpen);
    await recordFrames([
      { tap: video.frames, frames: videoFrames({ fromMs: 0, durationMs: 10_000 }) },
      { tap: audio.frames, frames: audioFrames({ fromMs: 0, durationMs: 30_000 }) },
    ]);
    spool.failure = 'ENOSPC';
    const finished = recording.finish();
    await until('a refusal', () => spool.failures > 0);
    await timePassing(first.close());
    await finished;
    expect(await stateOf(recording.recordingId)).toBe('recording');
    expect(lecture.states).not.toContain('finished');

    spool.failure = undefined;
    await newRecorder().finishAbandoned();
    await untilFinished(recording.recordingId);
    expect(await epochsOf(recording.recordingId, 'main-video')).toEqual(await epochsOf(recording.recordingId, 'main-audio'));
  });
});
