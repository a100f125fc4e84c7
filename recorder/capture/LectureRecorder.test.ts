import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CodedError } from '#engine/contract';
import { toInstant } from '#engine/kernel';
import type { Database } from '#engine/kernel';
import { ManualClock, openTestDatabase, silentLogger, until } from '#engine/testing';
import { Journal } from '../journal/Journal.ts';
import { FakeLecture, FakePublication } from '../testing/FakeLecture.ts';
import { FaultySpool } from '../testing/FaultySpool.ts';
import { audioFormat, audioFrames, videoFormat, videoFrames } from '../testing/frames.ts';
import { recordFrames } from '../testing/recordFrames.ts';
import { LectureRecorder } from './LectureRecorder.ts';

let folder: string;
let database: Database;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'lectern-lecture-'));
  database = await openTestDatabase();
});
afterEach(async () => {
  await database.close();
  await rm(folder, { recursive: true });
});

async function newRecorder(queueLimitBytes = 1e6, nowMs?: number) {
  const spool = new FaultySpool(path.join(folder, 'spool'));
  const clock = new ManualClock(nowMs);
  const journal = new Journal(database);
  const lecture = new FakeLecture(0);
  const { lectureId, courseId } = lecture;
  const recording = await journal.openRecording({ lectureId, courseId, startedAt: toInstant(0) });
  const own = { lecture, recording, spool, clock, logger: silentLogger };
  const recorder = new LectureRecorder({ ...own, targetSegmentMs: 2000, queueLimitBytes, onWritten: () => undefined }, { segments: [], inits: [] });
  return { clock, journal, lecture, recorder, spool };
}

describe('The recorder of a lecture', () => {
  it('writes the frames in flight when the lecture ends, and does not wait for ever for a tap that never ends', async () => {
    const { lecture, journal, recorder, clock } = await newRecorder();
    const [audio, video] = [lecture.publish('audio', 'program', { format: audioFormat() }), lecture.publish('video', 'program', { format: videoFormat() })];
    await until('the taps', () => audio.frames.isOpen && video.frames.isOpen);
    const [first, ...later] = audioFrames({ fromMs: 0, durationMs: 4000 });
    if (first) audio.frames.frame(first);
    for (const frame of later) audio.frames.holdBack(frame);
    video.frames.ignoreEnd();
    const finished = recorder.finish();
    await until('its end', async () => {
      clock.advance(500);
      return Promise.race([finished.then(() => true), new Promise<false>((resolve) => setImmediate(resolve, false))]);
    });
    const last = (await journal.segmentsOf(recorder.recordingId, 'main-audio')).at(-1);
    expect((last?.startMs ?? 0) + (last?.durationMs ?? 0)).toBeGreaterThan(3900);
  });

  it('records another microphone while the newest one is muted', async () => {
    const { lecture, recorder } = await newRecorder();
    const first = lecture.publish('audio', 'microphone', { format: audioFormat() });
    const second = lecture.publish('audio', 'microphone', { format: audioFormat() });
    await until('the newest', () => second.frames.isOpen);
    lecture.setPaused(second, true);
    await until('the other', () => first.frames.isOpen && !second.frames.isOpen);
    lecture.setPaused(second, false);
    await until('the newest again', () => second.frames.isOpen && !first.frames.isOpen);
    recorder.close();
  });

  it('reports a track that it cannot read, tries again, and records it when it can', async () => {
    const { clock, lecture, recorder } = await newRecorder();
    const { frames } = lecture.publish('video', 'camera', { format: videoFormat() });
    await until('the tap', () => frames.isOpen);
    const microphone = new FakePublication('audio', 'microphone', { format: audioFormat() });
    microphone.frames.failure = new CodedError('request.invalid', 'The track cannot be tapped');
    lecture.add(microphone);
    await until('two failures', () => {
      clock.advance(500);
      return microphone.frames.failures > 2;
    });
    expect(lecture.states.at(-1)).toBe('failing');
    expect(lecture.notes.at(-1)).toEqual({ disk: null, diskMinutesLeft: null, upload: null, unreadable: ['audio'] });
    microphone.frames.failure = undefined;
    await until('the tap of the microphone', () => {
      clock.advance(500);
      return microphone.frames.isOpen;
    });
    expect([lecture.states.at(-1), lecture.notes.at(-1)]).toEqual(['recording', null]);
    await recorder.finish();
  });

  it('asks the source for a frame after the clock has jumped, and records no hour of the last one', async () => {
    const { lecture, journal, recorder, clock } = await newRecorder(1e6, 0);
    const { frames } = lecture.publish('video', 'screen', { format: videoFormat() });
    await until('the tap', () => frames.isOpen);
    for (const frame of videoFrames({ fromMs: 0, durationMs: 1000, frameRate: 1 })) frames.frame(frame);
    clock.advance(20_000);
    expect(frames.keyframeRequests).toBe(0);
    clock.standStill(3_600_000);
    expect(frames.keyframeRequests).toBe(1);
    await recorder.finish();
    expect(await journal.endMs(recorder.recordingId)).toBeLessThan(30_000);
  });

  it('reports that the disk is too slow while it drops frames, and that it records when the queue has room again', async () => {
    const { lecture, recorder, spool } = await newRecorder(1000);
    spool.isStalled = true;
    const { frames } = lecture.publish('audio', 'program', { format: audioFormat() });
    await until('the tap', () => frames.isOpen);
    await recordFrames([{ tap: frames, frames: audioFrames({ fromMs: 0, durationMs: 20_000 }) }]);
    expect(lecture.states).toEqual(['recording', 'failing']);
    expect(lecture.notes.at(-1)).toEqual({ disk: 'tooSlow', diskMinutesLeft: null, upload: null, unreadable: [] });

    spool.release();
    await until('room', () => lecture.states.at(-1) === 'recording');
    expect(lecture.notes.at(-1)).toBeNull();
    await recorder.finish();
  });
});
