import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '#engine/kernel';
import { silentLogger, until } from '#engine/testing';
import { parseAudioConfig, readAudioTag } from '#engine/media';
import { readFlvFile } from '../testing/readFlvFile.ts';
import { OpusTranscoder } from './OpusTranscoder.ts';

const beepAtMs = 5000;

describe('OpusTranscoder', () => {
  let folder: string;
  let source: { format: ReturnType<typeof parseAudioConfig>; frames: { timestampMs: number; data: Buffer }[] };

  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'lectern-opus-'));
    const file = path.join(folder, 'beep.flv');
    const tone = `aevalsrc=gt(t\\,${beepAtMs / 1000})*sin(880*PI*t):s=48000:d=8`;
    await promisify(execFile)('ffmpeg', ['-loglevel', 'error', '-f', 'lavfi', '-i', tone, '-ac', '2', '-c:a', 'aac', '-f', 'flv', file]);
    const tags = (await readFlvFile(file)).filter(({ kind }) => kind === 'audio').map((tag) => ({ ...tag, read: readAudioTag(tag.body) }));
    const config = tags.flatMap(({ read }) => (read.type === 'config' ? [read.config] : []))[0]!;
    const frames = tags.flatMap(({ read, timestampMs }) => (read.type === 'frame' ? [{ timestampMs, data: Buffer.from(read.payload) }] : []));
    source = { format: parseAudioConfig(config), frames };
  });
  afterAll(() => rm(folder, { recursive: true }));

  /** The time of the first audible Opus packet: a packet of silence has a few bytes. */
  async function transcodeBeep(timeOf: (timestampMs: number) => number, isLost: (timestampMs: number) => boolean = () => false): Promise<number> {
    const originMs = Math.floor(systemClock.nowMs()) - 20_000;
    const output: { bytes: number; ms: number }[] = [];
    const transcoder = new OpusTranscoder({
      environment: { command: 'ffmpeg', clock: systemClock, logger: silentLogger },
      originUs: originMs * 1000,
      source: () => source.format,
      onFrame: (frame, timeUs) => output.push({ bytes: frame.length, ms: timeUs / 1000 - originMs }),
    });
    await until('ffmpeg to run', () => transcoder.isRunning);
    for (const { timestampMs, data } of source.frames) {
      const timeUs = Math.round((originMs + timeOf(timestampMs)) * 1000);
      if (!isLost(timestampMs)) transcoder.push({ decodeTimeUs: timeUs, presentationTimeUs: timeUs, isKeyframe: true, data });
    }
    await until('the beep', () => output.length > 350);
    await transcoder.close();
    expect(output.every(({ ms }, i) => i === 0 || Math.abs(ms - output[i - 1]!.ms - 20) < 0.01)).toBe(true);
    return output.find(({ bytes }) => bytes > 60)!.ms;
  }

  it('gives each Opus frame its capture time', async () => {
    const beepMs = await transcodeBeep((ms) => 1000 + ms);
    expect(Math.abs(beepMs - (1000 + beepAtMs))).toBeLessThan(35);
  });

  it('keeps capture times while TimeMap corrects its anchor', async () => {
    const beepMs = await transcodeBeep((ms) => 1000 + ms - Math.min(80, ms * 0.02));
    expect(Math.abs(beepMs - (1000 + beepAtMs - 80))).toBeLessThan(35);
  });

  it('fills lost frames with silence', async () => {
    const beepMs = await transcodeBeep((ms) => 1000 + ms, (ms) => ms > 2000 && ms < 3500);
    expect(Math.abs(beepMs - (1000 + beepAtMs))).toBeLessThan(35);
  });
});
