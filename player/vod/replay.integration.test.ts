import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { until } from '#engine/testing';
import { findBrowser } from '../../engine/setup/mediaTools.mjs';
import { text } from '../text/index.ts';
import { makeRecording } from './testing/makeRecording.ts';
import { ReplayPage } from './testing/ReplayPage.ts';
import type { ReplayServer } from './testing/serveReplay.ts';
import { ReplayServerState, serveReplay } from './testing/serveReplay.ts';

const flags =
  '--no-sandbox --disable-gpu --no-first-run --disable-background-networking --disable-component-update --disable-sync --autoplay-policy=no-user-gesture-required';
/** The pages that `npm test` has built. */
const pages = join(import.meta.dirname, '../dist');
/** Within this, two videos play the same moment on any machine. How close they are is a figure of player/vod/replaySync.bench.ts. */
const sameMomentMs = 1000;
/** Ends a hang. */
const pageTimeoutMs = 120_000;

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
  Object.assign(server.state, new ReplayServerState(), { saved: [] });
});

afterAll(async () => {
  await browser?.close();
  await server?.close();
  if (folder) await rm(folder, { recursive: true, force: true });
});

async function watch(query = ''): Promise<ReplayPage> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  context.setDefaultTimeout(pageTimeoutMs);
  open = await context.newPage();
  return ReplayPage.open(open, server.url, query);
}

describe('two videos', () => {
  it('show the same moment while they play, after seeks and at another speed', async () => {
    const replay = await watch('?t=5');
    await replay.playsPast(6);
    await until('the same moment', async () => (await replay.medianClockOffsetMs(10)) < sameMomentMs);
    for (const seconds of [30, 12.5]) {
      await replay.seekTo(seconds);
      await replay.playsPast(seconds + 1);
      await until(`the same moment after seeking to ${seconds} s`, async () => (await replay.medianClockOffsetMs(10)) < sameMomentMs);
    }
    await replay.seekTo(10);
    await replay.press('>');
    await replay.press('>');
    await replay.playsPast(12);
    expect(await replay.mainRate()).toBe(1.5);
    await until('the same moment at another speed', async () => (await replay.medianClockOffsetMs(10)) < sameMomentMs);
  });

  it('agree on the frame when paused, also after a seek', async () => {
    const replay = await watch('?t=5');
    await replay.playsPast(6);
    await replay.press('k');
    await replay.seekTo(33.3);
    await replay.bothSettledAt(33.3);
    await until('the same frame', async () => (await replay.frameOffset()) <= 1);
  });

  it('become one where the screen ends, and the audio continues', async () => {
    const replay = await watch('?t=46');
    await replay.playsPast(52);
    expect(await replay.places()).toEqual(['whole', 'hidden']);
    await replay.seekTo(20);
    await replay.placesBecome(['inset', 'whole']);
  });

  it('are swapped by a click on the small one, also after a reload', async () => {
    const replay = await watch('?t=5');
    await replay.playsPast(6);
    await replay.page.getByRole('button', { name: text.watch.enlarge(text.watch.sources.camera) }).click();
    await replay.placesBecome(['whole', 'inset']);
    await replay.page.reload();
    await replay.placesBecome(['whole', 'inset']);
  });
});

it('shows the keyboard shortcuts, also while the controls are hidden', async () => {
  const replay = await watch('?t=5');
  await replay.playsPast(6);
  await replay.press('?');
  const dialog = replay.page.getByRole('dialog', { name: text.watch.keyboard.title });
  await dialog.waitFor();
  await replay.page.locator('media-controller[userinactive]').waitFor();
  await replay.playsPast(9);
  expect(await dialog.evaluate((element) => getComputedStyle(element).opacity)).toBe('1');
});

describe('signed URLs', () => {
  it('are renewed when they are refused, and the position is kept', async () => {
    const replay = await watch('?t=2');
    await replay.playsPast(3);
    server.state.token = 'two';
    await replay.seekTo(50);
    await replay.playsPast(53);
    expect(server.state.playbackRequests).toBeGreaterThanOrEqual(2);
    expect(await replay.alerts()).toEqual([]);
  });

  it('are not renewed when access was revoked, and the page says so', async () => {
    const replay = await watch('?t=2');
    await replay.playsPast(3);
    server.state.isAllowed = false;
    await replay.seekTo(50);
    await replay.alertSays(text.watch.problems.gone);
    expect(await replay.isPaused()).toBe(true);
  });
});

it('says that the recording cannot be reached, and continues when it can', async () => {
  server.state.isMediaUnavailable = true;
  const replay = await watch('?t=20');
  await replay.alertSays(text.watch.problems.network);
  server.state.isMediaUnavailable = false;
  await replay.playsPast(22);
  expect(await replay.alerts()).toEqual([]);
});

it('plays from the end of a gap in the audio, at which a browser waits for ever', async () => {
  server.state.hasAudioGap = true;
  const replay = await watch('?t=0');
  await replay.playsPast(5);
  expect(await replay.alerts()).toEqual([]);
});

it('plays a live lecture from its beginning, grows with it, and continues after its end', async () => {
  server.state.liveUntilSeconds = 12;
  const replay = await watch('?t=0');
  await replay.playsPast(1);
  expect(await replay.position()).toBeLessThan(6);
  await replay.page.getByRole('link', { name: text.watch.goToLive }).waitFor();
  await replay.seekTo(9);
  server.state.liveUntilSeconds = 32;
  await replay.durationBecomes(32);
  await replay.hasBuffered(11);
  server.state.isMediaUnavailable = true;
  await replay.playsPast(10);
  server.state.isMediaUnavailable = false;
  server.state.liveUntilSeconds = undefined;
  await replay.durationBecomes(60);
  await replay.page.getByText(text.watch.ended).waitFor();
});

it('shows the chat at the current position, forwards and backwards', async () => {
  server.state.messages = [4, 12, 32, 45].map((atSeconds) => ({ atSeconds, name: 'Ada', text: `said at ${atSeconds}` }));
  const replay = await watch('?t=15');
  await replay.playsPast(16);
  await replay.messagesBecome(['said at 4', 'said at 12']);
  await replay.seekTo(44);
  await replay.messagesBecome(['said at 4', 'said at 12', 'said at 32', 'said at 45']);
  await replay.seekTo(3);
  await replay.messagesBecome(['said at 4']);
});

it('saves the position and resumes there', async () => {
  const replay = await watch();
  await replay.playsPast(1);
  await replay.seekTo(31);
  await replay.playsPast(32);
  await replay.press('k');
  await expect.poll(() => server.state.saved.at(-1)?.positionSeconds, { timeout: 60_000 }).toBeGreaterThan(31);
  const again = await watch();
  await again.page.getByText(text.watch.resumedAt('0:3')).waitFor();
  await again.playsPast(32);
  await again.page.getByRole('button', { name: text.watch.startOver }).click();
  await expect.poll(() => again.position(), { timeout: 60_000 }).toBeLessThan(10);
});
