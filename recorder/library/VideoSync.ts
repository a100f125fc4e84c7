// Responsible for keeping the videos in sync with the journal, also when the database has refused writes in between, and for
// having their posters made. Owns the attempts in progress, and ends them.
import { background, KeyedMutex, retryUntilPersisted } from '#engine/kernel';
import type { Clock, JobQueue, Logger } from '#engine/kernel';
import type { VideoRow, VideoStore } from './index.ts';
import type { Recorder } from '../Recorder.ts';
import { prepareJob, prepareJobs } from '../transcode/prepareJobs.ts';
import { posterJob, posterJobs } from './posterJobs.ts';
import { lastVideoWritesTimeoutMs, maxPostersAtStart } from '../limits.ts';

/** The video of a recording. */
export type RecordedVideo = VideoRow & { recordingId: string };

export interface VideoSyncOptions {
  recorder: Recorder;
  videos: VideoStore;
  /** Makes the posters. */
  jobs: JobQueue;
  clock: Clock;
  logger: Logger;
  titleOf: (lectureId: string) => Promise<string>;
  /** The video of a finished recording exists. May be called again for one; a failure is retried. */
  onReady?: (video: RecordedVideo) => Promise<void>;
  /** Makes the renditions of recordings when they are finished. Default: false. */
  makesRenditions?: boolean;
}

export class VideoSync {
  readonly #options: VideoSyncOptions;
  /** By recording: rows are read and written by one attempt at a time. */
  readonly #mutex = new KeyedMutex();
  /** Recordings whose videos are being retried. */
  readonly #failed = new Set<string>();
  readonly #closing = new AbortController();
  readonly #unsubscribe: () => void;

  constructor(options: VideoSyncOptions) {
    const { recorder, logger } = options;
    this.#options = options;
    this.#unsubscribe = recorder.onEvent(({ type, recordingId }) => background(`videos.${type}`, this.#sync(recordingId), logger));
  }

  /**
   * Updates the videos that an earlier run did not update. Resolves after one attempt for each; retries and missing posters
   * follow in the background.
   */
  async catchUp(): Promise<void> {
    const { logger } = this.#options;
    for (const recordingId of await this.#outOfSync()) await this.#sync(recordingId);
    background('videos.catchUpUnmarked', this.#catchUpUnmarked(), logger);
    background('videos.catchUpPosters', this.#catchUpPosters(), logger);
  }

  /** Reads only what may be out of sync: a finished recording that its video shows does not change again. */
  async #outOfSync(): Promise<Set<string>> {
    const { recorder, videos } = this.#options;
    const rows = [...(await recorder.journal.openRecordings()), ...(await recorder.journal.notShown())];
    return new Set([...rows.map(({ _id }) => _id), ...(await videos.liveRecordings())]);
  }

  /** Gives the video of a lecture its new title. Waits for a video that is being created with the old one. */
  async rename(lectureId: string, title: string): Promise<void> {
    const { recorder, videos } = this.#options;
    const recording = await recorder.journal.ofLecture(lectureId);
    if (recording) await this.#mutex.run(recording._id, () => videos.rename(lectureId, title));
  }

  async close(): Promise<void> {
    this.#unsubscribe();
    this.#closing.abort(new Error('the videos are closing'));
    await this.#mutex.waitUntilSettled(lastVideoWritesTimeoutMs, this.#options.clock);
  }

  /** Marks the recordings of older versions, once in the life of a database. */
  async #catchUpUnmarked(): Promise<void> {
    for await (const { _id } of this.#options.recorder.journal.unmarked()) {
      if (this.#closing.signal.aborted) return;
      await this.#sync(_id);
    }
  }

  async #catchUpPosters(): Promise<void> {
    const { jobs, videos } = this.#options;
    for (const { recordingId } of await videos.withoutPoster(maxPostersAtStart)) if (recordingId !== null) await jobs.add(posterJobs, posterJob(recordingId));
  }

  /** Updates the video of a recording. Resolves after the first attempt; retries follow in the background. */
  async #sync(recordingId: string): Promise<void> {
    const { clock, logger } = this.#options;
    const update = () => this.#mutex.run(recordingId, () => this.#project(recordingId));
    try {
      await update();
    } catch (err) {
      // A retry is scheduled already, and reads the rows again.
      if (this.#failed.has(recordingId)) return;
      logger.error({ err, recordingId }, 'video.syncFailed');
      this.#failed.add(recordingId);
      background('videos.sync', retryUntilPersisted(update, { clock, signal: this.#closing.signal }), logger);
    }
  }

  async #project(recordingId: string): Promise<void> {
    const { recorder, videos, titleOf, onReady } = this.#options;
    const recording = await recorder.journal.recording(recordingId);
    if (!recording) throw new Error(`${recordingId} is not in the journal`);
    const { lectureId, courseId, startedAt, state } = recording;
    const before = await videos.ofRecording(recordingId);
    const title = before?.title ?? (await titleOf(lectureId));
    const extent = await recorder.recordings.extent(recordingId);
    const video = await videos.sync({ recordingId, lectureId, courseId, startedAt, title, isFinished: state === 'finished', ...extent });
    // A recording of an older version, without `isShown`, has been ready for long.
    if (state === 'finished' && recording.isShown === false) await onReady?.({ ...video, recordingId });
    if (state === 'finished' && recording.isShown !== true) await recorder.journal.markShown(recording);
    this.#failed.delete(recordingId);
    this.#updatePoster(recordingId, video, before);
    this.#makeRenditions(video, before);
  }

  /** Also after a restart in between: the recording is finished, and nothing was made of it yet. */
  #makeRenditions({ _id, state, manifest }: VideoRow, before: VideoRow | undefined): void {
    const { jobs, clock, logger, makesRenditions = false } = this.#options;
    if (!makesRenditions || state !== 'ready' || before?.state === 'ready' || manifest !== null) return;
    background('videos.renditions', retryUntilPersisted(async () => void (await jobs.add(prepareJobs, prepareJob(_id))), { clock, signal: this.#closing.signal }), logger);
  }

  /** Makes a poster as soon as there is video, and a better one from the finished recording. */
  #updatePoster(recordingId: string, video: VideoRow, before: VideoRow | undefined): void {
    const { state, posterKey } = video;
    const isNewlyReady = state === 'ready' && before?.state !== 'ready';
    if (!isNewlyReady && posterKey !== null) return;
    const { jobs, clock, logger } = this.#options;
    const add = async () => void (await jobs.add(posterJobs, posterJob(recordingId, isNewlyReady ? 'again' : 'keep')));
    background('videos.poster', retryUntilPersisted(add, { clock, signal: this.#closing.signal }), logger);
  }
}
