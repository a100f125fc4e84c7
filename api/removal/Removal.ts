import type { UserId, VideoId } from '#engine/contract';
import { fromInstant, toInstant } from '#engine/kernel';
import type { Bus, JobQueue } from '#engine/kernel';
import { cancelWork, videoAccessChanged, videoTrashMs } from '#recorder';
import type { TranscodeRequests, VideoTrash } from '#recorder';

export interface RemovalOptions {
  trash: VideoTrash;
  transcodes: Pick<TranscodeRequests, 'endOf'>;
  jobs: JobQueue;
  bus: Bus;
}

/** Deletes and restores videos, for everybody who watches them now. */
export class Removal {
  readonly #options: RemovalOptions;

  constructor(options: RemovalOptions) {
    this.#options = options;
  }

  /** Returns until when it can be restored. `by`: null for a rule. @throws CodedError `video.notFound`, `video.isLive` */
  async delete(videoId: VideoId, by: UserId | null): Promise<string> {
    const { trash, transcodes, jobs, bus } = this.#options;
    const video = await trash.delete(videoId, by);
    bus.publish(videoAccessChanged, { videoId, linkId: null });
    await cancelWork(jobs, video);
    await transcodes.endOf(video);
    return restorableUntil(video.deletedAt ?? '');
  }

  /** @throws CodedError `video.notFound` */
  async restore(videoId: VideoId): Promise<void> {
    const { trash, bus } = this.#options;
    await trash.restore(videoId);
    bus.publish(videoAccessChanged, { videoId, linkId: null });
  }
}

export function restorableUntil(deletedAt: string): string {
  return toInstant(fromInstant(deletedAt) + videoTrashMs);
}
