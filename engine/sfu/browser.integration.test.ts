import path from 'node:path';
import { chromium } from 'playwright-core';
import type { Browser, Page } from 'playwright-core';
import { build } from 'vite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LectureId } from '../contract/index.ts';
import type { DtlsParameters, RtpCapabilities, RtpParameters, TrackKind } from '../contract/index.ts';
import { newId, systemClock } from '../kernel/index.ts';
import type { ClientTransport, MediaPlane, MediaRoom, MediaSubscription, MediaTrack } from '../lecture/ports.ts';
import { findWorkerBinary } from '../setup/workerBinary.ts';
import { silentLogger, until } from '../testing/index.ts';
import { sfuConfig } from './config.ts';
import { createMediaPlane } from './createMediaPlane.ts';
import { GatheredFrames } from './testing/GatheredFrames.ts';
import type { PublishOptions } from './testing/publisherPage.ts';

const chromiumFlags =
  '--no-sandbox --disable-gpu --no-first-run --disable-background-networking --disable-component-update --disable-sync --use-fake-device-for-media-stream --use-fake-ui-for-media-stream --autoplay-policy=no-user-gesture-required';

async function bundle(entry: string): Promise<string> {
  const built = await build({
    configFile: false,
    logLevel: 'silent',
    build: { write: false, minify: false, lib: { entry, formats: ['iife'], name: 'lectern' } },
  });
  const [output] = Array.isArray(built) ? built : [built];
  if (!output || !('output' in output)) throw new Error('vite gave no bundle');
  return output.output[0].code;
}

/** The other side of publisherPage.ts: signaling without a wire. */
class PlayedServer {
  readonly tracks: MediaTrack[] = [];
  readonly states: string[] = [];
  readonly #room: MediaRoom;
  readonly #transports = new Map<string, ClientTransport>();
  subscriptions: MediaSubscription[] = [];

  constructor(room: MediaRoom) {
    this.#room = room;
  }

  transport(direction: string): ClientTransport {
    const transport = this.#transports.get(direction);
    if (!transport) throw new Error(`no ${direction} transport`);
    return transport;
  }

  async request(method: string, data: Record<string, unknown>): Promise<unknown> {
    const direction = data['direction'] as 'send' | 'recv';
    switch (method) {
      case 'capabilities':
        return this.#room.rtpCapabilities;
      case 'transport': {
        const transport = await this.#room.openClientTransport(direction);
        this.#transports.set(direction, transport);
        return transport.parameters;
      }
      case 'connect':
        return this.transport(direction).connect(data['dtlsParameters'] as DtlsParameters);
      case 'state':
        return this.states.push(`${direction} ${String(data['state'])}`);
      case 'publish': {
        const { kind, rtpParameters } = data as { kind: TrackKind; rtpParameters: RtpParameters };
        const track = await this.transport('send').publish({ kind, rtpParameters, isPaused: false });
        this.tracks.push(track);
        return track.id;
      }
      case 'subscribe':
        this.subscriptions = await Promise.all(
          this.tracks.map((track) => this.transport('recv').subscribe(track, data['rtpCapabilities'] as RtpCapabilities)),
        );
        return this.subscriptions.map(({ parameters }) => ({ ...parameters, producerId: parameters.trackId }));
      case 'resume':
        return Promise.all(this.subscriptions.map((subscription) => subscription.resume()));
      default:
        throw new Error(`unknown request ${method}`);
    }
  }
}

describe('The media plane with a real browser', () => {
  let plane: MediaPlane;
  let browser: Browser;
  let script: string;
  beforeAll(async () => {
    const config = { ...sfuConfig.parse({ LECTERN_RTC_WORKERS: 1 }), LECTERN_RTC_PORT: 0 };
    plane = await createMediaPlane({ config, workerBin: findWorkerBinary(process.env), logger: silentLogger, clock: systemClock });
    script = await bundle(path.join(import.meta.dirname, 'testing/publisherPage.ts'));
    browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: chromiumFlags.split(' ') });
  });
  afterAll(async () => {
    await browser?.close();
    await plane?.close();
  });

  async function openPage(server: PlayedServer): Promise<Page> {
    const page = await browser.newPage();
    await page.exposeFunction('lecternRequest', (method: string, data: Record<string, unknown>) => server.request(method, data));
    await page.route('http://localhost/', (route) => route.fulfill({ contentType: 'text/html', body: '<!doctype html><title>t</title>' }));
    await page.goto('http://localhost/');
    await page.addScriptTag({ content: script });
    return page;
  }

  const publish = (page: Page, options: PublishOptions) =>
    page.evaluate(`lecternPublish({ request: lecternRequest }, ${JSON.stringify(options)})`);

  it('takes camera and microphone, gives them to a viewer, and their frames to a tap', async () => {
    const server = new PlayedServer(await plane.openRoom(LectureId.parse(newId('lec'))));
    const publisher = await openPage(server);
    await publish(publisher, { source: 'fakeDevices', videoCodec: 'video/H264', isSimulcast: true });
    const [video, audio] = server.tracks;
    const [pictures, sounds] = [new GatheredFrames(), new GatheredFrames()];
    await video?.frames.open(pictures);
    await audio?.frames.open(sounds);
    const viewer = await openPage(server);
    const seen = await viewer.evaluate(`lecternSubscribe({ request: lecternRequest }, 6000)`);
    console.log(server.states, seen, pictures.summary(), sounds.summary(), pictures.formats.map((f) => f.codecString + ' ' + ('widthPx' in f ? f.widthPx : '')));
    await publisher.close();
    await viewer.close();
  });

  it('keeps flash and click of one moment together on the timeline of the tap', async () => {
    const server = new PlayedServer(await plane.openRoom(LectureId.parse(newId('lec'))));
    const publisher = await openPage(server);
    await publish(publisher, { source: 'clicksAndFlashes', videoCodec: 'video/H264', isSimulcast: false });
    const [pictures, sounds] = [new GatheredFrames(), new GatheredFrames()];
    await server.tracks[0]?.frames.open(pictures);
    await server.tracks[1]?.frames.open(sounds);
    await until('20 s', () => sounds.frames.length > 1000, 30000);
    await publisher.close();
    const beginnings = (frames: GatheredFrames, over: number) => {
      const times: number[] = [];
      let last = -Infinity;
      for (const f of frames.frames) if (f.data.length > over) { if (f.presentationTimeUs - last > 500_000) times.push(f.presentationTimeUs / 1000); last = f.presentationTimeUs; }
      return times;
    };
    const sizes = (g: GatheredFrames) => g.frames.slice(100, 200).map((f) => f.data.length).join(' ');
    console.log(sizes(pictures), '\n', sizes(sounds));
    const v = beginnings(pictures, 4000), a = beginnings(sounds, 40);
    console.log(v.map((t) => { const n = a.reduce((x, y) => Math.abs(y - t) < Math.abs(x - t) ? y : x, 1e18); return (t - n).toFixed(1); }).join(' '));
  });
});
