import { execFile } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { chromium } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { isCoded, UserId, VideoId } from '#engine/contract';
import { newId, TokenSigner } from '#engine/kernel';
import type { Database } from '#engine/kernel';
import { ManualClock, openTestDatabase, silentLogger } from '#engine/testing';
import { MediaDelivery } from '../delivery/MediaDelivery.ts';
import { Edits } from '../edits/index.ts';
import { videoCollection, VideoStore } from '../library/index.ts';
import { summaryOf, VideoMedia } from '../renditions/index.ts';
import { makeLadder } from '../renditions/testing/makeLadder.ts';
import { openFolderObjectStore } from '../storage/FolderObjectStore.ts';
import type { ObjectStore } from '../storage/index.ts';
import { CaptionMedia } from './CaptionMedia.ts';
import { CaptionStore } from './CaptionStore.ts';

const run = promisify(execFile);
const ffmpegPath = process.env['LECTERN_FFMPEG'] ?? 'ffmpeg';
const require = createRequire(import.meta.url);
const pages = { '/hls.js': require.resolve('hls.js/dist/hls.min.js'), '/shaka.js': require.resolve('shaka-player/dist/shaka-player.compiled.js') };
const flags = ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--autoplay-policy=no-user-gesture-required'];
const seconds = 16;
const videoId = VideoId.parse(newId('vid'));
const clock = new ManualClock();
const cue = (startMs: number, endMs: number, text: string) => ({ startMs, endMs, text });

let folder: string;
let database: Database;
let store: ObjectStore;
let server: Server;
let base: string;
let delivery: MediaDelivery;
let ids: string[];

/** An upload of 16 s with captions in two languages, of which 4 to 8 s and 10 to 12 s are cut, behind the real delivery. */
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'lectern-captions-'));
  database = await openTestDatabase();
  store = await openFolderObjectStore(path.join(folder, 'objects'));
  const videos = new VideoStore(database);
  const sourceFile = { key: `videos/${videoId}/source/upl`, bytes: 1000, sha256: '0'.repeat(64), fileName: 'waves.mov', contentType: 'video/quicktime' };
  await videos.createUpload({ videoId, courseId: newId('crs'), createdBy: newId('usr'), title: 'Waves', sourceFile, createdAt: '2030-01-01T10:00:00.000Z' });
  const made = await makeLadder({ videoId, generation: 1, store, folder, seconds });
  await videos.switchManifest(videoId, { generation: 1, manifest: made.file, renditions: made.manifest.renditions.map(summaryOf), durationSeconds: seconds, hasScreen: false, bytes: 5000 });
  const cut = { cutAt: '2030-01-01T10:00:00.000Z', cutBy: null, purgedAt: null };
  await database.collection(videoCollection).updateOne({ _id: videoId }, { $set: { cuts: [{ ...cut, id: 'cut_1', startMs: 4000, endMs: 8000 }, { ...cut, id: 'cut_2', startMs: 10_000, endMs: 12_000 }] } });
  const captions = new CaptionStore({ database, clock });
  const english = await captions.add(videoId, { language: 'en', label: 'English', cues: [cue(1000, 2000, 'one'), cue(5000, 6000, 'never'), cue(8500, 9500, '<b>two</b>'), cue(12_500, 13_500, 'three')] });
  const spanish = await captions.add(videoId, { language: 'es', label: 'Español', cues: [cue(1000, 2000, 'uno'), cue(8500, 9500, 'dos')] });
  ids = [english._id, spanish._id];
  const signer = new TokenSigner(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey, clock);
  delivery = new MediaDelivery({
    signer,
    library: { playlist: async () => undefined, locate: async () => undefined },
    renditions: new VideoMedia({ videos, store, clock }),
    edits: new Edits({ videos, store, clock }),
    captions: new CaptionMedia({ videos, captions, clock }),
    posters: videos,
    gate: { mayWatch: async () => true },
    ...{ store, clock, logger: silentLogger, isRedirecting: false },
  });
  const token = signer.sign('playback', { videoId, recordingId: null, viewer: { userId: UserId.parse(newId('usr')), loginId: 'x' } }, 3600);
  server = createServer((request, response) => void respond(request.url ?? '', request.headers.range).then(
    async ({ status, headers, body }) => {
      response.writeHead(status, headers);
      await (body instanceof Readable ? pipeline(body, response).catch(() => undefined) : response.end(body ?? undefined));
    },
    (err: unknown) => void response.writeHead(isCoded(err) ? 404 : 500).end(),
  ));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}/media/${token}`;
}, 120_000);
afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await store.close();
  await database.close();
  await rm(folder, { recursive: true, force: true });
});

async function respond(url: string, range: string | undefined): Promise<{ status: number; headers: Record<string, string>; body: Readable | Buffer | null }> {
  const script = pages[url as keyof typeof pages];
  if (script !== undefined) return { status: 200, headers: { 'content-type': 'text/javascript' }, body: await readFile(script) };
  if (url === '/') return { status: 200, headers: { 'content-type': 'text/html' }, body: Buffer.from('<link rel="icon" href="data:,"><div id="box"><video muted></video></div><script src="/hls.js"></script><script src="/shaka.js"></script>') };
  const [, , token = '', ...rest] = url.split('/');
  return delivery.serve({ method: 'GET', token, path: rest.join('/'), ...(range !== undefined && { range }) });
}

it('ffmpeg sees the captions of both languages in the multivariant playlist, and reads them in edited time', async () => {
  const { stderr } = await run(ffmpegPath, ['-hide_banner', '-i', `${base}/v/main.m3u8`, '-t', '0.1', '-f', 'null', '-']);
  for (const id of ids) expect(stderr).toContain(`../c/${id}/v/h264-`);
  const list = (await (await fetch(`${base}/v/main.m3u8`)).text()).split('\n').find((line) => line.includes('LANGUAGE="en"')) ?? '';
  const uri = /URI="([^"]+)"/.exec(list)?.[1] ?? '';
  const { stdout } = await run(ffmpegPath, ['-nostdin', '-loglevel', 'error', '-i', new URL(uri, `${base}/v/main.m3u8`).href, '-f', 'srt', '-']);
  const lines = stdout.split('\n').map((line) => line.trim()).filter((line) => line !== '' && !/^\d+$/.test(line));
  expect(lines).toEqual(['00:00:01,000 --> 00:00:02,000', 'one', '00:00:04,500 --> 00:00:05,500', '<b>two</b>', '00:00:06,500 --> 00:00:07,500', 'three']);
});

/** Cues as `start text` of each player, after it has loaded the whole video. */
const scripts = {
  'hls.js': `async (url) => {
    const video = document.querySelector('video');
    const hls = new Hls({ maxBufferLength: 60 });
    const languages = new Promise((resolve) => hls.on(Hls.Events.SUBTITLE_TRACKS_UPDATED, (_, { subtitleTracks }) => subtitleTracks.length && resolve(subtitleTracks.map(({ lang }) => lang))));
    hls.loadSource(url);
    hls.attachMedia(video);
    const found = await languages;
    hls.subtitleTrack = found.indexOf('en');
    await video.play();
    const cues = () => [...video.textTracks].filter(({ language, cues }) => language === 'en' && cues).flatMap(({ cues }) => [...cues]).map(({ startTime, text }) => [startTime, text.replace(/<[^>]*>/g, '')]);
    return { languages: found, cues: await untilThree(cues) };
  }`,
  Shaka: `async (url) => {
    const video = document.querySelector('video');
    const shown = new Map();
    const player = new shaka.Player();
    player.configure({ textDisplayFactory: () => ({
      append: (cues) => { const add = (cue) => { const text = cue.payload || cue.nestedCues.map(({ payload }) => payload).join(''); shown.set(cue.startTime.toFixed(3) + text, [cue.startTime, text]); }; cues.forEach(add); },
      remove: () => true, isTextVisible: () => true, setTextVisibility: () => {}, setTextLanguage: () => {}, configure: () => {}, destroy: () => Promise.resolve(), enableTextDisplayer: () => {},
    }) });
    await player.attach(video);
    await player.load(url);
    const tracks = player.getTextTracks();
    player.selectTextTrack(tracks.find(({ language }) => language === 'en'));
    await player.setTextTrackVisibility?.(true);
    await video.play();
    return { languages: tracks.map(({ language }) => language), cues: await untilThree(() => [...shown.values()]) };
  }`,
};
const untilThree = `const untilThree = async (read) => {
  const end = performance.now() + 60000;
  while (read().length < 3 && performance.now() < end) await new Promise((resolve) => setTimeout(resolve, 100));
  return read().sort((a, b) => a[0] - b[0]);
};`;

it.each(Object.entries(scripts))('%s in Chromium has the captions at their moments, before and after two cuts', async (_player, script) => {
  const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: flags });
  try {
    const page = await browser.newPage();
    await page.goto(new URL('/', base).href);
    const { languages, cues } = await page.evaluate<{ languages: string[]; cues: [number, string][] }>(`(() => { ${untilThree} return (${script})(${JSON.stringify(`${base}/v/main.m3u8`)}); })()`);
    expect(languages.toSorted()).toEqual(['en', 'es']);
    expect(cues.map(([, text]) => text)).toEqual(['one', 'two', 'three']);
    for (const [index, at] of [1, 4.5, 6.5].entries()) expect(Math.abs((cues[index]?.[0] ?? 0) - at)).toBeLessThan(0.15);
  } finally {
    await browser.close();
  }
}, 120_000);
