import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LectureId } from '../contract/index.ts';
import { newId, systemClock } from '../kernel/index.ts';
import type { MediaPlane } from '../lecture/ports.ts';
import { findWorkerBinary } from '../setup/workerBinary.ts';
import { silentLogger, until } from '../testing/index.ts';
import { sfuConfig } from './config.ts';
import { createMediaPlane } from './createMediaPlane.ts';
import { BrowserPages } from './testing/BrowserPages.ts';
import { FrameCollector } from './testing/FrameCollector.ts';
import { PlayedServer } from './testing/PlayedServer.ts';
import type { PublishOptions, Seen } from './testing/publisherPage.ts';
import { pushedAudio, pushedVideo, pushRtp } from './testing/pushRtp.ts';

/** A flash and its tone are paired up to this offset. How close they are is a figure of player/e2e/bench/sync.bench.ts. */
const pairedWithinMs = 400;

describe('The media plane with a real browser', () => {
  let plane: MediaPlane;
  let pages: BrowserPages;
  beforeAll(async () => {
    const config = { ...sfuConfig.parse({ LECTERN_RTC_WORKERS: 1 }), LECTERN_RTC_PORT: 0 };
    plane = await createMediaPlane({ config, workerBin: findWorkerBinary(process.env), ffmpegCommand: 'ffmpeg', logger: silentLogger, clock: systemClock });
    pages = await BrowserPages.open();
  });
  afterAll(async () => {
    await pages?.close();
    await plane?.close();
  });

  async function openPublisher(options: PublishOptions): Promise<{ server: PlayedServer; page: Page }> {
    const server = new PlayedServer(await plane.openRoom(LectureId.parse(newId('lec'))));
    return { server, page: await pages.publish(server, options) };
  }

  async function tap(server: PlayedServer): Promise<[FrameCollector, FrameCollector]> {
    const sinks: [FrameCollector, FrameCollector] = [new FrameCollector(), new FrameCollector()];
    await server.tracks[0]?.frames.open(sinks[0]);
    await server.tracks[1]?.frames.open(sinks[1]);
    return sinks;
  }

  it('forwards camera and microphone to a viewer, and delivers their frames to a tap', async () => {
    const { server, page: publisher } = await openPublisher({ source: 'fakeDevices', videoCodec: 'video/H264', isSimulcast: true });
    const [video, audio] = await tap(server);
    const viewer = await pages.open(server);
    const watching = viewer.evaluate<Seen>(`lecternSubscribe({ request: lecternRequest }, 6000)`);
    await until('a layer', () => server.layers.length > 0);
    await server.subscriptions[0]?.setPreferredLayers({ spatialLayer: 0 });
    await until('the small layer', () => server.layers.at(-1)?.spatialLayer === 0);
    const seen = await watching;

    expect(server.states).toEqual(expect.arrayContaining(['send connected', 'recv connected']));
    expect(server.tracks.map((track) => [track.kind, track.isSimulcast])).toEqual([['video', true], ['audio', false]]);
    expect(server.tracks.map(({ hasMedia }) => hasMedia)).toEqual([true, true]);
    expect(seen).toMatchObject({ widthPx: 320 });
    expect(seen.framesDecoded).toBeGreaterThan(20);
    expect(seen.audioEnergy).toBeGreaterThan(0);
    expect(video.formats[0]).toMatchObject({ codec: 'h264' });
    expect(video.frames.length).toBeGreaterThan(20);
    expect(video.summary().shortestStepMs).toBeGreaterThan(0);
    expect(audio.frames.length).toBeGreaterThan(100);
    expect(audio.summary().shortestStepMs).toBeGreaterThan(0);
    await Promise.all([publisher.close(), viewer.close()]);
  });

  it('forwards plain RTP to a viewer', async () => {
    const room = await plane.openRoom(LectureId.parse(newId('lec')));
    const server = new PlayedServer(room);
    const [video, audio] = [await room.openRtpIngress(pushedVideo), await room.openRtpIngress(pushedAudio)];
    server.tracks.push(video.track, audio.track);
    const ffmpeg = pushRtp(video, audio, systemClock.nowMs());
    const viewer = await pages.open(server);
    const seen = await viewer.evaluate<Seen>(`lecternSubscribe({ request: lecternRequest }, 4000)`);
    ffmpeg.kill('SIGKILL');
    expect(seen).toMatchObject({ widthPx: 640 });
    expect(seen.framesDecoded).toBeGreaterThan(30);
    expect(seen.audioEnergy).toBeGreaterThan(0);
    await until('the connection that the viewer closed to close on the server', () => server.isClosed('recv'));
    await viewer.close();
  });

  it('delivers frames again when a paused track is resumed', async () => {
    const { server, page } = await openPublisher({ source: 'fakeDevices', videoCodec: 'video/H264', isSimulcast: false });
    const [video] = await tap(server);
    await until('video', () => video.frames.length > 10);
    await server.tracks[0]?.pause();
    const before = video.frames.length;
    const resumedAtMs = systemClock.nowMs();
    await server.tracks[0]?.resume();
    const next = await until('video again', () => video.frames.slice(before).find((frame) => frame.decodeTimeUs > resumedAtMs * 1000));
    expect(next.isKeyframe || video.frames.slice(before).some((frame) => frame.isKeyframe)).toBe(true);
    await page.close();
  });

  it('delivers H.264 frames of a publisher that sends VP8', async () => {
    const { server, page } = await openPublisher({ source: 'fakeDevices', videoCodec: 'video/VP8', isSimulcast: false });
    const video = new FrameCollector();
    await server.tracks[0]?.frames.open(video);
    await until('sixty pictures', () => video.frames.length > 60, 60_000);
    server.tracks[0]?.close('unpublished');
    await until('the end', () => video.isEnded);
    await page.close();
    expect(video.formats[0]).toMatchObject({ codec: 'h264', codecString: 'avc1.64001e' });
    expect(video.frames[0]?.isKeyframe).toBe(true);
    expect(video.summary().shortestStepMs).toBeGreaterThan(0);
    expect(video.summary().keyframes).toBeGreaterThan(1);
  });

  it('keeps a flash and a tone of the same moment in sync on the timeline of the tap', async () => {
    const { server, page } = await openPublisher({ source: 'tonesAndFlashes', videoCodec: 'video/H264', isSimulcast: false });
    const [video, audio] = await tap(server);
    await until('eight seconds', () => audio.frames.length > 400, 60_000);
    await page.close();
    // What is still or silent makes small frames.
    const [flashes, tones] = [beginnings(video, 4000), beginnings(audio, 40)];
    const offsetsMs = flashes.map((flash) => flash - nearest(tones, flash)).filter((offset) => Math.abs(offset) < pairedWithinMs);
    expect(offsetsMs.length).toBeGreaterThan(4);
  });
});

/** When runs of frames larger than `bytes` begin, ms. */
function beginnings({ frames }: FrameCollector, bytes: number): number[] {
  const times = frames.filter((frame) => frame.data.length > bytes).map((frame) => frame.presentationTimeUs / 1000);
  return times.filter((time, index) => time - (times[index - 1] ?? -Infinity) > 500);
}

function nearest(times: readonly number[], to: number): number {
  return times.reduce((best, time) => (Math.abs(time - to) < Math.abs(best - to) ? time : best), Infinity);
}
