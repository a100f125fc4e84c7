import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { buffer } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { InProcessBus, JobQueue, JobWorker, newId, openSqliteDatabase, systemClock } from '#engine/kernel';
import type { Clock, Database, Logger } from '#engine/kernel';
import { openTestDatabase, silentLogger, until } from '#engine/testing';
import { VideoStore } from '../../library/index.ts';
import type { VideoRow } from '../../library/index.ts';
import { groupPlaylist, keyframePlaylist, Manifest, renditionPlaylist } from '../../renditions/index.ts';
import { openFolderObjectStore } from '../../storage/FolderObjectStore.ts';
import type { ObjectStore } from '../../storage/index.ts';
import { sha256OfFile } from '../../storage/sha256.ts';
import type { RecordingMedia } from '../jobs/RecordingSource.ts';
import { TranscodeStore } from '../jobs/TranscodeStore.ts';
import { openTranscoding } from '../openTranscoding.ts';
import type { Transcoding } from '../openTranscoding.ts';
import { prepareJob, prepareJobs } from '../prepareJobs.ts';
import { noBrake } from '../tools/Brake.ts';

export const ffmpegPath = process.env['LECTERN_FFMPEG'] ?? 'ffmpeg';
const run = promisify(execFile);
const noRecordings: RecordingMedia = { segments: async () => [], locate: async () => undefined };

/** Videos, jobs and workers over a folder, as a server has them. */
export class TranscodeBench {
  readonly folder: string;
  readonly database: Database;
  readonly store: ObjectStore;
  readonly videos: VideoStore;
  readonly jobs: JobQueue;
  readonly transcodes: TranscodeStore;
  readonly #bus = new InProcessBus({ clock: systemClock, logger: silentLogger });
  readonly #closing: (() => Promise<void>)[] = [];

  private constructor(folder: string, { database, store }: { database: Database; store: ObjectStore }) {
    this.folder = folder;
    this.database = database;
    this.store = store;
    this.videos = new VideoStore(database);
    this.jobs = new JobQueue({ database, bus: this.#bus, clock: systemClock });
    this.transcodes = new TranscodeStore(database);
  }

  /** With a folder: over the database file and the store in it. */
  static async open(given?: { folder: string }): Promise<TranscodeBench> {
    const folder = given?.folder ?? (await mkdtemp(path.join(tmpdir(), 'lectern-transcode-')));
    const database = given ? await openSqliteDatabase({ path: path.join(folder, 'lectern.db') }) : await openTestDatabase();
    return new TranscodeBench(folder, { database, store: await openFolderObjectStore(path.join(folder, 'objects')) });
  }

  /** Starts a worker of its own. */
  async worker({ recordings = noRecordings, store = this.store, logger = silentLogger, ffmpeg = ffmpegPath, transcodes = 2, brake = noBrake, clock = systemClock }: { clock?: Clock; recordings?: RecordingMedia; store?: ObjectStore; logger?: Logger; ffmpeg?: string; transcodes?: number; brake?: typeof noBrake } = {}): Promise<{ worker: JobWorker; transcoding: Transcoding; stop: () => Promise<void> }> {
    const workFolder = await mkdtemp(path.join(this.folder, 'work-'));
    const queue = new JobQueue({ database: this.database, bus: this.#bus, clock });
    const worker = new JobWorker({ queue, bus: this.#bus, clock, logger, maxJobs: 4 });
    const config = { LECTERN_TRANSCODES: transcodes, LECTERN_TRANSCODE_THREADS: 2, LECTERN_TRANSCODE_YIELDS: true, LECTERN_LANGUAGE: 'en' };
    const transcoding = await openTranscoding({ config, ffmpegPath: ffmpeg, database: this.database, videos: this.videos, recordings, store, jobs: this.jobs, workFolder, environment: process.env, isLectureLive: async () => false, clock: systemClock, logger, brake });
    const [prepare, tasks] = transcoding.handlers;
    worker.handle(prepare);
    worker.handle(tasks);
    await worker.start();
    const stop = async () => {
      await worker.close();
      await transcoding.close();
    };
    this.#closing.push(stop);
    return { worker, transcoding, stop };
  }

  /** Stores a file as the source of a new video, and adds its job. */
  async upload(file: string): Promise<string> {
    const videoId = newId('vid');
    const sha256 = await sha256OfFile(file);
    const key = `videos/${videoId}/source/upl_1`;
    // The store links files into its folder. The test keeps its own.
    const copy = `${file}.upload`;
    const content = await readFile(file);
    await writeFile(copy, content);
    await this.store.put(key, { file: copy }, { contentType: 'application/octet-stream', sha256 });
    await rm(copy);
    await this.videos.createUpload({ videoId, courseId: newId('crs'), createdBy: newId('usr'), title: path.basename(file), sourceFile: { key, bytes: content.length, sha256, fileName: path.basename(file), contentType: 'video/mp4' }, createdAt: new Date().toISOString() });
    await this.jobs.add(prepareJobs, prepareJob(videoId));
    return videoId;
  }

  /** The row of a video when nothing is made of it any more. */
  async finished(videoId: string, limitMs = 240_000): Promise<VideoRow> {
    return until(`the end of ${videoId}`, async () => {
      const row = await this.videos.get(videoId);
      const isAtWork = row.work !== null || (await this.transcodes.find(videoId)) !== undefined;
      return isAtWork ? undefined : row;
    }, limitMs);
  }

  async manifest({ manifest }: VideoRow): Promise<Manifest> {
    if (!manifest) throw new Error('the video has no manifest');
    return Manifest.parse(JSON.parse((await this.bytes(manifest.key)).toString()));
  }

  async bytes(key: string): Promise<Buffer> {
    return buffer((await this.store.get(key)).body);
  }

  async keys(prefix: string): Promise<string[]> {
    return (await this.store.list(prefix)).objects.map(({ key }) => key);
  }

  /** Writes the playlists and files of a video as delivery serves them, and returns the folder. */
  async export(row: VideoRow): Promise<string> {
    const folder = path.join(this.folder, `export-${row._id}`);
    const manifest = await this.manifest(row);
    await mkdir(folder, { recursive: true });
    for (const group of ['main', 'screen'] as const) {
      const text = groupPlaylist(manifest, group);
      if (text !== undefined) await writeFile(path.join(folder, `${group}.m3u8`), text);
    }
    for (const rendition of manifest.renditions) {
      await writeFile(path.join(folder, `${rendition.id}.m3u8`), renditionPlaylist(rendition, row.generation));
      const keyframes = keyframePlaylist(rendition, row.generation);
      if (keyframes !== undefined) await writeFile(path.join(folder, `${rendition.id}-iframes.m3u8`), keyframes);
      const media = path.join(folder, `${row.generation}`, rendition.id);
      await mkdir(media, { recursive: true });
      await writeFile(path.join(media, 'init.mp4'), await this.bytes(rendition.init.key));
      for (const [index, part] of rendition.parts.entries()) await writeFile(path.join(media, `${index}.mp4`), await this.bytes(part.key));
    }
    return folder;
  }

  /** Stops the workers. */
  async leaveWorkers(): Promise<void> {
    for (const stop of this.#closing.splice(0)) await stop();
  }

  /** Closes the database only, for another process. */
  async leave(): Promise<void> {
    await this.leaveWorkers();
    await this.database.close();
  }

  async close(): Promise<void> {
    await this.leave();
    await rm(this.folder, { recursive: true, force: true });
  }
}

/** Frames and audio samples that ffmpeg decodes of a playlist, and its complaints. */
export async function decoded(playlist: string): Promise<{ frames: number; problems: string }> {
  const { stdout, stderr } = await run(ffmpegPath, ['-nostdin', '-v', 'warning', '-threads', '1', '-i', path.basename(playlist), '-map', '0', '-f', 'framecrc', '-'], { cwd: path.dirname(playlist), maxBuffer: 2 ** 26 });
  return { frames: stdout.split('\n').filter((line) => /^\d/.test(line)).length, problems: stderr };
}

/** Makes a test file with ffmpeg. */
export async function make(folder: string, name: string, args: readonly string[]): Promise<string> {
  await run(ffmpegPath, ['-nostdin', '-v', 'error', '-y', ...args, name], { cwd: folder, maxBuffer: 2 ** 24 });
  return path.join(folder, name);
}

export async function leftovers(folder: string): Promise<string[]> {
  return (await readdir(folder, { recursive: true })).filter((name) => /work-\w+\/transcode-/.test(name));
}
