import { CodedError, VideoId } from '#engine/contract';
import type { UserId } from '#engine/contract';
import { fromInstant, toInstant } from '#engine/kernel';
import type { Bus, JobQueue } from '#engine/kernel';
import { cancelWork, videoAccessChanged, videoTrashMs } from '#recorder';
import type { ClipStore, TranscodeRequests, VideoTrash } from '#recorder';

export interface RemovalOptions {
  trash: VideoTrash;
  transcodes: Pick<TranscodeRequests, 'endOf'>;
  clips: ClipStore;
  jobs: JobQueue;
  bus: Bus;
}

/** Deletes and restores videos, and their clips with them, for everybody who watches them now. */
export class Removal {
  readonly #options: RemovalOptions;

  constructor(options: RemovalOptions) {
    this.#options = options;
  }

  /** Returns until when it can be restored. `by`: null for a rule. @throws CodedError `video.notFound`, `video.isLive` */
  async delete(videoId: VideoId, by: UserId | null): Promise<string> {
    const { trash, clips, transcodes, jobs, bus } = this.#options;
    const video = await trash.delete(videoId, by);
    for (const changed of [videoId, ...(await clips.deleteWith(video))]) bus.publish(videoAccessChanged, { videoId: VideoId.parse(changed), linkId: null });
    await cancelWork(jobs, video);
    await transcodes.endOf(video);
    return restorableUntil(video.deletedAt ?? '');
  }

  /** @throws CodedError `video.notFound` */
  async restore(videoId: VideoId): Promise<void> {
    const { trash, clips, bus } = this.#options;
    const before = await trash.find(videoId);
    const original = before?.clipOf && (await trash.find(before.clipOf.videoId));
    if (original?.deletedAt) throw new CodedError('video.notFound', 'The video that this clip is a part of was deleted. Restore that one.');
    await trash.restore(videoId);
    const restored = before?.deletedAt ? await clips.restoreWith(videoId, before.deletedAt) : [];
    for (const changed of [videoId, ...restored]) bus.publish(videoAccessChanged, { videoId: VideoId.parse(changed), linkId: null });
  }
}

export function restorableUntil(deletedAt: string): string {
  return toInstant(fromInstant(deletedAt) + videoTrashMs);
}
