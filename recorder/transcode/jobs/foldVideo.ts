import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import type { StoredFile, Storyboard, VideoRow } from '../../library/index.ts';
import { renditionsIn, summaryOf } from '../../renditions/index.ts';
import type { Manifest, ManifestRendition } from '../../renditions/index.ts';
import type { ObjectStore } from '../../storage/index.ts';
import { makeSprites, planStoryboard, storyboardIndex } from '../images/storyboard.ts';
import { replacedRetentionMs } from '../limits.ts';
import { taskJob, taskJobs, taskPriorities } from '../prepareJobs.ts';
import { assembleManifest } from './assembleManifest.ts';
import { generationPrefix, recordKey, workPrefix } from './keys.ts';
import { storeBytes, storeJson } from './storeFile.ts';
import type { TaskProgress } from './TaskProgress.ts';
import { Abandoned } from './TaskProgress.ts';
import type { TranscoderOptions } from './TranscoderOptions.ts';
import { audioTask, TaskRecord, videoTask } from './transcodePlan.ts';
import type { TranscodePlan, VideoPass } from './transcodePlan.ts';
import type { TranscodeRow } from './TranscodeStore.ts';

export interface Fold {
  row: TranscodeRow;
  plan: TranscodePlan;
  folder: string;
  progress: TaskProgress;
}

/** Makes the video play the renditions of the first pass, while the others are made. */
export async function foldFirst({ row, plan, progress }: Fold, options: TranscoderOptions): Promise<void> {
  const passes = plan.passes.filter(({ pass }) => pass === 0);
  const records = await readRecords({ row, plan, passes }, options.store);
  await switchTo({ row, manifest: assembleManifest(plan, passes, records), name: 'manifest-first.json', progress }, options);
}

/** Makes the video play all its renditions, adds its images, and removes what was needed only for the work. */
export async function foldVideo({ row, plan, folder, progress }: Fold, options: TranscoderOptions): Promise<void> {
  const { store, videos, transcodes, jobs } = options;
  const of = { videoId: row._id, generation: row.generation };
  const records = await readRecords({ row, plan, passes: plan.passes }, store);
  const manifest = assembleManifest(plan, plan.passes, records);
  await videos.setWork(row._id, { stage: 'images', share: 0 });
  const storyboard = await makeStoryboard(manifest, { of, folder, signal: progress.signal }, options);
  await progress.requireWanted();
  await videos.setWork(row._id, { stage: 'folding', share: 0 });
  await switchTo({ row, manifest, name: 'manifest.json', progress }, options);
  const waveform = records.get(audioTask(0))?.waveform;
  await videos.setImages(row._id, { ...(storyboard && { storyboard }), ...(waveform && { waveform }) });
  await videos.setWork(row._id, null);
  await jobs.add(taskJobs, { ...taskJob({ videoId: row._id, runId: row.runId, task: 'remove' }, taskPriorities.remove), delayMs: replacedRetentionMs });
  await transcodes.end(row._id, row.runId);
  await store.deletePrefix(workPrefix(of, row.runId));
}

async function readRecords({ row, plan, passes }: { row: TranscodeRow; plan: TranscodePlan; passes: readonly VideoPass[] }, store: ObjectStore): Promise<Map<string, TaskRecord>> {
  const of = { videoId: row._id, generation: row.generation };
  const tasks = [...passes.flatMap((pass) => pass.parts.map((_, part) => videoTask(pass, part))), ...plan.audio.map((_, index) => audioTask(index))];
  const records = new Map<string, TaskRecord>();
  for (const task of tasks) records.set(task, TaskRecord.parse(await readJson(store, recordKey(of, { runId: row.runId, task }))));
  return records;
}

export async function readJson(store: ObjectStore, key: string): Promise<unknown> {
  return JSON.parse((await buffer((await store.get(key)).body)).toString()) as unknown;
}

export interface Switch {
  row: TranscodeRow;
  manifest: Manifest;
  /** Of the object. */
  name: string;
  progress: Pick<TaskProgress, 'requireWanted'>;
}

/** Stores a manifest, and makes the video play it. @throws Abandoned */
export async function switchTo({ row, manifest, name, progress }: Switch, { store, videos }: Pick<TranscoderOptions, 'store' | 'videos'>): Promise<StoredFile> {
  const of = { videoId: row._id, generation: row.generation };
  const file = await storeJson(store, `${generationPrefix(of)}${name}`, manifest);
  await progress.requireWanted();
  const video = await videos.get(row._id);
  const renditions = manifest.renditions.map(summaryOf);
  const isSwitched = await videos.switchManifest(row._id, {
    generation: row.generation,
    manifest: file,
    replaced: video.manifest?.key === file.key ? video.replaced : video.manifest,
    renditions,
    // A recording keeps its own length, with which its chat was recorded.
    durationSeconds: video.source === 'recording' ? video.durationSeconds : manifest.durationMs / 1000,
    hasScreen: renditions.some(({ group }) => group === 'screen'),
    cutPoints: cutPointsOfManifest(manifest),
    bytes: bytesBeside(video) + renditions.reduce((sum, { bytes }) => sum + bytes, 0),
  });
  if (!isSwitched) throw new Abandoned('the video has been deleted, or has later renditions');
  return file;
}

/** Where segments of the main video begin and end; of the main audio, if there is no video. */
function cutPointsOfManifest(manifest: Manifest): number[] {
  const [rendition] = [...renditionsIn(manifest, 'main', 'video'), ...renditionsIn(manifest, 'main', 'audio')];
  const points = [0];
  for (const { durationMs } of rendition?.segments ?? []) points.push((points.at(-1) ?? 0) + durationMs);
  return points;
}

/** Of its source, and of what is not counted here. */
function bytesBeside(video: VideoRow): number {
  return Math.max(0, video.bytes - video.renditions.reduce((sum, { bytes }) => sum + bytes, 0));
}

interface StoryboardOf {
  of: { videoId: string; generation: number };
  folder: string;
  signal: AbortSignal;
}

/** Of the smallest rendition, which is quickly decoded. Undefined without video. */
async function makeStoryboard(manifest: Manifest, { of, folder, signal }: StoryboardOf, { store, tools }: TranscoderOptions): Promise<Storyboard | undefined> {
  const videos = manifest.renditions.filter(({ kind }) => kind === 'video');
  const ofMain = videos.filter(({ group }) => group === 'main');
  const smallest = (ofMain.length > 0 ? ofMain : videos).toSorted((a, b) => a.averageBps - b.averageBps)[0];
  if (!smallest) return undefined;
  const durationSeconds = manifest.durationMs / 1000;
  const plan = planStoryboard(durationSeconds, { widthPx: smallest.widthPx ?? 16, heightPx: smallest.heightPx ?? 9 });
  const names = await makeSprites(Readable.from(mediaOf(smallest, store), { objectMode: false }), plan, { tools, folder, signal });
  if (names.length !== plan.spriteCount) throw new Error(`the storyboard has ${names.length} sprites instead of ${plan.spriteCount}`);
  const sprites: StoredFile[] = [];
  for (const name of names) sprites.push(await storeBytes(store, `${generationPrefix(of)}${name}`, await readFile(path.join(folder, name))));
  const index = await storeBytes(store, `${generationPrefix(of)}storyboard.vtt`, Buffer.from(storyboardIndex(plan, durationSeconds)));
  return { sprites, index };
}

async function* mediaOf({ init, parts }: ManifestRendition, store: ObjectStore): AsyncGenerator<Buffer> {
  for (const { key, sha256 } of [init, ...parts]) yield* (await store.get(key, { sha256 })).body as AsyncIterable<Buffer>;
}
