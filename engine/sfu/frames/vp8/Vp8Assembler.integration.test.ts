import { execFileSync } from 'node:child_process';
import { chmod, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { ManualClock, processTree, silentLogger, until } from '../../../testing/index.ts';
import { GatheredFrames } from '../../testing/GatheredFrames.ts';
import { Vp8Assembler } from './Vp8Assembler.ts';

/** The frames of two seconds of VP8 in real time, without hidden ones, as WebRTC sends it. */
function encode(size: string): Buffer[] {
  const options = `-v error -f lavfi -i testsrc=size=${size}:rate=15:duration=2 -c:v libvpx -deadline realtime -auto-alt-ref 0 -f ivf pipe:1`;
  const ivf = execFileSync('ffmpeg', options.split(' '), { maxBuffer: 2 ** 26 });
  const frames: Buffer[] = [];
  for (let at = 32; at < ivf.length; at += 12 + ivf.readUInt32LE(at)) frames.push(ivf.subarray(at + 12, at + 12 + ivf.readUInt32LE(at)));
  return frames;
}

const transcoders = () => processTree(process.pid).flatMap(({ pid, command }) => (command === 'ffmpeg' ? [pid] : []));

const aTurn = () => new Promise((resolve) => setImmediate(resolve));

const range = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => from + index);

function open(ffmpegCommand = 'ffmpeg') {
  const sink = new GatheredFrames();
  const clock = new ManualClock();
  const asked = { count: 0 };
  const assembler = new Vp8Assembler({
    sink,
    // 15 pictures a second, and the timestamps are microseconds.
    timeOf: (timestamp) => timestamp,
    requestKeyframe: () => (asked.count += 1),
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
  return { sink, asked, assembler, send };
}

describe('VP8 made into H.264 by ffmpeg', () => {
  it('is one frame for each, with its time, and a new format when the size changes', async () => {
    const { sink, assembler, send } = open();
    const [small, large] = [encode('320x240'), encode('640x480')];
    for (const frame of [...small, ...large]) send(frame);
    await assembler.finish();
    expect(sink.formats).toMatchObject([{ widthPx: 320, heightPx: 240 }, { widthPx: 640, heightPx: 480 }]);
    expect(sink.frames.map((frame) => frame.presentationTimeUs)).toEqual([...small, ...large].map((_, index) => (index + 1) * 66_667));
    expect(sink.frames.filter((frame) => frame.isKeyframe).length).toBeGreaterThan(1);
    expect(sink.gaps).toBe(0);
  });

  it('is without its last column and row where the sides are odd, which H.264 of this kind cannot have', async () => {
    const { sink, assembler, send } = open();
    const frames = encode('321x241');
    for (const frame of frames) send(frame);
    await assembler.finish();
    expect(sink.formats).toMatchObject([{ widthPx: 320, heightPx: 240 }]);
    expect(sink.frames).toHaveLength(frames.length);
    expect(sink.gaps).toBe(0);
  });

  it('is made by the ffmpeg that the settings name', async () => {
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

  it('waits for a keyframe after a loss and goes on without a gap', async () => {
    const { sink, asked, assembler, send } = open();
    const frames = encode('320x240');
    for (const frame of frames.slice(0, 5)) send(frame);
    assembler.lost();
    for (const frame of frames.slice(6, 9)) send(frame);
    expect(asked.count).toBeGreaterThan(1);
    for (const frame of frames.slice(0, 5)) send(frame);
    await assembler.finish();
    expect(sink.frames.map((frame) => Math.round(frame.presentationTimeUs / 66_667))).toEqual([1, 2, 3, 4, 5, 9, 10, 11, 12, 13]);
  });

  it.each(['SIGKILL', 'SIGSTOP'] as const)('goes on with another ffmpeg after %s, and leaves none behind', async (signal) => {
    const { sink, asked, assembler, send } = open();
    const frames = encode('320x240');
    for (const frame of frames) send(frame);
    await until('all frames', () => sink.frames.length === frames.length);
    const [struck] = transcoders();
    process.kill(struck ?? 0, signal);
    const isGivenUp = () => !transcoders().includes(struck ?? 0);
    for (let second = 0; second < 4; second += 1) {
      for (const frame of frames.slice(1, 16)) send(frame);
      if (signal === 'SIGKILL') await until('the exit', isGivenUp);
      else await aTurn();
    }
    const askedBefore = asked.count;
    await until('the one that hung to be gone', isGivenUp);
    for (const frame of frames) send(frame);
    await until('pictures again', () => sink.frames.length >= 2 * frames.length);
    expect(askedBefore).toBeGreaterThan(1);
    await assembler.finish();
    expect(transcoders()).toEqual([]);
  });

  it('goes on with another ffmpeg where one hangs while a picture comes once a second', async () => {
    const { sink, assembler, send } = open();
    const frames = encode('320x240');
    for (const frame of frames) send(frame);
    await until('all frames', () => sink.frames.length === frames.length);
    const [hung = 0] = transcoders();
    process.kill(hung, 'SIGSTOP');
    for (const frame of frames.slice(1, 6)) send(frame, 1000);
    await until('the one that hung to be gone', () => !transcoders().includes(hung));
    for (const frame of frames) send(frame);
    await until('pictures again', () => sink.frames.length >= 2 * frames.length);
    await assembler.finish();
  });

  it('is given its time when a network that stood still delivers seconds of pictures at once', async () => {
    const { sink, asked, assembler, send } = open();
    const frames = encode('320x240');
    for (const frame of frames) send(frame);
    await until('all frames', () => sink.frames.length === frames.length);
    const askedBefore = asked.count;
    process.kill(transcoders()[0] ?? 0, 'SIGSTOP');
    for (const frame of [...frames, ...frames]) send(frame, 1);
    process.kill(transcoders()[0] ?? 0, 'SIGCONT');
    await until('all of them', () => sink.frames.length === 3 * frames.length);
    expect(asked.count).toBe(askedBefore);
    await assembler.finish();
  });

  it('leaves pictures out while its ffmpeg is two seconds behind, asks for a keyframe when it has caught up, and goes on', async () => {
    const { sink, asked, assembler, send } = open();
    const frames = encode('320x240');
    for (const frame of frames) send(frame);
    await until('all frames', () => sink.frames.length === frames.length);
    const [slow = 0] = transcoders();
    process.kill(slow, 'SIGSTOP');
    const inTwoSeconds = frames.slice(0, 30);
    for (const frame of inTwoSeconds) send(frame);
    const askedBefore = asked.count;
    for (const frame of frames.slice(0, 5)) send(frame, 70);
    expect(asked.count).toBe(askedBefore);
    process.kill(slow, 'SIGCONT');
    await until('what it was given', () => sink.frames.length === frames.length + inTwoSeconds.length);
    for (const frame of frames.slice(1, 5)) send(frame);
    expect(asked.count).toBeGreaterThan(askedBefore);
    for (const frame of frames.slice(0, 5)) send(frame);
    await assembler.finish();
    const first = frames.length + 1;
    const [before, leftOut] = [first + inTwoSeconds.length, 5 + 4];
    const times = sink.frames.map((frame) => Math.round(frame.presentationTimeUs / 66_667));
    expect(times.slice(frames.length)).toEqual([...range(first, before), ...range(before + leftOut, before + leftOut + 5)]);
  });

  it('comes to its end although its ffmpeg hangs', async () => {
    const { sink, assembler, send } = open();
    for (const frame of encode('320x240')) send(frame);
    await until('the first frame', () => sink.frames.length > 0);
    process.kill(transcoders()[0] ?? 0, 'SIGSTOP');
    await assembler.finish();
    expect(transcoders()).toEqual([]);
  });

  it('stops at once when nobody listens any more', async () => {
    const { sink, assembler, send } = open();
    for (const frame of encode('320x240')) send(frame);
    await until('the first frame', () => sink.frames.length > 0);
    assembler.abort();
    await assembler.finish();
    expect(sink.isEnded).toBe(false);
  });
});
