import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { systemClock } from '../kernel/index.ts';
import type { MediaPlane } from '../lecture/ports.ts';
import { until } from '../testing/index.ts';
import { keyFrameRequestDelayMs } from './limits.ts';
import { BrowserPages, keyframeRequestsTo, seenOn } from './testing/BrowserPages.ts';
import { LossyRelay } from './testing/LossyRelay.ts';
import { newLectureId, openTwoWorkers } from './testing/openTwoWorkers.ts';
import { PlayedServer } from './testing/PlayedServer.ts';

const patientMs = 60_000;
const crowd = 4;
/** The layers of the publisher, which are requested one by one. */
const layers = 2;

let pages: BrowserPages;
beforeAll(async () => {
  pages = await BrowserPages.open();
});
afterAll(() => pages?.close());

describe.each(['direct', 'piped'] as const)('A %s viewer', (spread) => {
  let plane: MediaPlane;
  let publisher: Page;
  let published: PlayedServer;

  beforeAll(async () => {
    ({ plane } = await openTwoWorkers(spread));
    published = new PlayedServer(await plane.openRoom(newLectureId()));
    publisher = await pages.publish(published, { source: 'fakeDevices', videoCodec: 'video/H264', isSimulcast: true });
  });
  afterAll(() => plane?.close());

  /** A page that watches; it leaves when the test ends. */
  async function watch(relay?: LossyRelay): Promise<{ server: PlayedServer; page: Page }> {
    const server = new PlayedServer(published.room, published.tracks);
    if (relay) server.announce = relay.announce;
    const page = await pages.watch(server);
    onTestFinished(async () => {
      server.transport('recv').close('participantLeft');
      await page.close();
    });
    return { server, page };
  }

  const framesOn = async (page: Page) => (await seenOn(page)).framesDecoded;
  const moreFrames = async (page: Page) => {
    const before = await framesOn(page);
    await until('more frames', async () => (await framesOn(page)) > before + 5, patientMs);
  };
  /** Waits until no frame is decoded for a second. */
  const noMoreFrames = async (page: Page) => {
    let [seen, sinceMs] = [-1, 0];
    await until(
      'the video to stop',
      async () => {
        const now = await framesOn(page);
        if (now !== seen) [seen, sinceMs] = [now, systemClock.nowMs()];
        return systemClock.nowMs() - sinceMs > 1000;
      },
      patientMs,
    );
  };

  it('is on the worker that it is placed on, with both tracks', async () => {
    const { page } = await watch();
    await until('video and audio', async () => (await framesOn(page)) > 5 && (await seenOn(page)).audioEnergy > 0, patientMs);
    const lectures = plane.workers.map(({ lectures: [lecture] }) => lecture).filter((lecture) => lecture !== undefined);
    const { lectureId } = lectures[0] ?? {};
    const ofPublisher = { lectureId, pipes: 0, egressBps: expect.any(Number) as number, hasPublishers: true };
    expect(lectures.sort((a, b) => a.pipes - b.pipes)).toEqual(spread === 'direct' ? [{ ...ofPublisher, viewers: 1 }] : [{ ...ofPublisher, viewers: 0 }, { lectureId, pipes: 2, egressBps: expect.any(Number) as number, hasPublishers: false, viewers: 1 }]);
  });

  it('is sent the layer that it prefers, and the best one again', async () => {
    const { server, page } = await watch();
    await until('the first layer', () => server.layers.length > 0, patientMs);
    await server.subscriptions[0]?.setPreferredLayers({ spatialLayer: 0 });
    await until('the small layer', async () => server.layers.at(-1)?.spatialLayer === 0 && (await seenOn(page)).widthPx === 320, patientMs);
    await server.subscriptions[0]?.setPreferredLayers(null);
    await until('the best layer', async () => server.layers.at(-1)?.spatialLayer === 1 && (await seenOn(page)).widthPx === 640, patientMs);
  });

  it('gets nothing while its subscription or the track is paused, and video again after that', async () => {
    const { server, page } = await watch();
    const [subscription, track] = [server.subscriptions[0], published.tracks[0]];
    await moreFrames(page);
    await subscription?.pause();
    await noMoreFrames(page);
    await subscription?.resume();
    await moreFrames(page);
    await track?.pause();
    await noMoreFrames(page);
    await track?.resume();
    await moreFrames(page);
  });

  it('subscribes to a paused track, and gets its video when it is resumed', async () => {
    await published.tracks[0]?.pause();
    onTestFinished(() => published.tracks[0]?.resume());
    const { server, page } = await watch();
    await until('the connection', () => server.states.includes('recv connected'), patientMs);
    expect(await framesOn(page)).toBe(0);
    await published.tracks[0]?.resume();
    await moreFrames(page);
  });

  it('is sent again what its network loses', async () => {
    const relay = await LossyRelay.open();
    onTestFinished(() => relay.close());
    const { page } = await watch(relay);
    await until('lost packets that came again', async () => relay.lost > 3 && (await seenOn(page)).retransmitted > 1, patientMs);
    await moreFrames(page);
  });

  it('starts with a keyframe, and a crowd costs the publisher no more of them than the time allows', async () => {
    const { page } = await watch();
    await moreFrames(page);
    const before = { asked: await keyframeRequestsTo(publisher), atMs: systemClock.nowMs() };
    const joined = await Promise.all(Array.from({ length: crowd }, () => watch()));
    for (const viewer of joined) await until('the first frame', async () => (await framesOn(viewer.page)) > 0, patientMs);
    const [asked, passedMs] = [(await keyframeRequestsTo(publisher)) - before.asked, systemClock.nowMs() - before.atMs];
    expect(asked).toBeGreaterThan(0);
    expect(asked).toBeLessThanOrEqual(layers * (passedMs / keyFrameRequestDelayMs + 1));
  });
});
