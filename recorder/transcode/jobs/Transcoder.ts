// Responsible for the jobs that make the renditions of a video: it is prepared once, and then any number of workers run its tasks. What
// is made is in the object store, with a record for each task, so a killed worker repeats only the task it was at.
import { mkdtemp, rm } from 'node:fs/promises';
import path from 'node:path';
import { CodedError } from '#engine/contract';
import type { JobHandler, RunningJob } from '#engine/kernel';
import type { VideoFailure } from '../../contract/index.ts';
import type { ObjectStore } from '../../storage/index.ts';
import { transcodeAttempts } from '../limits.ts';
import { prepareJobs, taskJob, taskJobs, taskPriorities } from '../prepareJobs.ts';
import type { TaskData } from '../prepareJobs.ts';
import { runAudioTask } from './audioTask.ts';
import { FileSource } from './FileSource.ts';
import { foldFirst, foldVideo, readJson } from './foldVideo.ts';
import { generationPrefix, planKey, recordKey, workPrefix } from './keys.ts';
import type { OpenedSource } from './OpenedSource.ts';
import { prepareRecording } from './prepareRecording.ts';
import { prepareUpload } from './prepareVideo.ts';
import { RecordingSource } from './RecordingSource.ts';
import { storeJson } from './storeFile.ts';
import { Abandoned, TaskProgress } from './TaskProgress.ts';
import { TranscodePlan, weightsOf } from './transcodePlan.ts';
import type { TaskRecord } from './transcodePlan.ts';
import { areDone } from './TranscodeStore.ts';
import type { TranscodeRow } from './TranscodeStore.ts';
import type { TranscoderOptions } from './TranscoderOptions.ts';
import { runVideoTask } from './videoTask.ts';

type PrepareData = { videoId: string };

export class Transcoder {
  readonly #options: TranscoderOptions;

  constructor(options: TranscoderOptions) {
    this.#options = options;
  }

  /** `concurrency`: tasks that run at once on this node. */
  handlers(concurrency: number): [JobHandler<PrepareData>, JobHandler<TaskData>] {
    return [
      { kind: prepareJobs, concurrency: 1, run: (job) => this.#guard(job, () => this.#prepare(job)) },
      { kind: taskJobs, concurrency, run: (job) => this.#guard(job, () => this.#runTask(job)) },
    ];
  }

  async #prepare({ data: { videoId }, signal }: RunningJob<PrepareData>): Promise<void> {
    const { videos, transcodes, store } = this.#options;
    const video = await videos.find(videoId);
    if (!video || video.deletedAt !== null || video.state === 'live') return;
    const { recordingId, sourceFile } = video;
    if (!sourceFile && (recordingId === null || video.durationSeconds <= 0)) return;
    const row = await transcodes.begin(videoId, { generation: video.generation + 1, heights: null });
    const of = { videoId, generation: row.generation };
    if (!row.isPlanned) {
      await this.#inFolder(async (folder) => {
        const progress = new TaskProgress({ videoId, runId: row.runId, task: 'prepare' }, { ...this.#options, signal, isCounted: false });
        try {
          const context = { row, video, folder, progress };
          const plan = recordingId !== null && !sourceFile ? await prepareRecording({ ...context, recordingId }, this.#options) : await prepareUpload(context, this.#options);
          await progress.requireWanted();
          await storeJson(store, planKey(of, row.runId), TranscodePlan.parse(plan));
          if (!(await transcodes.plan(row, weightsOf(plan)))) throw new Abandoned('the transcode was cancelled');
        } finally {
          await progress.close();
        }
      });
    }
    await this.#addTasks(row);
  }

  /** Adds the jobs of all tasks. Those that exist, or are done, change nothing. */
  async #addTasks({ _id: videoId, runId }: TranscodeRow): Promise<void> {
    const { transcodes, jobs, videos } = this.#options;
    const row = await transcodes.find(videoId);
    if (row?.runId !== runId) return;
    await videos.setWork(videoId, { stage: 'encoding', share: 0 });
    const hasFirst = Object.keys(row.weights).some((task) => isOfPass(task, 1));
    for (const task of Object.keys(row.weights)) {
      const priority = task.startsWith('audio-') ? taskPriorities.audio : hasFirst && isOfPass(task, 0) ? taskPriorities.first : taskPriorities.rest;
      if ((row.shares[task] ?? 0) < 1) await jobs.add(taskJobs, taskJob({ videoId, runId, task }, priority));
    }
    await this.#addFold(row);
  }

  async #runTask({ data, signal }: RunningJob<TaskData>): Promise<void> {
    const { videoId, runId, task } = data;
    if (task === 'remove') return this.#removeReplaced(data);
    const row = await this.#options.transcodes.find(videoId);
    // Cancelled, or finished by another worker.
    if (row?.runId !== runId) return;
    const progress = new TaskProgress(data, { ...this.#options, signal, isCounted: !task.startsWith('fold') });
    try {
      await this.#inFolder((folder) => this.#work(row, { task, folder, progress }));
    } finally {
      await progress.close();
    }
  }

  async #work(row: TranscodeRow, { task, folder, progress }: { task: string; folder: string; progress: TaskProgress }): Promise<void> {
    const { store } = this.#options;
    const { _id: videoId, runId, generation } = row;
    const of = { videoId, generation };
    await progress.requireWanted();
    const plan = TranscodePlan.parse(await readJson(store, planKey(of, runId)));
    if (task === 'fold') return foldVideo({ row, plan, folder, progress }, this.#options);
    if (task === 'fold-first') return foldFirst({ row, plan, folder, progress }, this.#options);
    if (!(await this.#hasRecord(of, { runId, task }))) {
      const record = await this.#make({ row, plan, task, folder, progress });
      await progress.requireWanted();
      await storeJson(store, recordKey(of, { runId, task }), record);
    }
    await this.#addFold(await progress.complete());
  }

  async #make({ row, plan, task, folder, progress }: { row: TranscodeRow; plan: TranscodePlan; task: string; folder: string; progress: TaskProgress }): Promise<TaskRecord> {
    const of = { videoId: row._id, generation: row.generation };
    const source = await this.#open(row, plan, { folder, signal: progress.signal });
    try {
      const [, group, pass, part] = /^video-(\w+)-(\d+)-(\d+)$/.exec(task) ?? [];
      const found = plan.passes.find((one) => one.group === group && one.pass === Number(pass));
      if (found) return await runVideoTask({ of, pass: found, partIndex: Number(part), source, folder, progress }, this.#options);
      return await runAudioTask({ of, plan, trackIndex: Number(task.slice('audio-'.length)), source, folder, progress }, this.#options);
    } finally {
      await source.close();
    }
  }

  async #open({ _id: videoId }: TranscodeRow, { source, durationSeconds }: TranscodePlan, { folder, signal }: { folder: string; signal: AbortSignal }): Promise<OpenedSource> {
    if (source.kind === 'recording') return new RecordingSource({ ...this.#options, recordingId: source.recordingId, folder, durationSeconds, signal });
    const { sourceFile } = await this.#options.videos.get(videoId);
    if (!sourceFile) throw new CodedError('video.damaged', 'The file of this video is missing.');
    return FileSource.open({ ...source, durationSeconds, object: sourceFile, folder, sources: this.#options.sources, signal });
  }

  async #hasRecord(of: { videoId: string; generation: number }, { runId, task }: Pick<TaskData, 'runId' | 'task'>): Promise<boolean> {
    try {
      await this.#options.store.head(recordKey(of, { runId, task }));
      return true;
    } catch (err) {
      if (err instanceof CodedError && err.code === 'object.notFound') return false;
      throw err;
    }
  }

  /** Adds the job that comes when tasks are done. */
  async #addFold(row: TranscodeRow): Promise<void> {
    const { jobs } = this.#options;
    const add = (task: 'fold' | 'fold-first') => jobs.add(taskJobs, taskJob({ videoId: row._id, runId: row.runId, task }, taskPriorities.fold));
    if (areDone(row)) return void (await add('fold'));
    const hasFirst = Object.keys(row.shares).some((task) => isOfPass(task, 1));
    const othersBegun = Object.entries(row.shares).some(([task, share]) => isOfPass(task, 1) && share >= 1);
    if (hasFirst && !othersBegun && areDone(row, (task) => !isOfPass(task, 1))) await add('fold-first');
  }

  /** Removes the files of renditions that were replaced some time ago. Images stay in the generation in which they were made. */
  async #removeReplaced({ videoId, runId }: TaskData): Promise<void> {
    const { videos, store } = this.#options;
    const video = await videos.find(videoId);
    if (!video) return;
    const { generation, posterKey, storyboard, waveform } = video;
    await videos.forgetReplaced(videoId);
    const images = new Set([posterKey, storyboard?.index.key, waveform?.key, ...(storyboard?.sprites.map(({ key }) => key) ?? [])]);
    for (let old = 1; old < generation; old += 1) await removeExcept(store, generationPrefix({ videoId, generation: old }), images);
    const of = { videoId, generation };
    if (!video.renditions.some(({ id }) => id.startsWith('source-'))) for (const name of ['source-video', 'source-audio']) await store.deletePrefix(`${generationPrefix(of)}${name}/`);
    await store.deletePrefix(workPrefix(of, runId));
  }

  /** Ends what cannot succeed, and lets the queue repeat everything else. */
  async #guard(job: RunningJob<PrepareData>, run: () => Promise<void>): Promise<void> {
    const { videoId } = job.data;
    if (job.attempt > transcodeAttempts) return this.#giveUp(job, new Error('the worker was killed each time'));
    try {
      await run();
    } catch (err) {
      if (job.signal.aborted) throw err;
      if (err instanceof Abandoned) return;
      if (err instanceof CodedError && err.code.startsWith('video.')) {
        this.#options.logger.warn({ err, videoId, jobKey: job.key }, 'transcode.failed');
        return this.#fail(videoId, { code: err.code, message: err.message });
      }
      if (job.attempt < transcodeAttempts) throw err;
      await this.#giveUp(job, err);
    }
  }

  /** The last try. A task of a transcode that was cancelled, or that only removes files, fails no video. */
  async #giveUp({ data, key }: RunningJob<PrepareData & Partial<TaskData>>, err: unknown): Promise<void> {
    const { videoId, runId, task } = data;
    this.#options.logger.error({ err, videoId, jobKey: key }, 'transcode.gaveUp');
    if (task === 'remove') return;
    if (runId !== undefined && (await this.#options.transcodes.find(videoId))?.runId !== runId) return;
    await this.#fail(videoId, { code: 'video.unfinished', message: 'The renditions could not be made.' });
  }

  async #fail(videoId: string, failure: VideoFailure): Promise<void> {
    const { transcodes, videos, store } = this.#options;
    const row = await transcodes.find(videoId);
    await videos.fail(videoId, failure);
    if (!row) return;
    await transcodes.end(videoId, row.runId);
    const video = await videos.find(videoId);
    const of = { videoId, generation: row.generation };
    // A video that is played as it was uploaded keeps those files.
    if (video?.generation !== row.generation) await store.deletePrefix(generationPrefix(of));
    else await store.deletePrefix(workPrefix(of, row.runId));
  }

  async #inFolder(use: (folder: string) => Promise<void>): Promise<void> {
    const folder = await mkdtemp(path.join(this.#options.workFolder, 'transcode-'));
    try {
      await use(folder);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }
}

function isOfPass(task: string, pass: number): boolean {
  return new RegExp(`^video-\\w+-${pass}-`).test(task);
}

async function removeExcept(store: ObjectStore, prefix: string, kept: ReadonlySet<string | null | undefined>): Promise<void> {
  for (let after: string | undefined; ; ) {
    const { objects, next } = await store.list(prefix, after === undefined ? {} : { after });
    await store.deleteMany(objects.flatMap(({ key }) => (kept.has(key) ? [] : [key])));
    if (next === null) return;
    after = next;
  }
}
