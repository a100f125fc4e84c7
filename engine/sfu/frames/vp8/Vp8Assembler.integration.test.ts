import { execFileSync } from 'node:child_process';
import { chmod, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { ManualClock, processTree, silentLogger, until } from '../../../testing/index.ts';
import { FrameCollector } from '../../testing/FrameCollector.ts';
import { Vp8Assembler } from './Vp8Assembler.ts';

/** The frames of two seconds of VP8, encoded in real-time mode without hidden frames, as WebRTC sends it. */
function encode(size: string): Buffer[] {
  const options = `-v error -f lavfi -i testsrc=size=${size}:rate=15:duration=2 -c:v libvpx -deadline realtime -auto-alt-ref 0 -f ivf pipe:1`;
  const ivf = execFileSync('ffmpeg', options.split(' '), { maxBuffer: 2 ** 26 });
  const frames: Buffer[] = [];
  for (let at = 32; at < ivf.length; at += 12 + ivf.readUInt32LE(at)) frames.push(ivf.subarray(at + 12, at + 12 + ivf.readUInt32LE(at)));
  return frames;
}

const transcoders = () => processTree(process.pid).flatMap(({ pid, command }) => (command === 'ffmpeg' ? [pid] : []));

const nextTurn = () => new Promise((resolve) => setImmediate(resolve));

const range = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => from + index);

function open(ffmpegCommand = 'ffmpeg') {
  const sink = new FrameCollector();
  const clock = new ManualClock();
  const requests = { count: 0 };
  const assembler = new Vp8Assembler({
    sink,
    // 15 frames a second; the timestamps are microseconds.
    timeOf: (timestamp) => timestamp,
    requestKeyframe: () => (requests.count += 1),
    ffmpegCommand,
    clock,
    logger: silentLogger,
  });
  let count = 0;
  const send = (frame: Buffer, passedMs = 1000 / 15) => {
    count += 1;
    clock.advance(passedMs);
    assembler.push({ payloadType: 96, sequence: count, timestamp: count * 66_667, ssrc: 1, marker: true, payload: Uint8Array.of(0x10, ...frame) });
  };
  return { sink, requests, assembler, send };
}

describe('Vp8Assembler', () => {
  it('delivers one frame of H.264 for each frame of VP8, with its time, and a new format when the size changes', async () => {
    const { sink, assembler, send } = open();
    const [small, large] = [encode('320x240'), encode('640x480')];
    for (const frame of [...small, ...large]) send(frame);
    await assembler.finish();
    expect(sink.formats).toMatchObject([{ widthPx: 320, heightPx: 240, codecString: 'avc1.64001e' }, { widthPx: 640, heightPx: 480, codecString: 'avc1.64001e' }]);
    expect(sink.frames.map((frame) => frame.presentationTimeUs)).toEqual([...small, ...large].map((_, index) => (index + 1) * 66_667));
    expect(sink.frames.filter((frame) => frame.isKeyframe).length).toBeGreaterThan(1);
    expect(sink.gaps).toBe(0);
  });

  it('crops an odd width and height, which H.264 with 4:2:0 chroma cannot have', async () => {
    const { sink, assembler, send } = open();
    const frames = encode('321x241');
    for (const frame of frames) send(frame);
    await assembler.finish();
    expect(sink.formats).toMatchObject([{ widthPx: 320, heightPx: 240 }]);
    expect(sink.frames).toHaveLength(frames.length);
    expect(sink.gaps).toBe(0);
  });

  it('runs the ffmpeg of the settings', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'lectern-vp8-'));
    const command = path.join(folder, 'our-ffmpeg');
    await writeFile(command, `#!/bin/sh\ntouch ${folder}/ran\nexec ffmpeg "$@"\n`);
    await chmod(command, 0o755);
    const { sink, assembler, send } = open(command);
    const frames = encode('320x240');
    for (const frame of frames) send(frame);
    await assembler.finish();
    expect(await readdir(folder)).toContain('ran');
    expect(sink.frames).toHaveLength(frames.length);
    await rm(folder, { recursive: true });
  });

  it('waits for a keyframe after a loss and continues without a gap', async () => {
    const { sink, requests, assembler, send } = open();
    const frames = encode('320x240');
    for (const frame of frames.slice(0, 5)) send(frame);
    assembler.lost();
    for (const frame of frames.slice(6, 9)) send(frame);
    expect(requests.count).toBeGreaterThan(1);
    for (const frame of frames.slice(0, 5)) send(frame);
    await assembler.finish();
    expect(sink.frames.map((frame) => Math.round(frame.presentationTimeUs / 66_667))).toEqual([1, 2, 3, 4, 5, 9, 10, 11, 12, 13]);
  });

  it.each(['SIGKILL', 'SIGSTOP'] as const)('continues with another ffmpeg after %s, and leaves none running', async (signal) => {
    const { sink, requests, assembler, send } = open();
    const frames = encode('320x240');
    for (const frame of frames) send(frame);
    await until('all frames', () => sink.frames.length === frames.length);
    const [failed] = transcoders();
    process.kill(failed ?? 0, signal);
    const isGone = () => !transcoders().includes(failed ?? 0);
    for (let second = 0; second < 4; second += 1) {
      for (const frame of frames.slice(1, 16)) send(frame);
      if (signal === 'SIGKILL') await until('the exit', isGone);
      else await nextTurn();
    }
    const requestsBefore = requests.count;
    await until('the ffmpeg that hung to be gone', isGone);
    for (const frame of frames) send(frame);
    await until('frames again', () => sink.frames.length >= 2 * frames.length);
    expect(requestsBefore).toBeGreaterThan(1);
    await assembler.finish();
    expect(transcoders()).toEqual([]);
  });

  it('continues with another ffmpeg when one hangs while one frame arrives per second', async () => {
    const { sink, assembler, send } = open();
    const frames = encode('320x240');
    for (const frame of frames) send(frame);
    await until('all frames', () => sink.frames.length === frames.length);
    const [hung = 0] = transcoders();
    process.kill(hung, 'SIGSTOP');
    for (const frame of frames.slice(1, 6)) send(frame, 1000);
    await until('the ffmpeg that hung to be gone', () => !transcoders().includes(hung));
    for (const frame of frames) send(frame);
    await until('frames again', () => sink.frames.length >= 2 * frames.length);
    await assembler.finish();
  });

  it('gives ffmpeg time when a stalled network delivers seconds of frames at once', async () => {
    const { sink, requests, assembler, send } = open();
    const frames = encode('320x240');
    for (const frame of frames) send(frame);
    await until('all frames', () => sink.frames.length === frames.length);
    const requestsBefore = requests.count;
    process.kill(transcoders()[0] ?? 0, 'SIGSTOP');
    for (const frame of [...frames, ...frames]) send(frame, 1);
    process.kill(transcoders()[0] ?? 0, 'SIGCONT');
    await until('all of them', () => sink.frames.length === 3 * frames.length);
    expect(requests.count).toBe(requestsBefore);
    await assembler.finish();
  });

  it('drops frames while ffmpeg is two seconds behind, and requests a keyframe when it has caught up', async () => {
    const { sink, requests, assembler, send } = open();
    const frames = encode('320x240');
    for (const frame of frames) send(frame);
    await until('all frames', () => sink.frames.length === frames.length);
    const [slow = 0] = transcoders();
    process.kill(slow, 'SIGSTOP');
    const inTwoSeconds = frames.slice(0, 30);
    for (const frame of inTwoSeconds) send(frame);
    const requestsBefore = requests.count;
    for (const frame of frames.slice(0, 5)) send(frame, 70);
    expect(requests.count).toBe(requestsBefore);
    process.kill(slow, 'SIGCONT');
    await until('all written frames', () => sink.frames.length === frames.length + inTwoSeconds.length);
    for (const frame of frames.slice(1, 5)) send(frame);
    expect(requests.count).toBeGreaterThan(requestsBefore);
    for (const frame of frames.slice(0, 5)) send(frame);
    await assembler.finish();
    const first = frames.length + 1;
    const [before, dropped] = [first + inTwoSeconds.length, 5 + 4];
    const times = sink.frames.map((frame) => Math.round(frame.presentationTimeUs / 66_667));
    expect(times.slice(frames.length)).toEqual([...range(first, before), ...range(before + dropped, before + dropped + 5)]);
  });

  it('finishes although ffmpeg hangs', async () => {
    const { sink, assembler, send } = open();
    for (const frame of encode('320x240')) send(frame);
    await until('the first frame', () => sink.frames.length > 0);
    process.kill(transcoders()[0] ?? 0, 'SIGSTOP');
    await assembler.finish();
    expect(transcoders()).toEqual([]);
  });

  it('stops at once when it is aborted', async () => {
    const { sink, assembler, send } = open();
    for (const frame of encode('320x240')) send(frame);
    await until('the first frame', () => sink.frames.length > 0);
    assembler.abort();
    await assembler.finish();
    expect(sink.isEnded).toBe(false);
  });
});
