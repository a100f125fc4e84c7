import { createHash } from 'node:crypto';
import type { CourseId, UserId } from '#engine/contract';
import { newId } from '#engine/kernel';
import type { Collection, Database } from '#engine/kernel';

export interface CalendarFeedRow {
  _id: string;
  userId: UserId;
  /** Null: all courses of the person. */
  courseId: CourseId | null;
  hash: string;
  createdAt: string;
}

/** The calendar feeds of people. Owns the collection `calendarFeeds`. Of a URL, only the hash of its token is stored. */
export class CalendarFeedStore {
  readonly #feeds: Collection<CalendarFeedRow>;

  constructor(database: Database) {
    this.#feeds = database.collection<CalendarFeedRow>({
      name: 'calendarFeeds',
      indexes: [{ keys: { hash: 1 }, unique: true }, { keys: { userId: 1, courseId: 1 }, unique: true }, { keys: { courseId: 1 } }],
    });
  }

  /** Replaces the feed of the same person and course. */
  async put({ userId, courseId, token, createdAt }: Omit<CalendarFeedRow, '_id' | 'hash'> & { token: string }): Promise<CalendarFeedRow> {
    const update = { $set: { hash: hashOf(token), createdAt }, $setOnInsert: { _id: newId('cal') } };
    const row = await this.#feeds.findOneAndUpdate({ userId, courseId }, update, { upsert: true, returnDocument: 'after' });
    if (!row) throw new Error('an upsert returned no document');
    return row;
  }

  /** The look-up is by hash, so its duration reveals nothing about existing tokens. */
  async findByToken(token: string): Promise<CalendarFeedRow | undefined> {
    return (await this.#feeds.findOne({ hash: hashOf(token) })) ?? undefined;
  }

  async ofUser(userId: UserId): Promise<CalendarFeedRow[]> {
    return this.#feeds.find({ userId });
  }

  /** False when the person has no such feed. */
  async remove(userId: UserId, feedId: string): Promise<boolean> {
    return (await this.#feeds.deleteOne({ _id: feedId, userId })).deletedCount === 1;
  }

  /** The course is erased. */
  async forgetCourse(courseId: CourseId): Promise<void> {
    await this.#feeds.deleteMany({ courseId });
  }

  async removeAll(userId: UserId): Promise<void> {
    await this.#feeds.deleteMany({ userId });
  }
}

function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}
