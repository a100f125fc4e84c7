import { execFile } from 'node:child_process';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseAvcConfig, readAccessUnit } from '#engine/media';
import type { EncodedFrame, FlvTag } from '#engine/media';
import { until } from '#engine/testing';
import { OddEncoder, RtmpClient } from '../testing/index.ts';
import { openTestIngest } from '../testing/openTestIngest.ts';
import type { TestIngest } from '../testing/openTestIngest.ts';
import { readFlvFile } from '../testing/readFlvFile.ts';
import { oddities, send } from '../testing/oddities/index.ts';
import type { Oddity } from '../testing/oddities/index.ts';

/** 15 frames of video and as much audio: shorter than media may be ahead, so that it can be sent at once. */
const source = ['-f', 'lavfi', '-i', 'testsrc2=s=160x90:r=10', '-f', 'lavfi', '-i', 'sine=440:r=48000', '-t', '1.5'];
const encoding = ['-c:v', 'libx264', '-preset', 'ultrafast', '-bf', '0', '-g', '100', '-pix_fmt', 'yuv420p', '-c:a', 'aac', '-ac', '2'];
/** TimeMap shortens durations by up to 2 % after a burst, and the sender rounds to milliseconds. */
const toleratedUs = (stepUs: number) => 1001 + 0.025 * stepUs;

let folder: string;
let clip: readonly FlvTag[];
let station: TestIngest;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'lectern-odd-'));
  const [file, script] = [path.join(folder, 'clip.flv'), path.join(folder, 'ffmpeg')];
  await promisify(execFile)('ffmpeg', ['-v', 'error', ...source, ...encoding, '-f', 'flv', file]);
  clip = await readFlvFile(file);
  // The WebRTC feed is not tested here.
  await writeFile(script, '#!/bin/sh\nexec cat >/dev/null\n');
  await chmod(script, 0o755);
  station = await openTestIngest({ config: { LECTERN_FFMPEG: script } });
});
afterAll(async () => {
  await station[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

const framesOf = (kind: 'video' | 'audio') => clip.filter((tag) => tag.kind === kind && tag.body[1] === 1);

/** Publishes the clip in one odd way, and returns what was recorded. */
async function publishAs(oddity: Oddity) {
  const { key, lecture } = await station.openCourse();
  const client = await RtmpClient.connect(station.ingest.rtmpPort);
  send(oddity, new OddEncoder(client, key, clip));
  const isAnswered = () => client.received.includes('NetStream.Publish.Start') && client.received.includes(oddity.expected ?? '');
  const isWhole = () => {
    const attachment = lecture.attachments[0];
    return attachment && isAnswered() && attachment.video.frames.length >= framesOf('video').length && attachment.audio.frames.length >= framesOf('audio').length;
  };
  await until('the clip to be recorded, or the connection to close', () => isWhole() || client.socket.destroyed, 30_000);
  client.close();
  return { recorded: lecture.attachments[0], received: client.received };
}

const steps = (times: readonly number[]) => times.slice(1).map((time, index) => time - times[index]!);

function expectTimes(recorded: readonly EncodedFrame[], sent: readonly FlvTag[]): void {
  const recordedSteps = steps(recorded.map(({ decodeTimeUs }) => decodeTimeUs));
  const sentSteps = steps(sent.map(({ timestampMs }) => timestampMs * 1000));
  for (const [index, stepUs] of recordedSteps.entries()) expect(Math.abs(stepUs - sentSteps[index]!)).toBeLessThan(toleratedUs(sentSteps[index]!));
}

describe('An encoder is recorded whole that', () => {
  it.each(oddities.map((oddity) => [oddity.title, oddity] as const))('%s', async (_, oddity) => {
    const linesBefore = station.log.length;
    const { recorded, received } = await publishAs(oddity);
    expect(station.log.slice(linesBefore).filter(({ msg }) => msg === 'rtmp.connectionClosed')).toEqual([]);
    expect(received).toContain('NetStream.Publish.Start');
    if (oddity.expected) expect(received).toContain(oddity.expected);
    expect(recorded?.video.frames.map(({ data }) => Buffer.from(data).toString('hex'))).toEqual(framesOf('video').map(({ body }) => Buffer.from(readAccessUnit(body.subarray(5)).data).toString('hex')));
    expect(recorded?.audio.frames.map(({ data }) => Buffer.from(data).toString('hex'))).toEqual(framesOf('audio').map(({ body }) => body.subarray(2).toString('hex')));
    const config = parseAvcConfig(clip.find((tag) => tag.kind === 'video' && tag.body[1] === 0)!.body.subarray(5));
    expect(recorded?.video.formats.map(({ codecString }) => codecString)).toEqual([config.format.codecString]);
    for (const kind of ['video', 'audio'] as const) if (!oddity.hasOtherTimes) expectTimes(recorded![kind].frames, framesOf(kind));
    expect(recorded?.video.gaps).toBe(0);
  });
});
