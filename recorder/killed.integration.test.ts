import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newId, openSqliteDatabase, systemClock } from '#engine/kernel';
import { silentLogger, until } from '#engine/testing';
import { recorderConfig } from './config.ts';
import { createRecorder } from './createRecorder.ts';
import { openFolderObjectStore } from './storage/FolderObjectStore.ts';
import { encodeProgram, shifted } from './testing/encodedMedia.ts';
import type { Program } from './testing/encodedMedia.ts';
import { FakeLecture } from './testing/FakeLecture.ts';
import { filesOf, playInChromium } from './testing/playInChromium.ts';
import { recordFrames } from './testing/recordFrames.ts';

const script = fileURLToPath(new URL('./testing/recordUntilKilled.ts', import.meta.url));

let folder: string;
let program: Program;
let killAfterSegments: number;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'lectern-killed-'));
  program = await encodeProgram({ folder, name: 'program', seconds: 60, keyframeEveryFrames: 30 });
});
afterAll(() => rm(folder, { recursive: true }));

/** Records in another process, at ten times the speed, and kills it. Returns what the process has printed last. */
async function recordAndKill(lectureId: string, startedAtMs: number): Promise<{ recordingId: string; written: number }> {
  const child = spawn(process.execPath, [script, folder, lectureId, path.join(folder, 'program.flv'), String(startedAtMs)], { stdio: ['ignore', 'pipe', 'inherit'] });
  let last = { recordingId: '', written: 0 };
  let rest = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) last = JSON.parse(line) as typeof last;
    if (last.written >= killAfterSegments) child.kill('SIGKILL');
  });
  const [, signal] = await new Promise<[number | null, string | null]>((resolve) => child.once('exit', (code, by) => resolve([code, by])));
  expect(signal).toBe('SIGKILL');
  return last;
}

describe('A recorder that is killed', () => {
  it('loses at most the segment in progress, duplicates nothing, and continues the recording', async () => {
    const startedAtMs = Math.floor(systemClock.nowMs()) - 500;
    const lectureId = newId('lec');
    killAfterSegments = 9;
    const first = await recordAndKill(lectureId, startedAtMs);
    killAfterSegments = 18;
    await recordAndKill(lectureId, startedAtMs);

    const database = await openSqliteDatabase({ path: path.join(folder, 'lectern.db') });
    const store = await openFolderObjectStore(path.join(folder, 'objects'));
    const recorder = await createRecorder({ database, store, clock: systemClock, logger: silentLogger, config: recorderConfig.parse({}), dataFolder: folder });
    const isStored = new Promise<void>((resolve) => recorder.onEvent((event) => event.type === 'recording.stored' && resolve()));
    const before = await recorder.journal.extent(first.recordingId);
    expect(before.segments.length).toBeGreaterThanOrEqual(killAfterSegments);
    expect(before.segments.filter((segment) => segment.state === 'lost')).toEqual([]);

    const lecture = new FakeLecture(startedAtMs, lectureId);
    const recording = await recorder.attach(lecture);
    expect(recording.recordingId).toBe(first.recordingId);
    const videoTap = lecture.publish('video', 'program', { format: program.video.format }).frames;
    const audioTap = lecture.publish('audio', 'program', { format: program.audio.format }).frames;
    await recordFrames([
      { tap: videoTap, frames: shifted(program.video.frames.slice(0, 300), startedAtMs + 80_000) },
      { tap: audioTap, frames: shifted(program.audio.frames.slice(0, 470), startedAtMs + 80_000) },
    ]);
    await recording.finish();
    await isStored;

    const { segments } = await recorder.journal.extent(first.recordingId);
    for (const track of ['main-video', 'main-audio'] as const) {
      const own = segments.filter((segment) => segment.track === track);
      expect(own.map((segment) => segment.sequence)).toEqual(own.map((_, index) => index));
      for (const [index, segment] of own.entries()) {
        const previous = own[index - 1];
        expect(segment.startMs - (previous ? previous.startMs + previous.durationMs : 0)).toBeGreaterThan(-0.01);
        expect(segment.startMs - (previous ? previous.startMs + previous.durationMs : 0)).toBeLessThan(45);
      }
    }
    for (const segment of segments) {
      const file = await readFile(path.join(folder, 'objects', segment.key));
      expect(createHash('sha256').update(file).digest('hex')).toBe(segment.sha256);
      expect(segment.state).toBe('stored');
    }
    const played = await playInChromium({ file: filesOf(path.join(folder, 'objects', 'recordings', first.recordingId)), playlist: 'main.m3u8', playbackRate: 8 });
    expect(played).toMatchObject({ hasEnded: true, problems: [] });
    await until('an empty spool', async () => (await recorder.journal.waiting()).length === 0);
    await recorder.close();
    await store.close();
    await database.close();
  }, 120_000);
});
