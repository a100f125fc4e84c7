import { CodedError } from '#engine/contract';
import type { CourseId, UserId, VideoId } from '#engine/contract';
import { DuplicateKeyError } from '#engine/kernel';
import type { Collection, Database } from '#engine/kernel';
import { maxWatchedRanges, watchedWriteAttempts } from '../learningLimits.ts';
import { mergeRanges } from './watchedRanges.ts';
import type { WatchedRange } from './watchedRanges.ts';

export interface WatchedRow {
  /** `<user>.<video>`: one row for each. */
  _id: string;
  userId: UserId;
  videoId: VideoId;
  courseId: CourseId;
  ranges: readonly WatchedRange[];
  /** Counts the changes. */
  revision: number;
  updatedAt: string;
}

export interface Watching {
  userId: UserId;
  videoId: VideoId;
  courseId: CourseId;
  ranges: readonly WatchedRange[];
  at: string;
}

/** Which parts of each video each person has watched. Owns the collection `watched`. */
export class WatchedStore {
  readonly #watched: Collection<WatchedRow>;

  constructor(database: Database) {
    this.#watched = database.collection<WatchedRow>({ name: 'watched', indexes: [{ keys: { courseId: 1, userId: 1 } }, { keys: { userId: 1 } }, { keys: { videoId: 1 } }] });
  }

  /** Adds ranges to what the person has watched, also while another device of the person does the same. @throws CodedError `server.busy` */
  async add({ userId, videoId, courseId, ranges, at }: Watching): Promise<void> {
    const _id = `${userId}.${videoId}`;
    for (let attempt = 0; attempt < watchedWriteAttempts; attempt += 1) {
      const before = await this.#watched.findOne({ _id });
      const merged = mergeRanges([...(before?.ranges ?? []), ...ranges], maxWatchedRanges);
      if (before) {
        const { matchedCount } = await this.#watched.updateOne({ _id, revision: before.revision }, { $set: { ranges: merged, updatedAt: at, courseId }, $inc: { revision: 1 } });
        if (matchedCount === 1) return;
      } else {
        try {
          await this.#watched.insertOne({ _id, userId, videoId, courseId, ranges: merged, revision: 1, updatedAt: at });
          return;
        } catch (err) {
          if (!(err instanceof DuplicateKeyError)) throw err;
        }
      }
    }
    throw new CodedError('server.busy', 'Your progress is being saved by another device. Try again in a moment.');
  }

  async removeVideo(videoId: string): Promise<void> {
    await this.#watched.deleteMany({ videoId: videoId as VideoId });
  }

  /** `limit`: 0 means all. */
  async ofCourse(courseId: CourseId, userIds: readonly UserId[], limit = 0): Promise<WatchedRow[]> {
    return this.#watched.find({ courseId, userId: { $in: userIds } }, { limit });
  }

  /** What people have watched of a video, in no particular order. */
  async ofVideo(videoId: VideoId, limit: number): Promise<WatchedRow[]> {
    return this.#watched.find({ videoId }, { limit });
  }

  async ofUser(userId: UserId): Promise<WatchedRow[]> {
    return this.#watched.find({ userId });
  }

  async forget(userId: UserId): Promise<void> {
    await this.#watched.deleteMany({ userId });
  }

  /** The course is deleted. */
  async forgetCourse(courseId: CourseId): Promise<void> {
    await this.#watched.deleteMany({ courseId });
  }
}
