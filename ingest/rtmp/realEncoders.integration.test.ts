import { execFile, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempDisposable } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { until } from '#engine/testing';
import { advisedVideo, obsAudio, pushWithFfmpeg, testAudio, testVideo } from '../testing/index.ts';
import { openTestIngest } from '../testing/openTestIngest.ts';
import type { TestIngest } from '../testing/openTestIngest.ts';

const frameCount = 90;
/** Frames of 1024 samples in the same time, at 48 kHz. */
const audioFrameCount = Math.floor((frameCount / 30) * (48_000 / 1024));
/** An AAC encoder adds one or two frames at its start and end. */
const audioFrameTolerance = 3;

/** GStreamer with the elements of Debian's gstreamer1.0-tools and gstreamer1.0-plugins-base, -good, -bad and -ugly. */
const gstreamerElements = ['x264enc', 'voaacenc', 'flvmux', 'rtmpsink', 'rtmp2sink'];
const hasGstreamer = gstreamerElements.every((element) => spawnSync('gst-inspect-1.0', ['--exists', element]).status === 0);

let station: TestIngest;
beforeEach(async () => {
  station = await openTestIngest();
});
afterEach(() => station[Symbol.asyncDispose]());

/** Runs to its end, as on Ctrl-C: EOS, and then the end of the connection. */
async function runGstreamer(pipeline: string): Promise<{ code: number | null; text: string }> {
  const child = spawn('gst-launch-1.0', pipeline.split(/\s+/), { stdio: ['ignore', 'pipe', 'pipe'] });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (piece: string) => (text += piece));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, text };
}

describe.skipIf(!hasGstreamer)('GStreamer', () => {
  it.each([
    ['rtmp2sink', (url: string) => `rtmp2sink location=${url}`],
    ['rtmpsink', (url: string) => `rtmpsink location=${url}`],
  ])('publishes with %s, is recorded whole and ends without an error', async (_, sink) => {
    const { lecture, url } = await station.openCourse();
    const video = `videotestsrc is-live=true num-buffers=${frameCount} ! video/x-raw,format=I420,width=320,height=180,framerate=30/1 ! x264enc tune=zerolatency key-int-max=30 ! h264parse ! mux.`;
    const audio = `audiotestsrc is-live=true samplesperbuffer=1600 num-buffers=${frameCount} ! audio/x-raw,rate=48000,channels=2 ! audioconvert ! voaacenc ! aacparse ! mux.`;
    const { code, text } = await runGstreamer(`flvmux name=mux streamable=true ! ${sink(url)} ${video} ${audio}`);
    expect({ code, errors: text.split('\n').filter((line) => line.startsWith('ERROR')) }).toEqual({ code: 0, errors: [] });
    const attachment = await until('the session to end', () => lecture.attachments.find(({ detached }) => detached === 'disconnected'), 30_000);
    expect(attachment.video.frames).toHaveLength(frameCount);
    expect(Math.abs(attachment.audio.frames.length - audioFrameCount)).toBeLessThanOrEqual(audioFrameTolerance);
    expect(lecture.health?.state).toBe('gone');
  });
});

describe('ffmpeg', () => {
  const seconds = ['-t', String(frameCount / 30)];

  it.each([
    ['parameter sets in its frames only', ['-flags:v', '-global_header']],
    ['timestamps that begin at 0xfffff0', ['-output_ts_offset', String(0xff_fff0 / 1000)]],
  ])('is recorded whole with %s', async (_, odd) => {
    const { lecture, url } = await station.openCourse();
    const { code } = await pushWithFfmpeg(url, [...testVideo, ...testAudio, ...seconds, ...advisedVideo, ...obsAudio, ...odd]).ended;
    expect(code).toBe(0);
    const attachment = await until('the session to end', () => lecture.attachments.find(({ detached }) => detached === 'disconnected'), 30_000);
    expect(attachment.video.frames).toHaveLength(frameCount);
    expect(Math.abs(attachment.audio.frames.length - audioFrameCount)).toBeLessThanOrEqual(audioFrameTolerance);
  });

  it('is recorded whole when it pushes a file faster than real time and exits', async () => {
    await using folder = await mkdtempDisposable(path.join(tmpdir(), 'lectern-file-'));
    const file = path.join(folder.path, 'lecture.mp4');
    const sources = ['-f', 'lavfi', '-i', 'testsrc2=s=640x360:r=30', '-f', 'lavfi', '-i', 'sine=440:r=48000', '-t', '6'];
    await promisify(execFile)('ffmpeg', ['-v', 'error', ...sources, ...advisedVideo, ...obsAudio, file]);
    const { lecture, url } = await station.openCourse();
    expect((await pushWithFfmpeg(url, ['-i', file, '-c', 'copy']).ended).code).toBe(0);
    const attachment = await until('the session to end', () => lecture.attachments.find(({ detached }) => detached === 'disconnected'), 60_000);
    expect(attachment.video.frames).toHaveLength(180);
    expect(lecture.healths.some(({ advice }) => advice.some((sentence) => sentence.includes('faster than real time')))).toBe(true);
  });
});
