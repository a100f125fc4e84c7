import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { chromium } from 'playwright-core';
import { EditLists } from '../contract/index.ts';
import { contentTypeOf } from '../storage/contentTypeOf.ts';

export interface PlayedVideo {
  hasEnded: boolean;
  durationSeconds: number;
  widthPx: number;
  /** Errors of hls.js and the video element, except for stalls, which also occur on a busy machine or at the live edge. */
  problems: string[];
  /** Seeks of the player's own. */
  jumps: string[];
  buffered: string;
}

const hlsJs = createRequire(import.meta.url).resolve('hls.js/dist/hls.min.js');
const flags = ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--autoplay-policy=no-user-gesture-required'];

export interface PlayOptions {
  /** Reads a file of the recording by its path. */
  file: (name: string) => Promise<Uint8Array | string>;
  playlist: string;
  playbackRate: number;
}

/** Files of a folder, for `PlayOptions.file`. */
export function filesOf(folder: string): PlayOptions['file'] {
  return (name) => readFile(path.join(folder, path.normalize(`/${name}`)));
}

/** The init segment of each segment of a media playlist. */
function initSegments(playlist: string, content: string): [segment: string, init: string][] {
  const folder = path.posix.dirname(playlist);
  let init = '';
  return content.split('\n').flatMap((line): [string, string][] => {
    init = /^#EXT-X-MAP:URI="([^"]+)"/.exec(line)?.[1] ?? init;
    return line === '' || line.startsWith('#') || init === '' ? [] : [[path.posix.join(folder, line), path.posix.join(folder, init)]];
  });
}

/** Plays a playlist from the start with hls.js in Chromium, until it ends or has stalled for 12 s. */
export async function playInChromium(what: PlayOptions): Promise<PlayedVideo> {
  const lists = new EditLists();
  const inits = new Map<string, string>();
  // As the replay page does.
  const withoutEditList = async (name: string) => {
    const content = await what.file(name);
    if (typeof content === 'string' || name.endsWith('.m3u8')) {
      for (const [segment, init] of initSegments(name, content.toString())) inits.set(segment, init);
      return content;
    }
    const bytes = Uint8Array.from(content);
    const init = inits.get(name);
    if (init !== undefined) await new Promise<void>((resolve) => lists.segment(init, bytes.buffer, resolve));
    else lists.init(name, bytes.buffer);
    return bytes;
  };
  const server = createServer((request, response) => {
    const name = new URL(request.url ?? '/', 'http://x').pathname;
    if (name === '/') return void response.setHeader('content-type', 'text/html').end('<link rel="icon" href="data:,"><video></video><script src="/hls.js"></script>');
    const content = name === '/hls.js' ? readFile(hlsJs) : withoutEditList(name.slice(1));
    content.then(
      (bytes) => {
        response.setHeader('content-type', name === '/hls.js' ? 'text/javascript' : contentTypeOf(name));
        const [, first, last] = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '') ?? [];
        if (first === undefined || last === undefined) response.end(bytes);
        else response.writeHead(206, { 'content-range': `bytes ${first}-${last}/${bytes.length}` }).end(bytes.slice(Number(first), Number(last) + 1));
      },
      () => response.writeHead(404).end(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: flags });
  try {
    const page = await browser.newPage();
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    // As text: the page has its own globals, which this file's types do not know.
    return await page.evaluate<PlayedVideo>(`(${pageScript})(${JSON.stringify({ playlist: what.playlist, playbackRate: what.playbackRate })})`);
  } finally {
    await browser.close();
    server.close();
  }
}

const pageScript = `async ({ playlist, playbackRate }) => {
  const video = document.querySelector('video');
  // Without the nudge by which hls.js seeks when a busy machine has not decoded for a moment.
  const hls = new Hls({ startPosition: 0, highBufferWatchdogPeriod: 60 });
  const problems = [];
  const jumps = [];
  let hasEnded = false;
  hls.on(Hls.Events.ERROR, (_, data) => data.details !== 'bufferStalledError' && problems.push(data.details + ' at ' + video.currentTime.toFixed(2)));
  video.onended = () => { hasEnded = true; };
  video.onerror = () => problems.push(video.error.message);
  hls.loadSource('/' + playlist);
  hls.attachMedia(video);
  // As the replay page does: the audio may change its codec.
  hls.on(Hls.Events.MANIFEST_PARSED, () => hls.allAudioTracks.forEach((track) => { track.audioCodec = 'mp4a.40.2,opus'; }));
  await new Promise((resolve) => hls.on(Hls.Events.MANIFEST_PARSED, resolve));
  video.playbackRate = playbackRate;
  await video.play();
  video.onseeking = () => jumps.push(video.currentTime.toFixed(2));
  let lastTime = -1;
  let lastMove = performance.now();
  while (!hasEnded && performance.now() - lastMove < 60000) {
    await new Promise((resolve) => setTimeout(resolve, 50));
    if (video.currentTime === lastTime) continue;
    lastTime = video.currentTime;
    lastMove = performance.now();
  }
  const ranges = Array.from({ length: video.buffered.length }, (_, i) => video.buffered.start(i).toFixed(2) + '-' + video.buffered.end(i).toFixed(2));
  return { hasEnded, durationSeconds: video.duration, widthPx: video.videoWidth, problems, jumps, buffered: ranges.join(' ') };
}`;
