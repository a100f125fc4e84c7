import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createLogger } from '#engine/kernel';
import { parseAvcConfig, readAccessUnit, readVideoTag } from '#engine/media';
import type { AvcConfig, EncodedFrame } from '#engine/media';
import { ManualClock, until } from '#engine/testing';
import { readFlvFile } from '../testing/readFlvFile.ts';
import { VideoTranscoder } from './VideoTranscoder.ts';

const clipSeconds = 10;
const framesPerSecond = 30;
const originUs = Date.UTC(2030, 0, 1) * 1000;

describe('VideoTranscoder', () => {
  let folder: string;
  let config: AvcConfig;
  let clip: EncodedFrame[];
  let transcoder: VideoTranscoder | undefined;

  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'lectern-video-'));
    const file = path.join(folder, 'clip.flv');
    const encoding = ['-c:v', 'libx264', '-preset', 'ultrafast', '-bf', '0', '-g', '60', '-pix_fmt', 'yuv420p'];
    await promisify(execFile)('ffmpeg', ['-v', 'error', '-f', 'lavfi', '-i', `testsrc2=s=160x90:r=${framesPerSecond}`, '-t', `${clipSeconds}`, ...encoding, '-f', 'flv', file]);
    const tags = (await readFlvFile(file)).filter(({ kind }) => kind === 'video').map((tag) => ({ ...tag, read: readVideoTag(tag.body) }));
    config = tags.flatMap(({ read }) => (read.type === 'config' ? [parseAvcConfig(read.record)] : []))[0]!;
    clip = tags.flatMap(({ read, timestampMs }) => {
      if (read.type !== 'frame') return [];
      const timeUs = originUs + timestampMs * 1000;
      const { data, hasIdr } = readAccessUnit(read.payload, config.lengthSize);
      return [{ decodeTimeUs: timeUs, presentationTimeUs: timeUs, isKeyframe: hasIdr, data }];
    });
  });
  afterAll(() => rm(folder, { recursive: true }));
  afterEach(() => transcoder?.close());

  function open() {
    const clock = new ManualClock();
    const output: number[] = [];
    const troubles: string[] = [];
    const logger = createLogger({
      level: 'warn',
      destination: {
        write: (line) => {
          const { msg, trouble } = JSON.parse(line) as { msg: string; trouble?: string };
          if (msg === 'ffmpeg.failed' && trouble) troubles.push(trouble);
        },
      },
    });
    const opened = new VideoTranscoder({
      environment: { command: 'ffmpeg', clock, logger },
      originUs,
      target: 'webRtc',
      source: () => config,
      recentFrames: () => [],
      onFrame: ({ presentationTimeUs }) => output.push(presentationTimeUs),
    });
    transcoder = opened;
    return { clock, output, troubles, push: (frames: EncodedFrame[]) => frames.forEach((frame) => opened.push(frame)) };
  }

  it('keeps its ffmpeg when a stalled network delivers seconds of video at once', async () => {
    const { clock, output, troubles, push } = open();
    push(clip.slice(0, 30));
    await until('the first second', () => output.length === 30);
    clock.advance((clipSeconds - 1) * 1000);
    push(clip.slice(30));
    // The time that a machine needs that is not much faster than the source.
    await until('half of it', () => output.length > clip.length / 2 || troubles.length > 0);
    clock.advance(2250);
    await until('all of it', () => output.length === clip.length || troubles.length > 0);
    expect(troubles).toEqual([]);
  });

  it('uses a faster preset when this machine does not keep up', async () => {
    const { clock, troubles, push } = open();
    for (const frame of clip.slice(0, 64)) {
      push([frame]);
      clock.advance(1000 / framesPerSecond);
    }
    clock.advance(2067);
    await until('the trouble', () => troubles.length > 0);
    expect(troubles).toEqual(['behind']);
  });
});
