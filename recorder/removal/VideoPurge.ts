import { fromInstant, toInstant } from '#engine/kernel';
import type { Clock, Logger } from '#engine/kernel';
import type { Journal } from '../journal/Journal.ts';
import { recordingPrefix } from '../journal/keys.ts';
import type { VideoRow } from '../library/VideoRow.ts';
import { lostNodeMs, maxPurgesAtOnce, purgeMarginMs, videoTrashMs } from '../limits.ts';
import { videoPrefix } from '../renditions/index.ts';
import type { ObjectStore } from '../storage/ObjectStore.ts';
import type { VideoTrash } from './VideoTrash.ts';

/** Removes what another collection holds of a video: progress, links, jobs. Called again after a failure, so it is idempotent. */
export type RemoveOfVideo = (video: VideoRow) => Promise<unknown>;

export interface VideoPurgeOptions {
  trash: VideoTrash;
  journal: Journal;
  store: Pick<ObjectStore, 'deletePrefix' | 'list'>;
  removals: readonly RemoveOfVideo[];
  clock: Clock;
  logger: Logger;
}

/** Removes deleted videos for good: every object and every row. */
export class VideoPurge {
  readonly #options: VideoPurgeOptions;

  constructor(options: VideoPurgeOptions) {
    this.#options = options;
  }

  /** The videos whose time is over, with a margin for the clocks of processes that may still restore them. */
  async due(): Promise<string[]> {
    const { trash, clock } = this.#options;
    const rows = await trash.deletedBefore(toInstant(clock.nowMs() - videoTrashMs - purgeMarginMs), maxPurgesAtOnce);
    return rows.map(({ _id }) => _id);
  }

  /**
   * Removes a deleted video. The row goes last, so that a run that was interrupted is repeated. A video that was restored, or removed by
   * another run, is left alone. @throws when an object or a row cannot be removed now, or a node still has segments to upload
   */
  async purge(videoId: string): Promise<void> {
    const { trash, removals, logger } = this.#options;
    const video = await trash.find(videoId);
    if (!video || video.deletedAt === null) return;
    if (video.recordingId !== null) await this.#requireUploaded(video, video.recordingId);
    for (const removeOf of removals) await removeOf(video);
    await this.#removeFolder(videoPrefix(videoId));
    if (video.recordingId !== null) await this.#removeRecording(video.recordingId);
    await trash.remove(videoId);
    logger.info({ videoId, courseId: video.courseId, recordingId: video.recordingId }, 'video.purged');
  }

  /**
   * A segment that a node still has to upload would come after the removal. A node that has not uploaded it long after the video was
   * deleted is gone.
   */
  async #requireUploaded({ deletedAt }: VideoRow, recordingId: string): Promise<void> {
    const { journal, clock } = this.#options;
    const recording = await journal.recording(recordingId);
    if (!recording) return;
    if (recording.state !== 'finished') throw new Error(`${recordingId} is not finished yet`);
    const endedAtMs = Math.max(fromInstant(deletedAt ?? ''), fromInstant(recording.endedAt ?? recording.startedAt));
    if (clock.nowMs() - endedAtMs < lostNodeMs && !(await journal.isAllStored(recordingId))) throw new Error(`segments of ${recordingId} are still being uploaded`);
  }

  /** The rows last: they say where the objects are. */
  async #removeRecording(recordingId: string): Promise<void> {
    await this.#removeFolder(recordingPrefix(recordingId));
    await this.#options.journal.remove(recordingId);
  }

  /** A job that did not notice the deletion yet may still store an object: it is removed in the next run. */
  async #removeFolder(prefix: string): Promise<void> {
    const { store } = this.#options;
    await store.deletePrefix(prefix);
    const { objects } = await store.list(prefix, { limit: 1 });
    if (objects.length > 0) throw new Error(`${prefix} is not empty yet`);
  }
}
