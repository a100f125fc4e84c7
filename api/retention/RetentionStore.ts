import type { CourseId } from '#engine/contract';
import type { Collection, Database } from '#engine/kernel';
import type { CourseRetention } from '../contract/index.ts';
import { followsSite } from './retentionRules.ts';
import type { PlannedDeletion } from './retentionRules.ts';

interface CourseRetentionRow extends CourseRetention {
  /** The course. */
  _id: string;
}

export interface PlannedDeletionRow extends PlannedDeletion {
  /** The video. */
  _id: string;
  courseId: string;
  /** ISO 8601 */
  until: string;
}

/** The rules of courses, and the videos that they will delete. Owns the collections `courseRetention` and `plannedDeletions`. */
export class RetentionStore {
  readonly #courses: Collection<CourseRetentionRow>;
  readonly plans: Collection<PlannedDeletionRow>;

  constructor(database: Database) {
    this.#courses = database.collection<CourseRetentionRow>({ name: 'courseRetention', indexes: [] });
    this.plans = database.collection<PlannedDeletionRow>({ name: 'plannedDeletions', indexes: [{ keys: { courseId: 1, until: 1 } }] });
  }

  async of(courseId: string): Promise<CourseRetention> {
    const row = await this.#courses.findOne({ _id: courseId });
    if (!row) return followsSite;
    const { recordings, uploads, chat } = row;
    return { recordings, uploads, chat };
  }

  async set(courseId: CourseId, retention: CourseRetention): Promise<void> {
    await this.#courses.replaceOne({ _id: courseId }, retention, { upsert: true });
  }

  /** The courses with rules of their own. */
  async courseIds(): Promise<string[]> {
    return (await this.#courses.find({})).map(({ _id }) => _id);
  }

  async removeOfCourse(courseId: string): Promise<void> {
    await this.#courses.deleteOne({ _id: courseId });
    await this.plans.deleteMany({ courseId });
  }
}
