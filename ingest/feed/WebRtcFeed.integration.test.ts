import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createLogger } from '#engine/kernel';
import { parseAudioConfig, parseAvcConfig, readAccessUnit, readAudioTag, readVideoTag } from '#engine/media';
import type { AudioFormat, AvcConfig, EncodedFrame } from '#engine/media';
import { FakeSubscription, ManualClock, until } from '#engine/testing';
import { feedLingerMs } from '../limits.ts';
import { RecentMedia } from '../media/RecentMedia.ts';
import { SourceInspector } from '../media/SourceInspector.ts';
import { FakeRtpIngress } from '../testing/FakeRtpIngress.ts';
import { readFlvFile } from '../testing/readFlvFile.ts';
import { WebRtcFeed } from './WebRtcFeed.ts';

const run = promisify(execFile);
const originUs = Date.UTC(2030, 0, 1) * 1000;
const framesPerSecond = 30;
/** A frame number at which the source has sent for longer than the feed lingers. */
const unwatchedFrames = (feedLingerMs / 1000 + 1) * framesPerSecond;

interface Clip {
  config: AvcConfig;
  format: AudioFormat;
  frames: { kind: 'video' | 'audio'; frame: EncodedFrame }[];
}

describe('The WebRTC feed of a lecture', () => {
  let folder: string;
  let copied: Clip;
  let reencoded: Clip;
  const cleanups: (() => Promise<void> | void)[] = [];

  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'lectern-feed-'));
    copied = await makeClip('copied.flv', ['-bf', '0']);
    reencoded = await makeClip('reencoded.flv', ['-bf', '2']);
  });
  afterAll(() => rm(folder, { recursive: true }));
  afterEach(async () => {
    for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
  });

  /** 40 s at two keyframes in three seconds. */
  async function makeClip(name: string, encoding: readonly string[]): Promise<Clip> {
    const file = path.join(folder, name);
    const inputs = ['-f', 'lavfi', '-i', `testsrc2=s=160x90:r=${framesPerSecond}`, '-f', 'lavfi', '-i', 'sine=frequency=440:sample_rate=48000', '-t', '40'];
    await run('ffmpeg', ['-v', 'error', ...inputs, '-c:v', 'libx264', '-preset', 'ultrafast', '-x264-params', 'b-adapt=0', ...encoding, '-g', '45', '-pix_fmt', 'yuv420p', '-c:a', 'aac', '-ac', '2', '-f', 'flv', file]);
    const tags = await readFlvFile(file);
    const video = tags.filter(({ kind }) => kind === 'video').map((tag) => ({ ...tag, read: readVideoTag(tag.body) }));
    const audio = tags.filter(({ kind }) => kind === 'audio').map((tag) => ({ ...tag, read: readAudioTag(tag.body) }));
    const config = video.flatMap(({ read }) => (read.type === 'config' ? [parseAvcConfig(read.record)] : []))[0]!;
    const format = parseAudioConfig(audio.flatMap(({ read }) => (read.type === 'config' ? [read.config] : []))[0]!);
    const frames: Clip['frames'] = [
      ...video.flatMap(({ read, timestampMs }) => {
        if (read.type !== 'frame') return [];
        const { data, hasIdr } = readAccessUnit(read.payload, config.lengthSize);
        const decodeTimeUs = originUs + timestampMs * 1000;
        return [{ kind: 'video' as const, frame: { decodeTimeUs, presentationTimeUs: decodeTimeUs + read.compositionTimeMs * 1000, isKeyframe: hasIdr, data } }];
      }),
      ...audio.flatMap(({ read, timestampMs }) => {
        const timeUs = originUs + timestampMs * 1000;
        return read.type === 'frame' ? [{ kind: 'audio' as const, frame: { decodeTimeUs: timeUs, presentationTimeUs: timeUs, isKeyframe: true, data: Buffer.from(read.payload) } }] : [];
      }),
    ];
    return { config, format, frames: frames.sort((a, b) => a.frame.decodeTimeUs - b.frame.decodeTimeUs) };
  }

  async function open({ config, format, frames }: Clip) {
    const clock = new ManualClock();
    let started = 0;
    const logger = createLogger({ level: 'info', destination: { write: (line) => void (started += line.includes('"ffmpeg.started"') ? 1 : 0) } });
    const [recent, inspector] = [new RecentMedia(), new SourceInspector()];
    const feed = new WebRtcFeed({ ssrc: 7, originUs, recent, inspector, ffmpegCommand: 'ffmpeg', clock, logger });
    const video = await new FakeRtpIngress({ kind: 'video', ssrc: 7, payloadType: 102 }).listen();
    const audio = await new FakeRtpIngress({ kind: 'audio', ssrc: 7, payloadType: 111 }).listen();
    cleanups.push(() => video.close('unpublished'), () => audio.close('unpublished'), () => feed.close());
    inspector.videoConfig(config);
    inspector.audioFormat(format);
    feed.videoConfig(config);
    feed.audioFormat(format);
    let next = 0;
    /** Sends the source up to this frame of its video, in its own time. */
    const sendUntilFrame = (videoFrame: number) => {
      const untilUs = originUs + (videoFrame / framesPerSecond) * 1e6;
      for (; frames[next] && frames[next]!.frame.decodeTimeUs < untilUs; next += 1) {
        const { kind, frame } = frames[next]!;
        clock.advance(Math.max(0, frame.decodeTimeUs / 1000 - clock.nowMs()));
        recent.push(kind, frame);
        inspector.frame(kind, frame);
        feed.frame(kind, frame);
      }
    };
    feed.setDestination({ video, audio });
    return { feed, clock, recent, video, audio, sendUntilFrame, startedFfmpegs: () => started };
  }

  const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
  /** Waits until the packets in flight have arrived: none has for a while. */
  const settled = async ({ packets }: FakeRtpIngress) => {
    for (let before = -1; before !== packets.length; await pause(400)) before = packets.length;
  };
  const framesIn = (ingress: FakeRtpIngress, from: number) => new Set(ingress.packets.slice(from).map(({ timestamp }) => timestamp)).size;

  it('is not made for a lecture that nobody has watched for half a minute', async () => {
    const { video, sendUntilFrame } = await open(copied);
    sendUntilFrame(framesPerSecond);
    await until('the feed', () => video.packets.length > 0);
    sendUntilFrame(unwatchedFrames);
    await settled(video);
    const before = video.packets.length;
    sendUntilFrame(unwatchedFrames + 2 * framesPerSecond);
    await settled(video);
    expect(video.packets.length).toBe(before);
  });

  it('starts for the first viewer at the last keyframe, in one sequence with what was sent before', async () => {
    const { clock, recent, video, audio, sendUntilFrame, startedFfmpegs } = await open(copied);
    sendUntilFrame(unwatchedFrames);
    await settled(video);
    const [before, started] = [video.packets.length, startedFfmpegs()];
    const subscription = video.track.addSubscription(new FakeSubscription(video.track));
    audio.track.addSubscription(new FakeSubscription(audio.track));
    await subscription.resume();
    clock.advance(10);
    await until('the frames since the last keyframe', () => framesIn(video, before) >= recent.frames('video').length);
    expect(video.packets.every(({ sequence }, index) => index === 0 || sequence === ((video.packets[index - 1]!.sequence + 1) & 0xffff))).toBe(true);
    const audioBefore = audio.packets.length;
    await until('the ffmpeg of the audio', () => startedFfmpegs() > started);
    await until('the audio', () => {
      sendUntilFrame(unwatchedFrames + 3 * framesPerSecond);
      return audio.packets.length > audioBefore;
    });
  });

  it('sends the frames since the last keyframe again to a viewer who comes when all others have left', async () => {
    const { clock, recent, video, sendUntilFrame } = await open(copied);
    sendUntilFrame(framesPerSecond);
    const first = video.track.addSubscription(new FakeSubscription(video.track));
    await first.resume();
    clock.advance(10);
    first.close('participantLeft');
    await settled(video);
    const before = video.packets.length;
    const second = video.track.addSubscription(new FakeSubscription(video.track));
    await second.resume();
    clock.advance(10);
    await until('the frames since the last keyframe', () => framesIn(video, before) >= recent.frames('video').length);
    const third = video.track.addSubscription(new FakeSubscription(video.track));
    const after = video.packets.length;
    await third.resume();
    clock.advance(10);
    await settled(video);
    expect(video.packets.length).toBe(after);
  });

  it('re-encodes only while somebody watches, and says throughout that it would', async () => {
    const { feed, video, sendUntilFrame, startedFfmpegs } = await open(reencoded);
    sendUntilFrame(unwatchedFrames);
    await settled(video);
    expect(feed.isReencoded).toBe(true);
    const [before, started] = [video.packets.length, startedFfmpegs()];
    sendUntilFrame(unwatchedFrames + framesPerSecond);
    await settled(video);
    expect(video.packets.length).toBe(before);
    const subscription = video.track.addSubscription(new FakeSubscription(video.track));
    await subscription.resume();
    expect(startedFfmpegs()).toBe(started + 1);
    let frame = unwatchedFrames + framesPerSecond;
    await until('re-encoded video', () => {
      sendUntilFrame((frame += 1));
      return framesIn(video, before) > 10;
    });
  });
});
