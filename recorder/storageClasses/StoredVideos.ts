// Responsible for what the rows of videos say about their storage class: which are due to move, which are being restored, when they were
// watched last.
import type { Collection, Database, Filter, FindOptions } from '#engine/kernel';
import { fromInstant, toInstant } from '#engine/kernel';
import type { StorageClass } from '../contract/index.ts';
import { videoCollection, withDefaults } from '../library/VideoRow.ts';
import type { StoredVideoRow, VideoRow } from '../library/VideoRow.ts';
import { watchedIntervalMs } from '../limits.ts';

export class StoredVideos {
  readonly #rows: Collection<StoredVideoRow>;

  constructor(database: Database) {
    this.#rows = database.collection(videoCollection);
  }

  async find(videoId: string): Promise<VideoRow | undefined> {
    const row = await this.#rows.findOne({ _id: videoId });
    return row ? withDefaults(row) : undefined;
  }

  /** Videos of a class that nobody has watched since then and of which nothing is being made, some of them. */
  async idle(storageClass: StorageClass, { since, limit }: { since: string; limit: number }): Promise<VideoRow[]> {
    const found: VideoRow[] = [];
    for (const filter of idleFilters(storageClass, since)) {
      if (found.length >= limit) break;
      found.push(...(await this.#find(filter, { limit: limit - found.length })));
    }
    return found;
  }

  /** Changes the class of a video that is still as it was when it was due. False if it was watched, changed or deleted since. */
  async move({ _id, storageClass, lastWatchedAt }: VideoRow, to: StorageClass): Promise<boolean> {
    for (const known of storedAs(storageClass)) {
      const unchanged = { _id, storageClass: known, lastWatchedAt, state: 'ready', work: null, deletedAt: null, restoring: null } as const;
      if ((await this.#rows.updateOne(unchanged, { $set: { storageClass: to } })).matchedCount > 0) return true;
    }
    return false;
  }

  /** The store has refused the class. */
  async moveBack(videoId: string, { from, to }: { from: StorageClass; to: StorageClass }): Promise<void> {
    await this.#rows.updateOne({ _id: videoId, storageClass: from }, { $set: { storageClass: to } });
  }

  /** Those being restored, the longest waiting first. */
  async restoring(limit: number): Promise<VideoRow[]> {
    return this.#find({ 'restoring.requestedAt': { $gt: '' }, deletedAt: null }, { sort: { 'restoring.requestedAt': 1 }, limit });
  }

  /** Marks an archived video as requested. False if it is being restored already, or is in another class. */
  async requestRestore(videoId: string, requestedAt: string): Promise<boolean> {
    const { matchedCount } = await this.#rows.updateOne({ _id: videoId, storageClass: 'archive', restoring: null, deletedAt: null }, { $set: { restoring: { requestedAt } } });
    return matchedCount > 0;
  }

  /** The video can be played again, and counts as watched. False if another process was first. */
  async finishRestore(videoId: string, at: string): Promise<boolean> {
    const { matchedCount } = await this.#rows.updateOne({ _id: videoId, storageClass: 'archive' }, { $set: { storageClass: 'standard', restoring: null, lastWatchedAt: at } });
    return matchedCount > 0;
  }

  /** A view of a finished video, kept once an hour. */
  async watched({ _id, state, lastWatchedAt }: Pick<VideoRow, '_id' | 'state' | 'lastWatchedAt'>, nowMs: number): Promise<void> {
    if (state !== 'ready' || (lastWatchedAt !== null && nowMs - fromInstant(lastWatchedAt) < watchedIntervalMs)) return;
    await this.#rows.updateOne({ _id, lastWatchedAt }, { $set: { lastWatchedAt: toInstant(nowMs) } });
  }

  /** Videos of a course that were made by this time and are not deleted, the oldest last. */
  async *ofCourseUntil(courseId: string, until: string): AsyncGenerator<VideoRow> {
    for await (const row of this.#rows.iterate({ courseId, createdAt: { $lte: until }, deletedAt: null }, { sort: { createdAt: -1, _id: -1 } })) yield withDefaults(row);
  }

  /** Shows when the retention removes a video. */
  async setRetainUntil(videoId: string, retainUntil: string | null): Promise<void> {
    await this.#rows.updateOne({ _id: videoId, deletedAt: null }, { $set: { retainUntil } });
  }

  /** Videos of a course that the retention will delete, the soonest first, and then those that are kept by choice. */
  async plannedOf(courseId: string, limit: number): Promise<VideoRow[]> {
    const planned = await this.#find({ courseId, retainUntil: { $gt: '' }, deletedAt: null }, { sort: { retainUntil: 1 }, limit });
    const kept = await this.#find({ courseId, isKept: true, deletedAt: null }, { sort: { createdAt: -1 }, limit: limit - planned.length || 1 });
    return [...planned, ...kept].slice(0, limit);
  }

  /** Keeps a video for good, or no longer. False if it is deleted. */
  async setKept(videoId: string, isKept: boolean): Promise<boolean> {
    const { matchedCount } = await this.#rows.updateOne({ _id: videoId, deletedAt: null }, { $set: { isKept, ...(isKept && { retainUntil: null }) } });
    return matchedCount > 0;
  }

  /** All videos, also deleted ones that are still stored, course by course. */
  async *all(): AsyncGenerator<VideoRow> {
    for await (const row of this.#rows.iterate({}, { sort: { courseId: 1, createdAt: -1, _id: -1 } })) yield withDefaults(row);
  }

  async #find(filter: Filter<StoredVideoRow>, options: FindOptions<StoredVideoRow>): Promise<VideoRow[]> {
    return (await this.#rows.find(filter, options)).map(withDefaults);
  }
}

/** Nobody has watched some videos since they were made. */
function idleFilters(storageClass: StorageClass, since: string): Filter<StoredVideoRow>[] {
  const still = { state: 'ready', source: { $ne: 'clip' }, work: null, deletedAt: null, restoring: null } as const;
  return storedAs(storageClass).flatMap((known) => [
    { storageClass: known, lastWatchedAt: null, createdAt: { $lt: since }, ...still },
    { storageClass: known, lastWatchedAt: { $lt: since }, ...still },
  ]);
}

/** Rows of older versions have no class. */
function storedAs(storageClass: StorageClass): (StorageClass | null)[] {
  return storageClass === 'standard' ? [storageClass, null] : [storageClass];
}
