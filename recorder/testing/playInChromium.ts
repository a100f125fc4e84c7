import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { chromium } from 'playwright-core';
import { contentTypeOf } from '../storage/contentTypeOf.ts';

export interface PlayedVideo {
  hasEnded: boolean;
  durationSeconds: number;
  widthPx: number;
  /** What hls.js and the video element complained about. */
  problems: string[];
  /** Seeks that nobody asked for. */
  jumps: string[];
  buffered: string;
}

const hlsJs = createRequire(import.meta.url).resolve('hls.js/dist/hls.min.js');
const flags = ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--autoplay-policy=no-user-gesture-required'];

/** Plays a folder's playlist from the start with hls.js in Chromium, until it has ended or stands still. */
export async function playInChromium(what: { folder: string; playlist: string; playbackRate: number }): Promise<PlayedVideo> {
  const server = createServer((request, response) => {
    const name = new URL(request.url ?? '/', 'http://x').pathname;
    if (name === '/') return void response.setHeader('content-type', 'text/html').end('<link rel="icon" href="data:,"><video></video><script src="/hls.js"></script>');
    const file = name === '/hls.js' ? hlsJs : path.join(what.folder, path.normalize(name));
    readFile(file).then(
      (body) => response.setHeader('content-type', name === '/hls.js' ? 'text/javascript' : contentTypeOf(name)).end(body),
      () => response.writeHead(404).end(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: flags });
  try {
    const page = await browser.newPage();
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    // As text: the page has its own globals, which this file's types do not know.
    return (await page.evaluate(`(${pageScript})(${JSON.stringify(what)})`)) as PlayedVideo;
  } finally {
    await browser.close();
    server.close();
  }
}

const pageScript = `async ({ playlist, playbackRate }) => {
  const video = document.querySelector('video');
  const hls = new Hls({ startPosition: 0 });
  const problems = [];
  const jumps = [];
  let hasEnded = false;
  hls.on(Hls.Events.ERROR, (_, data) => problems.push(data.details + ' at ' + video.currentTime.toFixed(2)));
  video.onended = () => { hasEnded = true; };
  video.onerror = () => problems.push(video.error.message);
  hls.loadSource('/' + playlist);
  hls.attachMedia(video);
  await new Promise((resolve) => hls.on(Hls.Events.MANIFEST_PARSED, resolve));
  video.playbackRate = playbackRate;
  await video.play();
  video.onseeking = () => jumps.push(video.currentTime.toFixed(2));
  let lastTime = -1;
  let lastMove = performance.now();
  while (!hasEnded && performance.now() - lastMove < 8000) {
    await new Promise((resolve) => setTimeout(resolve, 50));
    if (video.currentTime === lastTime) continue;
    lastTime = video.currentTime;
    lastMove = performance.now();
  }
  const ranges = Array.from({ length: video.buffered.length }, (_, i) => video.buffered.start(i).toFixed(2) + '-' + video.buffered.end(i).toFixed(2));
  return { hasEnded, durationSeconds: video.duration, widthPx: video.videoWidth, problems, jumps, buffered: ranges.join(' ') };
}`;
