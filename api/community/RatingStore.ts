import type { CourseId, UserId, VideoId } from '#engine/contract';
import type { Collection, Database } from '#engine/kernel';
import type { Rating, RatingSummary } from '../contract/index.ts';

interface RatingRow {
  /** `<target>.<user>`: one for each. */
  _id: string;
  /** A video or a comment. */
  targetId: string;
  courseId: CourseId;
  userId: UserId;
  rating: Rating;
  ratedAt: string;
}

/**
 * Who likes and dislikes what. The numbers are those of the rows, counted when they are asked for, so they are exact after any
 * number of simultaneous changes and after a crash. Owns the collection `ratings`.
 */
export class RatingStore {
  readonly #rows: Collection<RatingRow>;

  constructor(database: Database) {
    this.#rows = database.collection<RatingRow>({ name: 'ratings', indexes: [{ keys: { targetId: 1, rating: 1 } }, { keys: { userId: 1 } }, { keys: { courseId: 1 } }] });
  }

  async set({ targetId, courseId, userId }: Pick<RatingRow, 'targetId' | 'courseId' | 'userId'>, rating: Rating | null, ratedAt: string): Promise<void> {
    const _id = `${targetId}.${userId}`;
    if (rating === null) await this.#rows.deleteOne({ _id });
    else await this.#rows.updateOne({ _id }, { $set: { targetId, courseId, userId, rating, ratedAt } }, { upsert: true });
  }

  async summary(targetId: string, userId: UserId): Promise<RatingSummary & { dislikes: number }> {
    const [likes, dislikes, mine] = await Promise.all([this.#count(targetId, 'like'), this.#count(targetId, 'dislike'), this.#rows.findOne({ _id: `${targetId}.${userId}` })]);
    return { likes, dislikes, mine: mine?.rating ?? null };
  }

  async counts(targetId: string): Promise<{ likes: number; dislikes: number }> {
    const [likes, dislikes] = await Promise.all([this.#count(targetId, 'like'), this.#count(targetId, 'dislike')]);
    return { likes, dislikes };
  }

  ofUser(userId: UserId): Promise<RatingRow[]> {
    return this.#rows.find({ userId });
  }

  async removeAllOf(userId: UserId): Promise<void> {
    await this.#rows.deleteMany({ userId });
  }

  async forgetTarget(targetId: VideoId | string): Promise<void> {
    await this.#rows.deleteMany({ targetId });
  }

  async forgetCourse(courseId: CourseId): Promise<void> {
    await this.#rows.deleteMany({ courseId });
  }

  #count(targetId: string, rating: Rating): Promise<number> {
    return this.#rows.countDocuments({ targetId, rating });
  }
}
