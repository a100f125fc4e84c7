import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { until } from '#engine/testing';
import { findBrowser } from '../../engine/setup/mediaTools.mjs';
import { makeRecording } from './testing/makeRecording.ts';
import { ReplayPage } from './testing/ReplayPage.ts';
import type { ReplayServer } from './testing/serveReplay.ts';
import { ReplayWorld, serveReplay } from './testing/serveReplay.ts';

const flags =
  '--no-sandbox --disable-gpu --no-first-run --disable-background-networking --disable-component-update --disable-sync --autoplay-policy=no-user-gesture-required';
/** The pages that `npm test` has built. */
const pages = join(import.meta.dirname, '../dist');
/** Within this, two videos play the same moment on any machine. How close they are is a figure of player/vod/replaySync.bench.ts. */
const sameMomentMs = 1000;

let folder: string;
let server: ReplayServer;
let browser: Browser;
let open: Page | undefined;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lectern-replay-'));
  const recording = join(folder, 'recording');
  await makeRecording({ folder: recording, durationSeconds: 60, screenSeconds: 50 });
  server = await serveReplay({ pages, recording });
  const executablePath = findBrowser(process.env);
  if (!executablePath) throw new Error('no Chromium here; set LECTERN_CHROMIUM');
  browser = await chromium.launch({ executablePath, args: flags.split(' ') });
});

beforeEach(async () => {
  await open?.context().close();
  Object.assign(server.world, new ReplayWorld(), { saved: [] });
});

afterAll(async () => {
  await browser?.close();
  await server?.close();
  if (folder) await rm(folder, { recursive: true, force: true });
});

async function watch(query = ''): Promise<ReplayPage> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  open = await context.newPage();
  return ReplayPage.open(open, server.url, query);
}

describe('two pictures', () => {
  it('show the same moment while they play, after seeks and at another speed', async () => {
    const replay = await watch('?t=5');
    await replay.playedBeyond(6);
    await until('the same moment', async () => (await replay.usualClockOffsetMs(10)) < sameMomentMs);
    for (const seconds of [30, 12.5]) {
      await replay.seekTo(seconds);
      await replay.playedBeyond(seconds + 1);
      await until(`the same moment after seeking to ${seconds} s`, async () => (await replay.usualClockOffsetMs(10)) < sameMomentMs);
    }
    await replay.seekTo(10);
    await replay.press('>');
    await replay.press('>');
    await replay.playedBeyond(12);
    expect(await replay.mainRate()).toBe(1.5);
    await until('the same moment at another speed', async () => (await replay.usualClockOffsetMs(10)) < sameMomentMs);
  });

  it('agree on the frame when paused, also after a seek', async () => {
    const replay = await watch('?t=5');
    await replay.playedBeyond(6);
    await replay.press('k');
    await replay.seekTo(33.3);
    await replay.bothSettledAt(33.3);
    expect(await replay.frameOffset()).toBeLessThanOrEqual(1);
  });

  it('become one where the screen was not shared any more, and the sound goes on', async () => {
    const replay = await watch('?t=46');
    await replay.playedBeyond(52);
    expect(await replay.places()).toEqual(['whole', 'hidden']);
    await replay.seekTo(20);
    await replay.placesBecome(['inset', 'whole']);
  });

  it('are swapped by a click on the small one, which is remembered', async () => {
    const replay = await watch('?t=5');
    await replay.playedBeyond(6);
    await replay.page.getByRole('button', { name: 'Enlarge: Camera' }).click();
    await replay.placesBecome(['whole', 'inset']);
    await replay.page.reload();
    await replay.placesBecome(['whole', 'inset']);
  });
});

describe('signed URLs', () => {
  it('are renewed when they were refused, and the position is kept', async () => {
    const replay = await watch('?t=2');
    await replay.playedBeyond(3);
    server.world.token = 'two';
    await replay.seekTo(50);
    await replay.playedBeyond(53);
    expect(server.world.playbackRequests).toBeGreaterThanOrEqual(2);
    expect(await replay.alerts()).toEqual([]);
  });

  it('stay dead when access was taken away, and the page says so calmly', async () => {
    const replay = await watch('?t=2');
    await replay.playedBeyond(3);
    server.world.isAllowed = false;
    await replay.seekTo(50);
    await replay.alertSays('You no longer have access');
    expect(await replay.isPaused()).toBe(true);
  });
});

it('says that the recording cannot be reached, and goes on by itself when it can', async () => {
  server.world.isMediaAway = true;
  const replay = await watch('?t=20');
  await replay.alertSays('cannot be reached');
  server.world.isMediaAway = false;
  await replay.playedBeyond(22);
  expect(await replay.alerts()).toEqual([]);
});

it('plays a live lecture from its beginning, grows with it, and plays on when it has ended', async () => {
  server.world.liveUntilSeconds = 12;
  const replay = await watch('?t=0');
  await replay.playedBeyond(1);
  expect(await replay.position()).toBeLessThan(6);
  await replay.page.getByRole('link', { name: 'Go to live' }).waitFor();
  await replay.seekTo(9);
  server.world.liveUntilSeconds = 32;
  await replay.durationBecomes(32);
  server.world.isMediaAway = true;
  await replay.playedBeyond(10);
  server.world.isMediaAway = false;
  server.world.liveUntilSeconds = undefined;
  await replay.durationBecomes(60);
  await replay.page.getByText('The lecture has ended.').waitFor();
});

it('shows the chat at its moment, forwards and backwards', async () => {
  server.world.messages = [4, 12, 32, 45].map((atSeconds) => ({ atSeconds, name: 'Ada', text: `said at ${atSeconds}` }));
  const replay = await watch('?t=15');
  await replay.playedBeyond(16);
  await replay.messagesBecome(['said at 4', 'said at 12']);
  await replay.seekTo(44);
  await replay.messagesBecome(['said at 4', 'said at 12', 'said at 32', 'said at 45']);
  await replay.seekTo(3);
  await replay.messagesBecome(['said at 4']);
});

it('keeps where the learner stopped and goes on there', async () => {
  const replay = await watch();
  await replay.playedBeyond(1);
  await replay.seekTo(31);
  await replay.playedBeyond(32);
  await replay.press('k');
  await expect.poll(() => server.world.saved.at(-1)?.positionSeconds, { timeout: 60_000 }).toBeGreaterThan(31);
  const again = await watch();
  await again.page.getByText('Resumed at 0:3').waitFor();
  await again.playedBeyond(32);
  await again.page.getByRole('button', { name: 'Start over' }).click();
  await expect.poll(() => again.position(), { timeout: 60_000 }).toBeLessThan(10);
});
