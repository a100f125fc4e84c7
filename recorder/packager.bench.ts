import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { openSqliteDatabase, systemClock } from '#engine/kernel';
import type { EncodedFrame } from '#engine/media';
import { bench, silentLogger, until } from '#engine/testing';
import type { BenchReport } from '#engine/testing';
import { buildSegment } from './capture/buildSegment.ts';
import { recorderConfig } from './config.ts';
import { createRecorder } from './createRecorder.ts';
import { GroupSegmenter } from './hls/segmenting/GroupSegmenter.ts';
import { openFolderObjectStore } from './storage/FolderObjectStore.ts';
import { encodeProgram, interleaved, shifted } from './testing/encodedMedia.ts';
import type { Program } from './testing/encodedMedia.ts';
import { FakeLecture } from './testing/FakeLecture.ts';
import { audioFormat, videoFrames, audioFrames, videoFormat } from './testing/frames.ts';

const runs = 5;
const programSeconds = 60;
const segmentedSeconds = 600;
const recordedSeconds = 120;
const longLectureHours = 2;
const endings = 3;

/** A program in a loop, of the given length. */
function* looped(program: Program, seconds: number): Generator<{ tag: 'main-video' | 'main-audio'; frame: EncodedFrame }> {
  for (let atMs = 0; atMs < seconds * 1000; atMs += programSeconds * 1000) {
    yield* interleaved([
      { tag: 'main-video' as const, frames: shifted(program.video.frames, atMs) },
      { tag: 'main-audio' as const, frames: shifted(program.audio.frames, atMs) },
    ]);
  }
}

/** From frames to hashed segments with rows, in memory. */
function segmentsPerSecond(program: Program): number {
  const place = { recordingId: 'rec_00000000000000000000', zeroMs: 0, writtenAt: '2030-01-01T00:00:00.000Z' };
  let segments = 0;
  const segmenter = new GroupSegmenter({
    tracks: ['main-video', 'main-audio'],
    zeroUs: 0,
    targetSegmentMs: 2000,
    onSegment: (segment) => void buildSegment(segment, (segments += 1), place),
    onEpochs: () => undefined,
  });
  segmenter.format('main-video', program.video.format, true);
  segmenter.format('main-audio', program.audio.format, true);
  const startedAt = performance.now();
  for (const { tag, frame } of looped(program, segmentedSeconds)) segmenter.frame(tag, frame);
  segmenter.finish();
  return segments / ((performance.now() - startedAt) / 1000);
}

async function withRecorder<T>(use: (parts: { recorder: Awaited<ReturnType<typeof createRecorder>>; lecture: FakeLecture; startedAtMs: number }) => Promise<T>, hours = 1): Promise<T> {
  const folder = await mkdtemp(path.join(tmpdir(), 'lectern-bench-'));
  const database = await openSqliteDatabase({ path: path.join(folder, 'lectern.db') });
  const store = await openFolderObjectStore(path.join(folder, 'objects'));
  const config = recorderConfig.parse({ LECTERN_RECORDING_MEMORY_MB: 2048 });
  const recorder = await createRecorder({ database, store, clock: systemClock, logger: silentLogger, config, dataFolder: folder });
  const startedAtMs = Math.floor(systemClock.nowMs()) - hours * 3_600_000;
  try {
    return await use({ recorder, lecture: new FakeLecture(startedAtMs), startedAtMs });
  } finally {
    await recorder.close();
    await store.close();
    await database.close();
    await rm(folder, { recursive: true });
  }
}

/** From frames to files that are synced, journaled and stored in a folder. */
function record(program: Program): Promise<number> {
  return withRecorder(async ({ recorder, lecture, startedAtMs }) => {
    const recording = await recorder.attach(lecture);
    const taps = { 'main-video': lecture.publish('video', 'program', { format: program.video.format }).frames, 'main-audio': lecture.publish('audio', 'program', { format: program.audio.format }).frames };
    const startedAt = performance.now();
    let count = 0;
    for (const { tag, frame } of looped(program, recordedSeconds)) {
      taps[tag].frame({ ...frame, decodeTimeUs: frame.decodeTimeUs + startedAtMs * 1000, presentationTimeUs: frame.presentationTimeUs + startedAtMs * 1000 });
      count += 1;
      if (count % 500 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    await recording.finish();
    const segments = await recorder.recordings.segments(recording.recordingId);
    return segments.length / ((performance.now() - startedAt) / 1000);
  });
}

/** From the end of a long lecture to its finished playlists. */
function endLong(report: BenchReport): Promise<number> {
  return withRecorder(async ({ recorder, lecture, startedAtMs }) => {
    const recording = await recorder.attach(lecture);
    const video = lecture.publish('video', 'program', { format: videoFormat() }).frames;
    const audio = lecture.publish('audio', 'program', { format: audioFormat() }).frames;
    const stepMs = 60_000;
    for (let atMs = 0; atMs < longLectureHours * 3_600_000; atMs += stepMs) {
      const span = { fromMs: startedAtMs + atMs, durationMs: stepMs };
      for (const { tag, frame } of interleaved([{ tag: video, frames: videoFrames({ ...span, frameRate: 10 }) }, { tag: audio, frames: audioFrames(span) }])) tag.frame(frame);
      const wanted = Math.max(0, (atMs / 2000 - 5) * 2);
      await until('the segments', async () => (await recorder.recordings.segments(recording.recordingId)).length >= wanted, 60_000);
    }
    report.say(`${longLectureHours} hours recorded`);
    const endedAt = performance.now();
    await recording.finish();
    for (const name of ['main.m3u8', 'main-video.m3u8', 'main-audio.m3u8']) {
      const playlist = await recorder.recordings.playlist(recording.recordingId, name);
      if (playlist && name !== 'main.m3u8' && !playlist.text.includes('#EXT-X-ENDLIST')) throw new Error(`${name} has not ended`);
    }
    return performance.now() - endedAt;
  }, longLectureHours + 1);
}

await bench('recording', async (report) => {
  const folder = await mkdtemp(path.join(tmpdir(), 'lectern-bench-'));
  const program = await encodeProgram({ folder, name: 'program', seconds: programSeconds, size: '1280x720', bFrames: 0, keyframeEveryFrames: 30 });
  await rm(folder, { recursive: true });
  report.say('segmenting in memory');
  report.figure({ name: 'segmenting 720p30 with audio on one core', note: '2 s segments, boxes and SHA-256', unit: 'segments/s', samples: Array.from({ length: runs }, () => segmentsPerSecond(program)) });
  report.say('recording to the disk');
  const recorded: number[] = [];
  for (let run = 0; run < runs; run += 1) recorded.push(await record(program));
  report.figure({ name: 'the same, written, journaled and stored', note: 'one recording, synced before it is journaled', unit: 'segments/s', samples: recorded });
  const ended: number[] = [];
  for (let ending = 1; ending <= endings; ending += 1) ended.push(await endLong(report));
  report.figure({ name: `end to finished playlists after ${longLectureHours} hours`, unit: 'ms', samples: ended, target: { of: 'p95', is: 'atMost', limit: 1000 } });
});
