import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import type { FlvTag } from '#engine/media';
import { until } from '#engine/testing';
import { readFlvFile, RtmpClient } from '../../ingest/testing/index.ts';

const run = promisify(execFile);
const rtmpType = { audio: 8, video: 9 } as const;
/** Messages of so long are sent together, as by the network stack of an encoder. */
const paceMs = 5;

export interface ClipOptions {
  colour: string;
  sizePx: `${number}x${number}`;
  frameRate: number;
  profile: 'baseline' | 'main' | 'high';
  bFrames: number;
  audioHz: number;
  channels: 1 | 2;
}

/** Video and audio of one encoding. */
export interface Clip {
  tags: readonly (FlvTag & { kind: 'audio' | 'video' })[];
  lengthMs: number;
}

/** A plain colour with some noise, and a tone. */
export async function encodeClip(folder: string, seconds: number, options: ClipOptions): Promise<Clip> {
  const { colour, sizePx, frameRate, profile, bFrames, audioHz, channels } = options;
  const file = path.join(folder, `${colour.slice(2)}-${sizePx}.flv`);
  const video = `color=c=${colour}:size=${sizePx}:rate=${frameRate},noise=alls=6:allf=t`;
  await run('ffmpeg', [
    ...['-v', 'error', '-y', '-f', 'lavfi', '-i', video, '-f', 'lavfi', '-i', `sine=frequency=440:sample_rate=${audioHz}`, '-t', String(seconds)],
    ...['-c:v', 'libx264', '-preset', 'veryfast', '-profile:v', profile, '-bf', String(bFrames), '-g', String(frameRate), '-sc_threshold', '0', '-pix_fmt', 'yuv420p', '-b:v', '600k'],
    ...['-c:a', 'aac', '-ar', String(audioHz), '-ac', String(channels), '-f', 'flv', file],
  ]);
  const tags = (await readFlvFile(file)).filter((tag): tag is Clip['tags'][number] => tag.kind === 'audio' || tag.kind === 'video');
  return { tags, lengthMs: seconds * 1000 };
}

/** A clip that has the audio of another of the same length from a time on. */
export function withAudioOf(clip: Clip, other: Clip, fromMs: number): Clip {
  const early = clip.tags.filter(({ kind, timestampMs }) => kind === 'video' || timestampMs < fromMs);
  const late = other.tags.filter(({ kind }) => kind === 'audio').map((tag, index) => (index === 0 ? { ...tag, timestampMs: fromMs } : tag)).filter(({ timestampMs }) => timestampMs >= fromMs);
  return { ...clip, tags: [...early, ...late].sort((a, b) => a.timestampMs - b.timestampMs) };
}

/** An encoder that changes its settings within a connection: pushes one clip after the other. Owns its connection. */
export class FlvPusher {
  readonly #client: RtmpClient;
  #atMs = 0;
  #beganAtMs = 0;

  private constructor(client: RtmpClient) {
    this.#client = client;
  }

  static async open(streamUrl: string): Promise<FlvPusher> {
    const { port, pathname } = new URL(streamUrl);
    const [, app = '', key = ''] = pathname.split('/');
    const client = await RtmpClient.connect(Number(port));
    client.handshake();
    client.connectApp(app);
    client.publish(key);
    await until('the server to accept the stream', () => client.received.includes('NetStream.Publish.Start'));
    return new FlvPusher(client);
  }

  /** Pushes it in real time, right after the clip before it, or from now on when that has ended. */
  async push({ tags, lengthMs }: Clip): Promise<void> {
    if (this.#atMs === 0) this.#beganAtMs = performance.now();
    const fromMs = Math.round(Math.max(this.#atMs, performance.now() - this.#beganAtMs));
    this.#atMs = fromMs + lengthMs;
    let sent = 0;
    while (sent < tags.length) {
      const nowMs = performance.now() - this.#beganAtMs - fromMs;
      for (let tag = tags[sent]; tag && tag.timestampMs <= nowMs; tag = tags[(sent += 1)]) {
        this.#client.message({ type: rtmpType[tag.kind], streamId: 1, timestampMs: fromMs + tag.timestampMs, body: Buffer.from(tag.body) });
      }
      await new Promise((resolve) => setTimeout(resolve, paceMs));
    }
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, this.#beganAtMs + this.#atMs - performance.now())));
  }

  close(): void {
    this.#client.close();
  }
}
