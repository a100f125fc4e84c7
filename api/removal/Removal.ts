import type { UserId, VideoId } from '#engine/contract';
import { fromInstant, toInstant } from '#engine/kernel';
import type { Bus, JobQueue } from '#engine/kernel';
import { cancelWork, videoAccessChanged, videoTrashMs } from '#recorder';
import type { VideoTrash } from '#recorder';

export interface RemovalOptions {
  trash: VideoTrash;
  jobs: JobQueue;
  bus: Bus;
}

/** Deletes and restores videos, for everybody who watches them now. */
export class Removal {
  readonly #options: RemovalOptions;

  constructor(options: RemovalOptions) {
    this.#options = options;
  }

  /** Returns until when it can be restored. @throws CodedError `video.notFound`, `video.isLive` */
  async delete(videoId: VideoId, by: UserId): Promise<string> {
    const { trash, jobs, bus } = this.#options;
    const video = await trash.delete(videoId, by);
    bus.publish(videoAccessChanged, { videoId, linkId: null });
    await cancelWork(jobs, video);
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
