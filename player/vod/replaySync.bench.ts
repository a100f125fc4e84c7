// How close two videos of a replay are while they play, after seeks and at another speed.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { bench } from '#engine/testing';
import { findBrowser } from '../../engine/setup/mediaTools.mjs';
import { makeRecording } from './testing/makeRecording.ts';
import { ReplayPage } from './testing/ReplayPage.ts';
import { serveReplay } from './testing/serveReplay.ts';

const flags = '--no-sandbox --disable-gpu --no-first-run --disable-background-networking --disable-component-update --disable-sync --autoplay-policy=no-user-gesture-required';
const samples = 60;
/** Two frames at 30 per second: a comparison of two videos has an error of a frame each. */
const frameTarget = { of: 'median', is: 'atMost', limit: 2 } as const;
const clockTarget = { of: 'median', is: 'atMost', limit: 50 } as const;

async function offsetsOf(replay: ReplayPage): Promise<{ frames: number[]; clockMs: number[] }> {
  const [frames, clockMs]: [number[], number[]] = [[], []];
  for (let sample = 0; sample < samples; sample += 1) {
    frames.push(await replay.medianFrameOffset(1));
    clockMs.push(await replay.medianClockOffsetMs(1));
  }
  return { frames, clockMs };
}

await bench('two videos of a replay', async (report) => {
  await using stack = new AsyncDisposableStack();
  const folder = stack.adopt(await mkdtemp(join(tmpdir(), 'lectern-replay-')), (it) => rm(it, { recursive: true, force: true }));
  await makeRecording({ folder: join(folder, 'recording'), durationSeconds: 60, screenSeconds: 50 });
  const server = stack.adopt(await serveReplay({ pages: join(import.meta.dirname, '../dist'), recording: join(folder, 'recording') }), (it) => it.close());
  const executablePath = findBrowser(process.env);
  if (!executablePath) throw new Error('no Chromium here; set LECTERN_CHROMIUM');
  const browser = stack.adopt(await chromium.launch({ executablePath, args: flags.split(' ') }), (it) => it.close());
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  const replay = await ReplayPage.open(page, server.url, '?t=5');

  const measure = async (name: string) => {
    report.say(name);
    const { frames, clockMs } = await offsetsOf(replay);
    report.figure({ name: `${name}: frames apart on the screen`, unit: 'frames', samples: frames, target: frameTarget });
    report.figure({ name: `${name}: clocks apart`, unit: 'ms', samples: clockMs, target: clockTarget });
  };
  await replay.playsPast(8);
  await measure('while they play');
  for (const seconds of [30, 12.5]) {
    await replay.seekTo(seconds);
    await replay.playsPast(seconds + 2);
    await measure(`after a seek to ${seconds} s`);
  }
  await replay.press('>');
  await replay.press('>');
  await replay.playsPast(25);
  await measure('at 1.5 times the speed');
});
