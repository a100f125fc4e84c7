import type { CourseId, LectureId, UserId } from '#engine/contract';
import type { Collection, Database } from '#engine/kernel';
import { maxListedVideos } from '../contract/index.ts';
import type { Presence } from './sumPresence.ts';

export interface AttendanceRow {
  /** `<lecture>.<user>`: one row for each. */
  _id: string;
  lectureId: LectureId;
  courseId: CourseId;
  userId: UserId;
  presentMs: number;
  lectureMs: number;
}

interface HeldRow {
  /** The lecture. */
  _id: LectureId;
  courseId: CourseId;
  lectureMs: number;
  peopleCount: number;
  summedAt: string;
}

/** How long each person was present in each lecture that has ended. Owns the collections `attendance` and `heldLectures`. */
export class AttendanceStore {
  readonly #attendance: Collection<AttendanceRow>;
  readonly #held: Collection<HeldRow>;

  constructor(database: Database) {
    this.#attendance = database.collection<AttendanceRow>({
      name: 'attendance',
      indexes: [{ keys: { courseId: 1, userId: 1 } }, { keys: { userId: 1 } }, { keys: { lectureId: 1 } }],
    });
    this.#held = database.collection<HeldRow>({ name: 'heldLectures', indexes: [{ keys: { courseId: 1 } }] });
  }

  /** Replaces what was summed before: a job that broke off runs again. */
  async put(lecture: { lectureId: LectureId; courseId: CourseId }, { lectureMs, presentMs }: Presence, summedAt: string): Promise<void> {
    const { lectureId, courseId } = lecture;
    await this.#attendance.deleteMany({ lectureId });
    const rows = [...presentMs].map(([userId, ms]) => ({ _id: `${lectureId}.${userId}`, lectureId, courseId, userId, presentMs: ms, lectureMs }));
    if (rows.length > 0) await this.#attendance.insertMany(rows);
    await this.#held.replaceOne({ _id: lectureId }, { courseId, lectureMs, peopleCount: rows.length, summedAt }, { upsert: true });
  }

  /** Those of the lectures that are summed. */
  async summed(lectureIds: readonly LectureId[]): Promise<Set<LectureId>> {
    return new Set((await this.#held.find({ _id: { $in: lectureIds } })).map(({ _id }) => _id));
  }

  /** The lectures of a course that are summed. */
  async heldOf(courseId: CourseId): Promise<LectureId[]> {
    return (await this.#held.find({ courseId }, { limit: maxListedVideos })).map(({ _id }) => _id);
  }

  async ofCourse(courseId: CourseId, userIds: readonly UserId[]): Promise<AttendanceRow[]> {
    return this.#attendance.find({ courseId, userId: { $in: userIds } });
  }

  async ofUser(userId: UserId): Promise<AttendanceRow[]> {
    return this.#attendance.find({ userId });
  }

  async forget(userId: UserId): Promise<void> {
    await this.#attendance.deleteMany({ userId });
  }

  /** The course is deleted. */
  async forgetCourse(courseId: CourseId): Promise<void> {
    await this.#attendance.deleteMany({ courseId });
    await this.#held.deleteMany({ courseId });
  }
}
