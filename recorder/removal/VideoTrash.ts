import { CodedError } from '#engine/contract';
import { toInstant } from '#engine/kernel';
import type { Clock, Collection, Database } from '#engine/kernel';
import { videoCollection, withDefaults } from '../library/VideoRow.ts';
import type { StoredVideoRow, VideoRow } from '../library/VideoRow.ts';
import { videoTrashMs } from '../limits.ts';

export interface VideoTrashOptions {
  database: Database;
  clock: Clock;
}

/** Deletes videos, so that they can be restored for some days. It shares the collection of `VideoStore`. */
export class VideoTrash {
  readonly #rows: Collection<StoredVideoRow>;
  readonly #clock: Clock;

  constructor({ database, clock }: VideoTrashOptions) {
    this.#rows = database.collection(videoCollection);
    this.#clock = clock;
  }

  /** Hides the video from everybody who does not manage videos. Deleting it again changes nothing. @throws CodedError `video.notFound`, `video.isLive` */
  async delete(videoId: string, deletedBy: string): Promise<VideoRow> {
    const at = toInstant(this.#clock.nowMs());
    const kept = { _id: videoId, deletedAt: null, state: { $ne: 'live' as const } };
    const after = await this.#rows.findOneAndUpdate(kept, { $set: { deletedAt: at, deletedBy, work: null, updatedAt: at }, $inc: { revision: 1 } }, { returnDocument: 'after' });
    if (after) return withDefaults(after);
    const row = await this.#get(videoId);
    if (row.deletedAt === null) throw new CodedError('video.isLive', 'This lecture is still being recorded. End it first, then delete its recording.');
    return row;
  }

  /** @throws CodedError `video.notFound`, also when its time is over */
  async restore(videoId: string): Promise<VideoRow> {
    const nowMs = this.#clock.nowMs();
    const restorable = { _id: videoId, deletedAt: { $gt: toInstant(nowMs - videoTrashMs) } };
    const after = await this.#rows.findOneAndUpdate(restorable, { $set: { deletedAt: null, deletedBy: null, updatedAt: toInstant(nowMs) }, $inc: { revision: 1 } }, { returnDocument: 'after' });
    if (after) return withDefaults(after);
    const row = await this.#get(videoId);
    if (row.deletedAt !== null) throw new CodedError('video.notFound', 'This video was deleted too long ago to be restored.');
    return row;
  }

  /** The deleted videos of some courses that can still be restored, the last deleted first. */
  async deletedIn(courseIds: readonly string[], limit: number): Promise<VideoRow[]> {
    const rows = await this.#rows.find({ courseId: { $in: courseIds }, deletedAt: { $gt: toInstant(this.#clock.nowMs() - videoTrashMs) } }, { sort: { deletedAt: -1 }, limit });
    return rows.map(withDefaults);
  }

  /** Those that were deleted before an instant, the longest ago first. */
  async deletedBefore(instant: string, limit: number): Promise<VideoRow[]> {
    // Without a lower bound, the index would also yield videos that are not deleted.
    return (await this.#rows.find({ deletedAt: { $gt: '', $lt: instant } }, { sort: { deletedAt: 1 }, limit })).map(withDefaults);
  }

  /** Deletes every video of a course as if its time were over: the course is removed for good. */
  async expireCourse(courseId: string): Promise<string[]> {
    const at = toInstant(0);
    await this.#rows.updateMany({ courseId }, { $set: { deletedAt: at } });
    return (await this.#rows.find({ courseId })).map(({ _id }) => _id);
  }

  /** Videos that the person has deleted no longer say by whom. */
  async forgetPerson(userId: string): Promise<void> {
    await this.#rows.updateMany({ deletedAt: { $gt: '' }, deletedBy: userId }, { $set: { deletedBy: null } });
  }

  /** The row as it is stored; undefined when there is none. */
  async find(videoId: string): Promise<VideoRow | undefined> {
    const row = await this.#rows.findOne({ _id: videoId });
    return row ? withDefaults(row) : undefined;
  }

  /** Removes the row, unless it was restored. */
  async remove(videoId: string): Promise<void> {
    await this.#rows.deleteOne({ _id: videoId, deletedAt: { $ne: null } });
  }

  async #get(videoId: string): Promise<VideoRow> {
    const row = await this.find(videoId);
    if (!row) throw new CodedError('video.notFound', 'There is no such video.', { details: { videoId } });
    return row;
  }
}
