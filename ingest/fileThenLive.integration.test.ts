import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { LectureRegistry } from '#engine';
import { CourseId, LectureId, UserId } from '#engine/contract';
import { newId, systemClock } from '#engine/kernel';
import { FakeMediaPlane, openTestDatabase, silentLogger, until } from '#engine/testing';
import { createRecorder, openObjectStore, recorderConfig, recordLiveLectures, storageConfig } from '#recorder';
import { ingestConfig } from './config.ts';
import { createIngest } from './createIngest.ts';
import { engineLectures } from './engineLectures.ts';
import { maxAheadMs } from './limits.ts';
import { advisedVideo, obsAudio, pushWithFfmpeg } from './testing/index.ts';

const fileSeconds = 600;
const liveSeconds = 6;
const liveFrames = liveSeconds * 30;

let folder: string;
const file = () => path.join(folder, 'lecture.mp4');

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'lectern-file-'));
  const sources = ['-f', 'lavfi', '-i', 'color=s=160x90:r=5', '-f', 'lavfi', '-i', 'anullsrc=r=48000', '-t', String(fileSeconds)];
  await promisify(execFile)('ffmpeg', ['-v', 'error', ...sources, '-c:v', 'libx264', '-preset', 'ultrafast', '-bf', '0', '-g', '10', '-pix_fmt', 'yuv420p', '-c:a', 'aac', '-ac', '2', file()]);
});
afterAll(() => rm(folder, { recursive: true, maxRetries: 5, retryDelay: 200 }));

it('records a live encoder that takes over from a file which is pushed faster than real time', async () => {
  const database = await openTestDatabase();
  const [clock, logger] = [systemClock, silentLogger];
  const store = await openObjectStore(storageConfig.parse({}), folder, { clock, logger });
  const registry = LectureRegistry.create({ database, plane: new FakeMediaPlane(), clock, logger, graceMs: 300_000 });
  const recorder = await createRecorder({ database, store, clock, logger, config: recorderConfig.parse({}), dataFolder: folder });
  recordLiveLectures({ registry, recorder, clock, logger });
  const ingest = await createIngest({ config: ingestConfig.parse({ LECTERN_RTMP_PORT: 0, LECTERN_RTMP_LISTEN_ADDRESS: '127.0.0.1' }), lectures: engineLectures(registry), database, clock, logger });
  await using open = new AsyncDisposableStack();
  for (const part of [database, store, recorder, registry, ingest]) open.defer(async () => part.close());

  const courseId = CourseId.parse(newId('crs'));
  const row = await registry.schedule({ courseId, createdBy: UserId.parse(newId('usr')), title: 'Optics', scheduledAt: null, durationMinutes: null, isRecorded: true });
  const lecture = await registry.start(LectureId.parse(row._id));
  const startedAtMs = clock.nowMs();
  const { key } = await ingest.streamKeys.issue(courseId);
  const url = `rtmp://127.0.0.1:${ingest.rtmpPort}/live/${key}`;

  const pushedFile = pushWithFfmpeg(url, ['-i', file(), '-c', 'copy']);
  open.defer(() => pushedFile.stop());
  await until('the advice', () => lecture.reports.health?.advice.some((sentence) => sentence.includes('faster than real time')), 30_000);
  const live = pushWithFfmpeg(url, ['-re', '-f', 'lavfi', '-i', 'testsrc2=size=320x180:rate=30', '-re', '-f', 'lavfi', '-i', 'sine=440:r=48000', '-t', String(liveSeconds), ...advisedVideo, ...obsAudio]);
  open.defer(() => live.stop());
  expect((await live.ended).code).toBe(0);
  await until('the encoder to be gone', () => lecture.reports.health?.state === 'gone', 30_000);
  await registry.end(lecture.id, 'presenter');
  const lastedMs = clock.nowMs() - startedAtMs;

  const recording = await until('the recording to be finished', async () => (await Array.fromAsync(recorder.journal.all())).find(({ state }) => state === 'finished'), 60_000);
  const video = (await recorder.recordings.segments(recording._id)).filter(({ track, isFiller }) => track === 'main-video' && !isFiller);
  const lastEpoch = video.at(-1)!.epoch;
  const recordedFrames = video.filter(({ epoch }) => epoch === lastEpoch).reduce((sum, { frameCount }) => sum + frameCount, 0);
  expect(recordedFrames).toBeGreaterThan(liveFrames - 30 * (1 + maxAheadMs / 1000));
  expect(recording.timelineEndMs).toBeLessThan(lastedMs + maxAheadMs + 3000);
}, 120_000);
