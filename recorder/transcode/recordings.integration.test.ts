import { execFile } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '#engine/kernel';
import { silentLogger, until } from '#engine/testing';
import { recorderConfig } from '../config.ts';
import { createRecorder } from '../createRecorder.ts';
import { VideoSync } from '../library/VideoSync.ts';
import type { VideoRow } from '../library/index.ts';
import type { Recorder } from '../Recorder.ts';
import { encodeOpus, encodeProgram, shifted } from '../testing/encodedMedia.ts';
import { FakeLecture } from '../testing/FakeLecture.ts';
import { filesOf, playInChromium } from '../testing/playInChromium.ts';
import { recordFrames } from '../testing/recordFrames.ts';
import { authoringProblems } from './testing/authoringRules.ts';
import { decoded, ffmpegPath, TranscodeBench } from './testing/TranscodeBench.ts';

const run = promisify(execFile);
const startedAtMs = Math.floor(systemClock.nowMs()) - 60_000;
const [firstSeconds, secondAt, endAt] = [6, 14, 20];

let bench: TranscodeBench;
let recorder: Recorder;
let sync: VideoSync;
let row: VideoRow;
let folder: string;

/** A lecture from a browser: the camera stops for eight seconds, and comes back larger; the screen is shared in that time. Audio is Opus. */
beforeAll(async () => {
  bench = await TranscodeBench.open();
  const media = path.join(bench.folder, 'media');
  await mkdir(media);
  recorder = await createRecorder({ database: bench.database, store: bench.store, clock: systemClock, logger: silentLogger, config: recorderConfig.parse({}), dataFolder: bench.folder });
  sync = new VideoSync({ recorder, videos: bench.videos, jobs: bench.jobs, clock: systemClock, logger: silentLogger, titleOf: async () => 'Optics', makesRenditions: true });
  const small = await encodeProgram({ folder: media, name: 'small', seconds: firstSeconds, bFrames: 0, keyframeEveryFrames: 30 });
  const large = await encodeProgram({ folder: media, name: 'large', seconds: endAt - secondAt, size: '640x360', bFrames: 0, keyframeEveryFrames: 30 });
  const opus = await encodeOpus({ folder: media, name: 'opus', seconds: firstSeconds });
  const lecture = new FakeLecture(startedAtMs);
  const recording = await recorder.attach(lecture);
  for (const { atSeconds, program } of [{ atSeconds: 0, program: small }, { atSeconds: secondAt, program: large }]) {
    const camera = lecture.publish('video', 'camera', { format: program.video.format });
    const microphone = lecture.publish('audio', 'microphone', { format: opus.format });
    const atMs = startedAtMs + atSeconds * 1000;
    const firstMs = (program.video.frames[0]?.presentationTimeUs ?? 0) / 1000;
    const screen = atSeconds > 0 ? lecture.publish('video', 'screen', { format: small.video.format }) : undefined;
    await recordFrames([
      { tap: camera.frames, frames: shifted(program.video.frames, atMs - firstMs) },
      { tap: microphone.frames, frames: shifted(opus.frames, atMs) },
      ...(screen ? [{ tap: screen.frames, frames: shifted(small.video.frames, atMs - (small.video.frames[0]?.presentationTimeUs ?? 0) / 1000) }] : []),
    ]);
    for (const published of [camera, microphone, ...(screen ? [screen] : [])]) lecture.unpublish(published);
  }
  await recording.finish();
  await bench.worker({ recordings: recorder.recordings });
  const video = await until('the video', () => bench.videos.ofRecording(recording.recordingId));
  row = await until('its renditions', async () => {
    const now = await bench.videos.get(video._id);
    return now.manifest && now.work === null ? now : undefined;
  }, 240_000);
  folder = await bench.export(row);
});
afterAll(async () => {
  await sync.close();
  await recorder.close();
  await bench.close();
});

/** Where a filter of ffmpeg finds something, in seconds. */
async function found(list: string, args: readonly string[], pattern: RegExp): Promise<number[]> {
  const { stderr } = await run(ffmpegPath, ['-nostdin', '-i', list, ...args, '-f', 'null', '-'], { cwd: folder });
  return [...stderr.matchAll(pattern)].map(([, at]) => Number(at));
}

describe('The renditions of a recorded lecture', () => {
  it('are H.264 in several sizes and AAC, and obey the rules of Apple', async () => {
    expect(row.renditions.map(({ id, codecString }) => `${id} ${codecString.slice(0, 4)}`)).toEqual(['main-360 avc1', 'main-240 avc1', 'screen-240 avc1', 'audio-1 mp4a']);
    expect(row.renditions.at(-1)).toMatchObject({ codecString: 'mp4a.40.2', channelCount: 2, language: 'en' });
    expect(await authoringProblems(folder, 'main.m3u8')).toEqual([]);
    expect(await authoringProblems(folder, 'screen.m3u8')).toEqual([]);
  });

  it('have the clock of the lecture', async () => {
    const manifest = await bench.manifest(row);
    expect(manifest.durationMs / 1000).toBeCloseTo(row.durationSeconds, 0);
    for (const { id } of manifest.renditions) expect((await decoded(path.join(folder, `${id}.m3u8`))).problems).toBe('');
    // Black, or the last frame, while nothing was sent; silence always.
    const [silentFrom, silentUntil] = [await found('audio-1.m3u8', ['-af', 'silencedetect=noise=-50dB:d=2'], /silence_start: ([\d.]+)/g), await found('audio-1.m3u8', ['-af', 'silencedetect=noise=-50dB:d=2'], /silence_end: ([\d.]+)/g)];
    expect(Math.abs((silentFrom[0] ?? 0) - firstSeconds)).toBeLessThan(0.2);
    expect(Math.abs((silentUntil[0] ?? 0) - secondAt)).toBeLessThan(0.2);
    const blackUntil = await found('screen-240.m3u8', ['-vf', 'blackdetect=d=2:pix_th=0.1'], /black_end:([\d.]+)/g);
    expect(Math.abs((blackUntil[0] ?? 0) - secondAt)).toBeLessThan(0.3);
  });

  it('play in a browser to the end', async () => {
    const played = await playInChromium({ file: filesOf(folder), playlist: 'main.m3u8', playbackRate: 4 });
    expect(played).toMatchObject({ hasEnded: true, problems: [], jumps: [] });
  });
});
