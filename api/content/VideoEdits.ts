import { CodedError } from '#engine/contract';
import type { CategoryId, CourseId, VideoId } from '#engine/contract';
import { KeyedMutex, toInstant } from '#engine/kernel';
import type { Bus, Clock, Collection, Database } from '#engine/kernel';
import { videoAccessChanged, videoCollection, withDefaults } from '#recorder';
import type { StoredVideoRow, VideoRow } from '#recorder';
import type { VideoChange } from '../contract/index.ts';
import { maxListedVideos } from '../contract/index.ts';
import { placeInCourse } from './videoOrder.ts';

export interface VideoEditsOptions {
  database: Database;
  categories: { require(categoryId: CategoryId): Promise<void> };
  bus: Bus;
  clock: Clock;
}

/** What people change of videos. A deleted video cannot be changed. It shares the collection of `VideoStore`. */
export class VideoEdits {
  readonly #rows: Collection<StoredVideoRow>;
  readonly #options: VideoEditsOptions;
  /** By course: its order is read and written by one move at a time. */
  readonly #moves = new KeyedMutex();

  constructor(options: VideoEditsOptions) {
    this.#options = options;
    this.#rows = options.database.collection(videoCollection);
  }

  /** @throws CodedError `video.notFound`, `category.notFound` */
  async update(videoId: VideoId, change: VideoChange): Promise<VideoRow> {
    const { categories, bus } = this.#options;
    if (change.categoryId) await categories.require(change.categoryId);
    const row = await this.#set(videoId, change);
    if (change.visibility !== undefined || change.visibleFrom !== undefined) bus.publish(videoAccessChanged, { videoId, linkId: null });
    return row;
  }

  /** @throws CodedError `video.notFound`, `request.invalid` when the video would have too many tags */
  async changeTags(videoId: VideoId, { add, remove, max }: { add: readonly string[]; remove: readonly string[]; max: number }): Promise<VideoRow> {
    const { tags } = await this.#get(videoId);
    const changed = [...new Set([...tags.filter((tag) => !remove.includes(tag)), ...add])];
    if (changed.length > max) throw new CodedError('request.invalid', `A video has at most ${max} tags. Remove some first.`);
    return this.#set(videoId, { tags: changed });
  }

  /** Gives the video this place in its course, counted from 0. @throws CodedError `video.notFound` */
  async move(videoId: VideoId, place: number): Promise<VideoRow> {
    const { courseId } = await this.#get(videoId);
    return this.#moves.run(courseId, () => this.#move(videoId, courseId as CourseId, place));
  }

  async #move(videoId: VideoId, courseId: CourseId, place: number): Promise<VideoRow> {
    const rows = (await this.#rows.find({ courseId, deletedAt: null }, { sort: { createdAt: -1, _id: -1 }, limit: maxListedVideos })).map(withDefaults);
    const moved = rows.find(({ _id }) => _id === videoId) ?? (await this.#get(videoId));
    const others = rows.filter(({ _id }) => _id !== videoId).map((row) => ({ row, key: placeInCourse({ position: row.position, recordedAt: row.createdAt }) }));
    const order = others.toSorted((a, b) => (a.key < b.key ? -1 : 1)).map(({ row }) => row);
    const index = Math.min(place, order.length);
    order.splice(index, 0, moved);
    // Those behind the moved one that have no position stay in the order of their dates.
    const positioned = Math.max(index, order.findLastIndex(({ position, _id }) => position !== null && _id !== videoId));
    for (const [position, row] of order.slice(0, positioned + 1).entries()) {
      if (row.position !== position && row._id !== videoId) await this.#rows.updateOne({ _id: row._id }, { $set: { position } });
    }
    return this.#set(videoId, { position: index });
  }

  async #set(videoId: VideoId, change: Partial<Pick<VideoRow, 'title' | 'description' | 'tags' | 'categoryId' | 'isDownloadable' | 'visibility' | 'visibleFrom' | 'position'>>): Promise<VideoRow> {
    const updatedAt = toInstant(this.#options.clock.nowMs());
    const given = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
    const row = await this.#rows.findOneAndUpdate({ _id: videoId, deletedAt: null }, { $set: { ...given, updatedAt }, $inc: { revision: 1 } }, { returnDocument: 'after' });
    if (!row) throw notFound(videoId);
    return withDefaults(row);
  }

  async #get(videoId: VideoId): Promise<VideoRow> {
    const row = await this.#rows.findOne({ _id: videoId, deletedAt: null });
    if (!row) throw notFound(videoId);
    return withDefaults(row);
  }
}

function notFound(videoId: VideoId): CodedError {
  return new CodedError('video.notFound', 'This video was deleted. Restore it first.', { details: { videoId } });
}
