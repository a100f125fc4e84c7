import { execFile } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newId } from '#engine/kernel';
import { silentLogger, until } from '#engine/testing';
import type { MediaLocation } from '../delivery/RecordingLibrary.ts';
import type { SegmentRow } from '../journal/rows.ts';
import { openFolderObjectStore } from '../storage/FolderObjectStore.ts';
import type { ObjectStore } from '../storage/ObjectStore.ts';
import { sha256OfBytes } from '../storage/sha256.ts';
import { FaultyObjectStore } from '../storage/testing/FaultyObjectStore.ts';
import { makePoster } from './poster.ts';

const run = promisify(execFile);
const ffmpegPath = process.env['LECTERN_FFMPEG'] ?? 'ffmpeg';
const recordingId = newId('rec');

let folder: string;
let store: ObjectStore;
let workFolder: string;
const locations = new Map<string, MediaLocation>();
const segments: SegmentRow[] = [];
const library = { locate: async (_id: string, file: string) => locations.get(file) };

/** Five segments of a lecture that is black for its first second. The segments are stored, the init segment is spooled. */
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'lectern-poster-'));
  workFolder = path.join(folder, 'work');
  await mkdir(workFolder);
  store = await openFolderObjectStore(path.join(folder, 'objects'));
  const source = ['-f', 'lavfi', '-i', 'testsrc2=size=1920x1080:rate=10', '-t', '10', '-vf', "fade=in:st=0:d=1", '-pix_fmt', 'yuv420p'];
  const hls = ['-c:v', 'libx264', '-preset', 'ultrafast', '-g', '20', '-f', 'hls', '-hls_time', '2', '-hls_segment_type', 'fmp4', '-hls_segment_filename', '%06d.m4s'];
  await run(ffmpegPath, ['-nostdin', '-loglevel', 'error', ...source, ...hls, 'list.m3u8'], { cwd: folder });
  const files = (await readdir(folder)).filter((file) => file.endsWith('.m4s')).sort();
  for (const [sequence, file] of files.entries()) {
    const bytes = await readFile(path.join(folder, file));
    const sha256 = sha256OfBytes(bytes);
    const key = `recordings/${recordingId}/main-video/${file}`;
    await store.put(key, { bytes }, { contentType: 'video/mp4', sha256 });
    locations.set(`main-video/${file}`, { kind: 'stored', key, bytes: bytes.length, sha256 });
    segments.push({
      _id: newId('seg'), recordingId, track: 'main-video', sequence, epoch: 0, startMs: sequence * 2000, durationMs: 2000, wallClock: '', key,
      bytes: bytes.length, sha256, frameCount: 20, isIndependent: true, isFiller: false, state: 'stored', writtenAt: '',
    });
  }
  const init = path.join(folder, 'init.mp4');
  const bytes = await readFile(init);
  locations.set('main-video/init-0.mp4', { kind: 'file', file: init, bytes: bytes.length, sha256: sha256OfBytes(bytes) });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const options = () => ({ library, store, logger: silentLogger, ffmpegPath, workFolder });

/** True when a script has written to the file. It exists a moment before. */
async function hasContent(file: string): Promise<boolean> {
  return (await readFile(file, 'utf8').catch(() => '')) !== '';
}

async function fakeFfmpeg(script: string): Promise<string> {
  const file = path.join(folder, `ffmpeg-${newId('inc')}`);
  await writeFile(file, `#!/bin/sh\n${script}\n`);
  await chmod(file, 0o755);
  return file;
}

describe('A poster', () => {
  it('is a stored JPEG of at most 1280 pixels, and not black', async () => {
    const poster = await makePoster(recordingId, segments, options());
    expect(poster?.key).toBe(`recordings/${recordingId}/poster.jpg`);
    const file = path.join(folder, 'objects', poster?.key ?? '');
    const probe = await run('ffprobe', ['-v', 'error', '-show_entries', 'stream=codec_name,width,height', '-of', 'csv=p=0', file]);
    expect(probe.stdout.trim()).toBe('mjpeg,1280,720');
    const brightness = await run(ffmpegPath, ['-nostdin', '-i', file, '-vf', 'signalstats,metadata=print:key=lavfi.signalstats.YAVG', '-f', 'null', '-']);
    expect(Number(/YAVG=([\d.]+)/.exec(brightness.stderr)?.[1])).toBeGreaterThan(60);
    const head = await store.head(poster?.key ?? '');
    expect(head).toMatchObject({ bytes: poster?.bytes, contentType: 'image/jpeg' });
    expect(await readdir(workFolder)).toEqual([]);
  });

  it('fails with its ffmpeg, and leaves no file', async () => {
    await expect(makePoster(recordingId, segments, { ...options(), ffmpegPath: await fakeFfmpeg('exit 1') })).rejects.toThrow();
    expect(await readdir(workFolder)).toEqual([]);
  });

  it('is given up when ffmpeg hangs, and ffmpeg is killed', async () => {
    const pidFile = path.join(folder, 'pid');
    const hanging = await fakeFfmpeg(`echo $$ > ${pidFile}; exec sleep 60`);
    await expect(makePoster(recordingId, segments, { ...options(), ffmpegPath: hanging, limitSeconds: 1 })).rejects.toThrow();
    const pid = Number(await readFile(pidFile, 'utf8'));
    await until('ffmpeg to exit', () => {
      try {
        process.kill(pid, 0);
        return false;
      } catch {
        return true;
      }
    });
  });

  it('leaves no temporary files while a store does not answer', async () => {
    const silent = new FaultyObjectStore(store);
    silent.isStalled = () => true;
    const poster = makePoster(recordingId, segments, { ...options(), store: silent });
    await until('the upload', () => silent.stalledKeys.length > 0);
    expect(await readdir(workFolder)).toEqual([]);
    silent.release();
    expect(await poster).toBeDefined();
  });

  it('is given up when the server stops, with its ffmpeg and its folder', async () => {
    const counter = path.join(folder, 'started');
    const stopping = new AbortController();
    const hanging = await fakeFfmpeg(`echo x >> ${counter}; exec sleep 60`);
    const poster = makePoster(recordingId, segments, { ...options(), ffmpegPath: hanging, signal: stopping.signal });
    // It may reject before it is awaited.
    poster.catch(() => undefined);
    await until('ffmpeg', () => hasContent(counter));
    stopping.abort(new Error('stopping'));
    await expect(poster).rejects.toThrow();
    expect(await readdir(workFolder)).toEqual([]);
    expect(await readFile(counter, 'utf8')).toBe('x\n');
  });

  it('is not made of a recording without video', async () => {
    expect(await makePoster(recordingId, [], options())).toBeUndefined();
  });

  it('fails when its segment is gone', async () => {
    await expect(makePoster(recordingId, segments, { ...options(), library: { locate: async () => undefined } })).rejects.toThrow('does not exist');
  });
});
