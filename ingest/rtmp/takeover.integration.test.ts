import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { FlvTag } from '#engine/media';
import { until } from '#engine/testing';
import { RtmpClient } from '../testing/index.ts';
import { openTestIngest } from '../testing/openTestIngest.ts';
import type { TestIngest } from '../testing/openTestIngest.ts';
import { readFlvFile } from '../testing/readFlvFile.ts';

const rtmpType = { audio: 8, video: 9 } as const;
/** Longer than the silence of an encoder with a working connection, shorter than the time until it reconnects. */
const cutMs = 1100;

let folder: string;
let clip: readonly FlvTag[];

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'lectern-takeover-'));
  const file = path.join(folder, 'clip.flv');
  const sources = ['-f', 'lavfi', '-i', 'testsrc2=s=160x90:r=10', '-f', 'lavfi', '-i', 'sine=440:r=48000', '-t', '1'];
  await promisify(execFile)('ffmpeg', ['-v', 'error', ...sources, '-c:v', 'libx264', '-preset', 'ultrafast', '-bf', '0', '-pix_fmt', 'yuv420p', '-c:a', 'aac', '-ac', '2', '-f', 'flv', file]);
  clip = await readFlvFile(file);
});
afterAll(() => rm(folder, { recursive: true }));

describe('An encoder that takes over from another', () => {
  let station: TestIngest;
  const clients: RtmpClient[] = [];
  const sending: NodeJS.Timeout[] = [];

  beforeEach(async () => {
    station = await openTestIngest();
  });

  afterEach(async () => {
    for (const timer of sending.splice(0)) clearInterval(timer);
    for (const client of clients.splice(0)) client.close();
    await station[Symbol.asyncDispose]();
  });

  const publish = async (key: string) => {
    const client = await RtmpClient.connect(station.ingest.rtmpPort);
    clients.push(client);
    client.handshake();
    client.connectApp('live');
    client.publish(key);
    await until('a response', () => client.received.includes('NetStream.Publish.'));
    for (const { kind, timestampMs, body } of clip) {
      if (kind === 'video' || kind === 'audio') client.message({ type: rtmpType[kind], streamId: 1, timestampMs, body: Buffer.from(body) });
    }
    return client;
  };
  const keepSending = (client: RtmpClient) => {
    const audio = clip.findLast(({ kind }) => kind === 'audio');
    sending.push(setInterval(() => audio && client.message({ type: rtmpType.audio, streamId: 1, timestampMs: audio.timestampMs, body: Buffer.from(audio.body) }), 50));
  };

  it('is accepted each time when its own connection before was cut, however often within a minute', async () => {
    const { key, lecture } = await station.openCourse();
    for (let round = 1; round <= 6; round += 1) {
      const client = await publish(key);
      expect(client.received).toContain('NetStream.Publish.Start');
      await until('the session to attach', () => lecture.attachments.length === round && lecture.attached.length === 1);
      await new Promise((resolve) => setTimeout(resolve, cutMs));
    }
    expect(station.log.filter(({ msg }) => msg === 'ingestSession.takenOver')).toHaveLength(5);
  });

  it('is refused when two working encoders keep replacing each other', async () => {
    const { key, lecture } = await station.openCourse();
    for (let round = 1; round <= 4; round += 1) {
      keepSending(await publish(key));
      await until('the session to attach', () => lecture.attachments.length === round && lecture.attached.length === 1);
    }
    const fifth = await publish(key);
    expect(fifth.received).toContain('Two encoders use the stream key');
    expect(lecture.attached).toHaveLength(1);
  });

  it('is reported as silent after 3 s without media, until media arrives again', async () => {
    const { key, lecture } = await station.openCourse();
    const client = await publish(key);
    await until('the session to attach', () => lecture.attached.length === 1);
    await until('the silence', () => lecture.attached[0]?.isSilent);
    await until('the problem', () => lecture.health?.problem?.includes('Nothing has arrived'));
    keepSending(client);
    await until('the end of the silence', () => lecture.attached[0]?.isSilent === false);
    expect(lecture.attachments).toHaveLength(1);
  });
});
