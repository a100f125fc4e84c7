import { execFile } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { chromium } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { UserId, VideoId } from '#engine/contract';
import type { FileClaims } from '#engine/contract';
import { newId, openSqliteDatabase, systemClock, TokenSigner } from '#engine/kernel';
import type { Database } from '#engine/kernel';
import { silentLogger } from '#engine/testing';
import { recorderConfig } from '../config.ts';
import { createRecorder } from '../createRecorder.ts';
import { VideoStore } from '../library/index.ts';
import type { Recorder } from '../Recorder.ts';
import { openFolderObjectStore } from '../storage/FolderObjectStore.ts';
import type { ObjectStore } from '../storage/ObjectStore.ts';
import { encodeOpus, encodeProgram, shifted } from '../testing/encodedMedia.ts';
import { FakeLecture } from '../testing/FakeLecture.ts';
import { recordFrames } from '../testing/recordFrames.ts';
import { DownloadDelivery } from './DownloadDelivery.ts';

const run = promisify(execFile);
const startedAtMs = Date.UTC(2030, 0, 1);
let folder: string;
let database: Database;
let store: ObjectStore;
let recorder: Recorder;
let videos: VideoStore;
let downloads: DownloadDelivery;
const signer = new TokenSigner(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey, systemClock);
const refused = new Set<string>();

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'lectern-download-'));
  database = await openSqliteDatabase({ path: path.join(folder, 'lectern.db') });
  store = await openFolderObjectStore(path.join(folder, 'objects'));
  recorder = await createRecorder({ database, store, clock: systemClock, logger: silentLogger, config: recorderConfig.parse({}), dataFolder: folder });
  videos = new VideoStore(database);
  const gate = { mayWatch: async (_viewer: unknown, videoId: string) => !refused.has(videoId) };
  downloads = new DownloadDelivery({ signer, gate, videos, library: recorder.recordings, renditions: { manifest: () => Promise.reject(new Error('no renditions')) }, store, clock: systemClock });
});
afterAll(async () => {
  await recorder.close();
  await store.close();
  await database.close();
  await rm(folder, { recursive: true });
});

interface Broadcast {
  atMs: number;
  size: string;
  withOpus?: boolean;
}

/** A finished recording of broadcasts of four seconds each. */
async function recorded(broadcasts: readonly Broadcast[]): Promise<VideoId> {
  const lecture = new FakeLecture(startedAtMs);
  const recording = await recorder.attach(lecture);
  for (const { atMs, size, withOpus } of broadcasts) {
    const program = await encodeProgram({ folder, name: `program-${size}`, seconds: 4, size });
    const audio = withOpus ? await encodeOpus({ folder, name: 'opus', seconds: 4 }) : program.audio;
    const firstMs = (program.video.frames[0]?.presentationTimeUs ?? 0) / 1000;
    const [videoTrack, audioTrack] = [lecture.publish('video', 'program', { format: program.video.format }), lecture.publish('audio', 'program', { format: audio.format })];
    await recordFrames([
      { tap: videoTrack.frames, frames: shifted(program.video.frames, startedAtMs + atMs - firstMs) },
      { tap: audioTrack.frames, frames: shifted(audio.frames, startedAtMs + atMs - (withOpus ? 0 : firstMs)) },
    ]);
    videoTrack.frames.ended();
    lecture.unpublish(audioTrack);
  }
  await recording.finish();
  const { recordingId } = recording;
  const { durationSeconds } = await recorder.recordings.extent(recordingId);
  const row = await videos.sync({ recordingId, lectureId: lecture.lectureId, courseId: newId('crs'), title: 'Ondas', startedAt: new Date(startedAtMs).toISOString(), isFinished: true, durationSeconds, hasScreen: false });
  return VideoId.parse(row._id);
}

function ask(videoId: VideoId, headers: { method?: string; range?: string; ifRange?: string; ifNoneMatch?: string } = {}, claims: Partial<FileClaims> = {}) {
  const viewer = { userId: UserId.parse(newId('usr')), loginId: 'a login' };
  const token = signer.sign('file', { videoId, viewer, view: 'main', heightPx: null, isManager: true, ...claims }, 60);
  return downloads.serve({ method: 'GET', token, path: 'download/video.mp4', ...headers });
}

const bytesOf = async (body: Readable | Buffer | null) => (body instanceof Readable ? buffer(body) : (body ?? Buffer.alloc(0)));

async function probe(file: string): Promise<{ streams: { codec_name: string; duration: string; width?: number }[]; format: { duration: string } }> {
  return JSON.parse((await run('ffprobe', ['-v', 'error', '-show_streams', '-show_format', '-of', 'json', file])).stdout) as never;
}

describe('The download of a recording', () => {
  it('is one file over two sources of different size and a gap between them, and plays in Chromium to its end', async () => {
    const videoId = await recorded([{ atMs: 500, size: '320x180' }, { atMs: 6500, size: '640x360' }]);
    const answer = await ask(videoId);
    expect(answer.headers).toMatchObject({ 'content-type': 'video/mp4', 'accept-ranges': 'bytes', 'content-disposition': `attachment; filename="Ondas.mp4"; filename*=UTF-8''Ondas.mp4` });
    const bytes = await bytesOf(answer.body);
    expect(bytes.length).toBe(Number(answer.headers['content-length']));
    const file = path.join(folder, 'recording.mp4');
    await writeFile(file, bytes);
    const { streams, format } = await probe(file);
    expect(streams.map(({ codec_name }) => codec_name)).toEqual(['h264', 'aac']);
    const { durationSeconds } = await videos.get(videoId);
    expect(Math.abs(Number(format.duration) - durationSeconds)).toBeLessThan(0.2);
    expect(Math.abs(Number(streams[0]?.duration) - Number(streams[1]?.duration))).toBeLessThan(0.2);
    // The second source is decoded in its own size.
    const { stderr } = await run('ffmpeg', ['-v', 'error', '-i', file, '-map', '0', '-f', 'null', '-']);
    expect(stderr).toBe('');
    const played = await playFile(bytes);
    expect(played.error).toBeNull();
    expect(played).toMatchObject({ hasEnded: true, widthPx: 640 });
  });

  it('answers ranges, conditions and HEAD as RFC 9110 says', async () => {
    const videoId = await recorded([{ atMs: 0, size: '320x180' }]);
    const whole = await ask(videoId);
    const bytes = await bytesOf(whole.body);
    const { etag = '' } = whole.headers;
    expect(etag).toMatch(/^"[0-9a-f]{32}"$/);
    const middle = await ask(videoId, { range: 'bytes=1000-20000' });
    expect(middle).toMatchObject({ status: 206, headers: { etag, 'content-length': '19001', 'content-range': `bytes 1000-20000/${bytes.length}` } });
    expect((await bytesOf(middle.body)).equals(bytes.subarray(1000, 20_001))).toBe(true);
    const end = await ask(videoId, { range: 'bytes=-5', ifRange: etag });
    expect((await bytesOf(end.body)).equals(bytes.subarray(-5))).toBe(true);
    expect(await ask(videoId, { range: `bytes=${bytes.length}-` })).toMatchObject({ status: 416, headers: { 'content-range': `bytes */${bytes.length}` } });
    for (const headers of [{ range: 'bytes=0-1,5-6' }, { range: 'bytes=0-1', ifRange: '"another"' }, { method: 'HEAD', range: 'bytes=0-1' }]) {
      const { status, headers: answered, body } = await ask(videoId, headers);
      expect([status, answered['content-length']]).toEqual([200, String(bytes.length)]);
      if (body instanceof Readable) body.destroy();
    }
    expect((await ask(videoId, { ifNoneMatch: etag })).status).toBe(304);
    expect((await ask(videoId, { method: 'POST' })).status).toBe(405);
  });

  it('is refused to those who may not watch or download, after a deletion, and when the audio changes its codec', async () => {
    const videoId = await recorded([{ atMs: 0, size: '320x180' }]);
    await expect(ask(videoId, {}, { isManager: false })).rejects.toMatchObject({ code: 'video.notDownloadable' });
    await videos.setSharing(videoId, { isDownloadable: true }, '2030-01-01T00:00:00.000Z');
    expect((await ask(videoId, { method: 'HEAD' }, { isManager: false })).status).toBe(200);
    refused.add(videoId);
    await expect(ask(videoId)).rejects.toMatchObject({ code: 'access.denied' });
    const mixed = await recorded([{ atMs: 0, size: '320x180' }, { atMs: 5000, size: '320x180', withOpus: true }]);
    await expect(ask(mixed)).rejects.toMatchObject({ code: 'video.mixedFormats' });
    await expect(ask(VideoId.parse(newId('vid')))).rejects.toMatchObject({ code: 'video.notFound' });
  });
});

interface PlayedFile {
  hasEnded: boolean;
  widthPx: number;
  error: string | null;
}

/** Plays a file as a progressive download, eight times as fast. */
async function playFile(bytes: Buffer): Promise<PlayedFile> {
  const server = createServer((request, response) => {
    if (request.url === '/') return void response.setHeader('content-type', 'text/html').end('<link rel="icon" href="data:,"><video src="/video.mp4" muted></video>');
    const [, first = '0', last] = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '') ?? [];
    const end = last ? Number(last) : bytes.length - 1;
    response.writeHead(206, { 'content-type': 'video/mp4', 'accept-ranges': 'bytes', 'content-range': `bytes ${first}-${end}/${bytes.length}` }).end(bytes.subarray(Number(first), end + 1));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking', '--autoplay-policy=no-user-gesture-required'] });
  try {
    const page = await browser.newPage();
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    return await page.evaluate<PlayedFile>(`(async () => {
      const video = document.querySelector('video');
      video.playbackRate = 8;
      const ended = new Promise((resolve) => { video.onended = resolve; video.onerror = resolve; setTimeout(resolve, 60000); });
      video.play();
      await ended;
      return { hasEnded: video.ended, widthPx: video.videoWidth, error: video.error?.message ?? null };
    })()`);
  } finally {
    await browser.close();
    server.close();
  }
}
