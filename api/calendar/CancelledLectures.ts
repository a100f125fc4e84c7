import type { LectureRow } from '#engine';
import type { CourseId } from '#engine/contract';
import { toInstant } from '#engine/kernel';
import type { Clock, Collection, Database } from '#engine/kernel';
import { cancelledLecturesMs, maxFeedEvents } from '../learningLimits.ts';

/** A lecture that was cancelled, as calendar programs knew it. */
export interface CancelledRow {
  /** The id of the lecture. */
  _id: string;
  courseId: CourseId;
  title: string;
  scheduledAt: string;
  durationMinutes: number | null;
  revision: number;
  cancelledAt: string;
}

/** Cancelled lectures, for calendar feeds: programs delete an event when the feed says that it is cancelled. Owns the collection `cancelledLectures`. */
export class CancelledLectures {
  readonly #rows: Collection<CancelledRow>;
  readonly #clock: Clock;

  constructor(database: Database, clock: Clock) {
    this.#rows = database.collection<CancelledRow>({ name: 'cancelledLectures', indexes: [{ keys: { courseId: 1, cancelledAt: 1 } }] });
    this.#clock = clock;
  }

  /** Adds a lecture, and removes those of its course that are old. One without a date is in no calendar. */
  async add({ _id, courseId, title, scheduledAt, durationMinutes, revision = 0 }: LectureRow): Promise<void> {
    if (scheduledAt === null) return;
    await this.#rows.deleteMany({ courseId, cancelledAt: { $lt: this.#oldest() } });
    const row = { courseId, title, scheduledAt, durationMinutes, revision: revision + 1, cancelledAt: toInstant(this.#clock.nowMs()) };
    await this.#rows.replaceOne({ _id }, row, { upsert: true });
  }

  async ofCourses(courseIds: readonly CourseId[]): Promise<CancelledRow[]> {
    return this.#rows.find({ courseId: { $in: courseIds }, cancelledAt: { $gte: this.#oldest() } }, { limit: maxFeedEvents });
  }

  /** The course is erased. */
  async forgetCourse(courseId: CourseId): Promise<void> {
    await this.#rows.deleteMany({ courseId });
  }

  #oldest(): string {
    return toInstant(this.#clock.nowMs() - cancelledLecturesMs);
  }
}
