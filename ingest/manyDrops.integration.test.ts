import { execFile } from 'node:child_process';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { LectureRegistry } from '#engine';
import { CourseId, UserId } from '#engine/contract';
import type { LectureId } from '#engine/contract';
import { newId, openSqliteDatabase } from '#engine/kernel';
import type { Database } from '#engine/kernel';
import type { FlvTag } from '#engine/media';
import { FakeMediaPlane, ManualClock, silentLogger, until } from '#engine/testing';
import { createRecorder, openObjectStore, recorderConfig, recordLiveLectures, storageConfig } from '#recorder';
import type { ObjectStore, Recorder } from '#recorder';
import { FlvMediaReader } from './rtmp/FlvMediaReader.ts';
import { IngestSession } from './session/IngestSession.ts';
import { engineLectures } from './engineLectures.ts';
import { rtmpDeadlines } from './limits.ts';
import { readFlvFile } from './testing/index.ts';

const run = promisify(execFile);
/** Cut connections and stopped encoders, with short and long gaps, in an arbitrary order. */
const drops = [240, 1, 4, 17, 96, 5, 180, 2, 11, 60, 4, 133, 8, 29, 2, 75, 210, 6, 41, 120].map((gapSeconds, index) => ({ gapSeconds, isCut: index % 5 !== 1 && index % 5 !== 3 }));
const stepMs = 100;
const clipSeconds = 20;
const framesPerSecond = 5;

let clips: string;
let clip: readonly FlvTag[];
let idleFfmpeg: string;
let folder: string;
let clock: ManualClock;
let database: Database;
let store: ObjectStore;
let registry: LectureRegistry;
let recorder: Recorder;

beforeAll(async () => {
  clips = await mkdtemp(path.join(tmpdir(), 'lectern-clips-'));
  const [file, script] = [path.join(clips, 'clip.flv'), path.join(clips, 'ffmpeg')];
  const sources = ['-f', 'lavfi', '-i', `testsrc2=s=160x90:r=${framesPerSecond}`, '-f', 'lavfi', '-i', 'sine=440:r=48000', '-t', String(clipSeconds)];
  await run('ffmpeg', ['-v', 'error', ...sources, '-c:v', 'libx264', '-preset', 'ultrafast', '-bf', '0', '-g', '40', '-keyint_min', '40', '-sc_threshold', '0', '-pix_fmt', 'yuv420p', '-c:a', 'aac', '-ac', '2', '-f', 'flv', file]);
  clip = (await readFlvFile(file)).filter(({ kind }) => kind === 'video' || kind === 'audio');
  // The WebRTC feed is not tested here.
  await writeFile((idleFfmpeg = script), '#!/bin/sh\nexec cat\n');
  await chmod(script, 0o755);
});
afterAll(() => rm(clips, { recursive: true }));

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'lectern-drops-'));
  clock = new ManualClock();
  database = await openSqliteDatabase({ path: ':memory:' });
  store = await openObjectStore(storageConfig.parse({}), folder, { clock, logger: silentLogger });
  registry = LectureRegistry.create({ database, plane: new FakeMediaPlane(), clock, logger: silentLogger, graceMs: 300_000 });
  recorder = await createRecorder({ database, store, clock, logger: silentLogger, config: recorderConfig.parse({}), dataFolder: folder });
  recordLiveLectures({ registry, recorder, clock, logger: silentLogger });
});
afterEach(async () => {
  await registry.close();
  await recorder.close();
  await store.close();
  await database.close();
  await rm(folder, { recursive: true, maxRetries: 5, retryDelay: 200 });
});

async function startLecture(): Promise<{ lectureId: LectureId; courseId: CourseId }> {
  const courseId = CourseId.parse(newId('crs'));
  const row = await registry.schedule({ courseId, createdBy: UserId.parse(newId('usr')), title: 'Optics', scheduledAt: null, durationMinutes: null, isRecorded: true });
  const lecture = await registry.start(row._id as LectureId);
  return { lectureId: lecture.id, courseId };
}

/** A connection of an encoder that sends the clip from its start, by the manual clock. */
class Connection {
  readonly session: IngestSession;
  readonly startedAtMs = clock.nowMs();
  lastPacketAtMs = clock.nowMs();
  videoFrames = 0;
  readonly #reader: FlvMediaReader;
  #sent = 0;

  private constructor(session: IngestSession) {
    this.session = session;
    this.#reader = new FlvMediaReader(clock, session);
  }

  static async open(courseId: CourseId): Promise<Connection> {
    const lecture = await engineLectures(registry).openForIngest(courseId);
    return new Connection(new IngestSession({ courseId, lecture, origin: { protocol: 'rtmp', displayName: 'Encoder' }, ffmpegCommand: idleFfmpeg, clock, logger: silentLogger, onEnded: () => undefined }));
  }

  /** Sends the first `seconds` of the clip. */
  async sendUntil(seconds: number): Promise<void> {
    while (clock.nowMs() - this.startedAtMs < seconds * 1000) {
      await pass(stepMs);
      this.sendDueTags();
    }
  }

  sendDueTags(): void {
    for (let tag = clip[this.#sent]; tag && tag.timestampMs <= clock.nowMs() - this.startedAtMs; tag = clip[(this.#sent += 1)]) {
      this.#reader.packet({ kind: tag.kind as 'video' | 'audio', timestampMs: tag.timestampMs, body: tag.body });
      this.lastPacketAtMs = clock.nowMs();
      if (tag.kind === 'video' && tag.body[1] === 1) this.videoFrames += 1;
    }
  }
}

async function pass(ms: number): Promise<void> {
  for (let passedMs = 0; passedMs < ms; passedMs += stepMs) {
    clock.advance(Math.min(stepMs, ms - passedMs));
    await new Promise((resolve) => setImmediate(resolve));
  }
}

const stateOf = (lectureId: LectureId) => registry.live(lectureId)?.view.state;

async function finished(lectureId: LectureId) {
  await registry.end(lectureId, 'presenter');
  const row = await until('the recording to be finished', async () => (await recorder.journal.all()).find((one) => one.lectureId === lectureId && one.state === 'finished'), 30_000);
  const segments = await recorder.recordings.segments(row._id);
  const videoSegments = segments.filter((segment) => segment.track === 'main-video' && !segment.isFiller);
  return { row, segments, stretches: await recorder.recordings.presence(row._id, 'main-video'), videoFrames: videoSegments.reduce((sum, { frameCount }) => sum + frameCount, 0) };
}

it('records one lecture whose encoder drops twenty times within an hour, for up to 240 s', async () => {
  const { lectureId, courseId } = await startLecture();
  let connection = await Connection.open(courseId);
  let videoFrames = 0;
  const gaps: number[] = [];
  for (const { isCut, gapSeconds } of drops) {
    await connection.sendUntil(clipSeconds - 1);
    expect(stateOf(lectureId)).toBe('live');
    videoFrames += connection.videoFrames;
    const before = connection;
    if (!isCut) before.session.end('disconnected');
    await pass(Math.min(gapSeconds * 1000, 3500));
    if (!isCut || gapSeconds > 3) expect(stateOf(lectureId), `${isCut ? 'cut' : 'stopped'}, ${gapSeconds} s`).toBe('interrupted');
    if (gapSeconds * 1000 > rtmpDeadlines.idleMs) {
      await pass(rtmpDeadlines.idleMs - 3500);
      before.session.end('disconnected');
    }
    await pass(Math.max(0, before.lastPacketAtMs + gapSeconds * 1000 - clock.nowMs()));
    before.session.end('replaced');
    connection = await Connection.open(courseId);
    gaps.push((clock.nowMs() - before.lastPacketAtMs) / 1000);
  }
  await connection.sendUntil(clipSeconds - 1);
  videoFrames += connection.videoFrames;
  connection.session.end('disconnected');
  const recording = await finished(lectureId);

  // The last frame is shown for 3 s before the video is black.
  const shown = recording.stretches.slice(1).map(({ startMs }, index) => (startMs - (recording.stretches[index]?.endMs ?? 0)) / 1000);
  const expected = gaps.filter((seconds) => seconds > 3);
  expect(shown).toHaveLength(expected.length);
  for (const [index, seconds] of expected.entries()) expect(Math.abs((shown[index] ?? 0) - seconds)).toBeLessThan(2);
  // The first frame of each connection may be shown a moment early.
  expect(Math.abs(recording.videoFrames - videoFrames)).toBeLessThanOrEqual(drops.length + 1);
  expect(recording.row.timelineEndMs).toBeGreaterThan(20 * (clipSeconds - 1) * 1000 + gaps.reduce((sum, seconds) => sum + seconds, 0) * 1000);
  const playlists = await Promise.all(['main-video', 'main-audio'].map((track) => recorder.recordings.playlist(recording.row._id, `${track}.m3u8`)));
  const counts = playlists.map((playlist) => playlist?.text.split('#EXT-X-DISCONTINUITY\n').length);
  expect(counts[0]).toBe(counts[1]);
  for (const track of ['main-video', 'main-audio']) {
    const of = recording.segments.filter((segment) => segment.track === track);
    expect(of.filter((segment, index) => segment.startMs < (of[index - 1]?.startMs ?? -1) + (of[index - 1]?.durationMs ?? 0) - 0.1)).toEqual([]);
  }
}, 120_000);

it('records frames that a stalled network delivers late at their capture times, and interrupts the lecture meanwhile', async () => {
  const { lectureId, courseId } = await startLecture();
  const connection = await Connection.open(courseId);
  await connection.sendUntil(5);
  expect(stateOf(lectureId)).toBe('live');
  await pass(7000);
  expect(stateOf(lectureId)).toBe('interrupted');
  connection.sendDueTags();
  expect(stateOf(lectureId)).toBe('live');
  await connection.sendUntil(clipSeconds - 1);
  connection.session.end('disconnected');
  const { stretches, videoFrames } = await finished(lectureId);
  expect(stretches).toHaveLength(1);
  expect(Math.abs(videoFrames - connection.videoFrames)).toBeLessThanOrEqual(1);
});
