import { CodedError, erasedUserId } from '#engine/contract';
import type { CourseId, UserId } from '#engine/contract';
import { newId } from '#engine/kernel';
import type { Collection, Database } from '#engine/kernel';

export interface RemovalRow {
  _id: string;
  courseId: string;
  userId: string;
  byUserId: string;
  removedAt: string;
}

/** The people whom the owner removed from a course: neither a code nor an open course lets them back. Owns the collection `courseRemovals`. */
export class RemovalStore {
  readonly #removals: Collection<RemovalRow>;

  constructor(database: Database) {
    this.#removals = database.collection<RemovalRow>({ name: 'courseRemovals', indexes: [{ keys: { courseId: 1, userId: 1 }, unique: true }, { keys: { userId: 1 } }, { keys: { byUserId: 1 } }] });
  }

  async put({ courseId, userId, byUserId, removedAt }: Omit<RemovalRow, '_id'>): Promise<void> {
    await this.#removals.findOneAndUpdate({ courseId, userId }, { $set: { byUserId, removedAt }, $setOnInsert: { _id: newId('rmv') } }, { upsert: true, returnDocument: 'after' });
  }

  async find(courseId: CourseId, userId: UserId): Promise<RemovalRow | undefined> {
    return (await this.#removals.findOne({ courseId, userId })) ?? undefined;
  }

  async ofCourse(courseId: CourseId): Promise<RemovalRow[]> {
    return this.#removals.find({ courseId });
  }

  async ofUser(userId: UserId): Promise<RemovalRow[]> {
    return this.#removals.find({ userId });
  }

  /** Forgets the person's removals, and who made others. */
  async erase(userId: UserId): Promise<void> {
    await this.#removals.deleteMany({ userId });
    await this.#removals.updateMany({ byUserId: userId }, { $set: { byUserId: erasedUserId } });
  }

  /** @throws CodedError `enrolment.notFound` without a removal */
  async lift(courseId: CourseId, userId: UserId): Promise<void> {
    const { deletedCount } = await this.#removals.deleteOne({ courseId, userId });
    if (deletedCount === 0) throw new CodedError('enrolment.notFound', 'This person was not removed from the course. Reload the page.');
  }

  async forget(courseId: CourseId, userId?: UserId): Promise<void> {
    await this.#removals.deleteMany(userId === undefined ? { courseId } : { courseId, userId });
  }
}
