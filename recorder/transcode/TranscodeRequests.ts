// Responsible for what people ask of transcodes: renditions again, and to stop.
import { requireFiles } from '../clips/index.ts';
import { CodedError } from '#engine/contract';
import type { Database, JobQueue } from '#engine/kernel';
import { VideoStore } from '../library/VideoStore.ts';
import type { VideoRow } from '../library/index.ts';
import type { ObjectStore } from '../storage/index.ts';
import { generationPrefix, workPrefix } from './jobs/keys.ts';
import { TranscodeStore } from './jobs/TranscodeStore.ts';
import { prepareJob, prepareJobs } from './prepareJobs.ts';

export interface TranscodeRequestsOptions {
  videos: VideoStore;
  transcodes: TranscodeStore;
  store: Pick<ObjectStore, 'deletePrefix'>;
  jobs: JobQueue;
}

export class TranscodeRequests {
  readonly #options: TranscodeRequestsOptions;

  constructor(options: TranscodeRequestsOptions) {
    this.#options = options;
  }

  /**
   * Makes the renditions of a video again, in some heights of the ladder or in all. One in progress is cancelled. The video plays what it
   * has until they are complete.
   * @throws CodedError `video.notFound`, `video.notReady`: it is live, or has no source
   */
  async request(videoId: string, heights: readonly number[] | undefined): Promise<VideoRow> {
    const { videos, transcodes, jobs } = this.#options;
    const video = await this.#get(videoId);
    requireFiles(video);
    const hasSource = video.sourceFile !== null || (video.recordingId !== null && video.durationSeconds > 0);
    if (video.state === 'live' || !hasSource) throw new CodedError('video.notReady', 'Renditions can be made when the recording or the upload is complete.', { details: { videoId } });
    await this.#end(video);
    await transcodes.begin(videoId, { generation: video.generation + 1, heights: heights ? [...heights] : null });
    await videos.setWork(videoId, { stage: 'waiting', share: 0 });
    await jobs.add(prepareJobs, prepareJob(videoId));
    return this.#get(videoId);
  }

  /**
   * Stops what is being made of a video, and removes it. The video keeps what it plays. An upload that cannot be played yet fails, and
   * can be requested again. @throws CodedError `video.notFound`
   */
  async cancel(videoId: string): Promise<VideoRow> {
    const { videos } = this.#options;
    const video = await this.#get(videoId);
    if (await this.#end(video)) {
      await videos.setWork(videoId, null);
      if (video.state === 'processing') await videos.fail(videoId, { code: 'video.unfinished', message: 'The renditions were cancelled.' });
    }
    return this.#get(videoId);
  }

  async #get(videoId: string): Promise<VideoRow> {
    const video = await this.#options.videos.get(videoId);
    if (video.deletedAt !== null) throw new CodedError('video.notFound', 'There is no such video.', { details: { videoId } });
    return video;
  }

  /** Stops what is being made of a video that is deleted. */
  async endOf(video: VideoRow): Promise<void> {
    await this.#end(video);
  }

  /** The tasks notice that their transcode has ended. */
  async #end({ _id: videoId, generation }: VideoRow): Promise<boolean> {
    const { transcodes, store } = this.#options;
    const row = await transcodes.find(videoId);
    if (!row || !(await transcodes.end(videoId, row.runId))) return false;
    const of = { videoId, generation: row.generation };
    // What the video plays stays.
    await store.deletePrefix(row.generation === generation ? workPrefix(of, row.runId) : generationPrefix(of));
    return true;
  }
}

/** Requests of people, in a process that may run no jobs itself. */
export function openTranscodeRequests({ database, store, jobs }: { database: Database; store: Pick<ObjectStore, 'deletePrefix'>; jobs: JobQueue }): TranscodeRequests {
  return new TranscodeRequests({ videos: new VideoStore(database), transcodes: new TranscodeStore(database), store, jobs });
}
