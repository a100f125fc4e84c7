import { CodedError, LectureId } from '../contract/index.ts';
import type { CourseId, Lecture, LectureEndReason, LectureState, UserId } from '../contract/index.ts';
import type { Collection, Database } from '../kernel/database/index.ts';
import { newId } from '../kernel/newId.ts';
import { FencedError } from '../kernel/ownership/index.ts';
import { maxListedLectures } from './limits.ts';

/** A stored lecture: the public view, and the fields that only the server needs. */
export interface LectureRow {
  _id: string;
  courseId: CourseId;
  title: string;
  state: LectureState;
  scheduledAt: string | null;
  durationMinutes: number | null;
  startedAt: string | null;
  endedAt: string | null;
  endReason: LectureEndReason | null;
  isRecorded: boolean;
  createdBy: UserId;
  createdAt: string;
  /** The highest number of a lease under which its state was written. Absent in lectures that were never started. */
  fence?: number;
}

/** The fields that only the owner of a lecture writes. */
export type OwnedFields = Partial<Pick<LectureRow, 'state' | 'startedAt' | 'endedAt' | 'endReason'>>;

export interface NewLecture {
  courseId: CourseId;
  title: string;
  scheduledAt: string | null;
  durationMinutes: number | null;
  isRecorded: boolean;
  createdBy: UserId;
}

/** Stores all lectures in every state. Owns the collection `lectures`. */
export class LectureStore {
  readonly #lectures: Collection<LectureRow>;

  constructor(database: Database) {
    this.#lectures = database.collection<LectureRow>({
      name: 'lectures',
      indexes: [{ keys: { courseId: 1, scheduledAt: 1 } }, { keys: { courseId: 1, state: 1 } }, { keys: { state: 1, scheduledAt: 1 } }, { keys: { createdBy: 1 } }],
    });
  }

  async add(lecture: NewLecture, createdAt: string): Promise<LectureRow> {
    const row: LectureRow = {
      _id: newId('lec'),
      ...lecture,
      state: 'scheduled',
      startedAt: null,
      endedAt: null,
      endReason: null,
      createdAt,
    };
    await this.#lectures.insertOne(row);
    return row;
  }

  async find(lectureId: LectureId): Promise<LectureRow | undefined> {
    return (await this.#lectures.findOne({ _id: lectureId })) ?? undefined;
  }

  async get(lectureId: LectureId): Promise<LectureRow> {
    const row = await this.find(lectureId);
    if (!row) throw new CodedError('lecture.notFound', 'There is no such lecture.');
    return row;
  }

  async ofCourse(courseId: CourseId): Promise<LectureRow[]> {
    return this.#lectures.find({ courseId }, { sort: { scheduledAt: -1 }, limit: maxListedLectures });
  }

  /** Those of several courses that have not ended. */
  async currentOf(courseIds: readonly CourseId[]): Promise<LectureRow[]> {
    const limit = maxListedLectures * courseIds.length;
    return this.#lectures.find({ courseId: { $in: courseIds }, state: { $in: ['scheduled', 'live', 'interrupted'] } }, { sort: { scheduledAt: 1 }, limit });
  }

  /** Those of a course that are live or interrupted. */
  async onAirOf(courseId: CourseId): Promise<LectureRow[]> {
    return this.#lectures.find({ courseId, state: { $in: ['live', 'interrupted'] } });
  }

  /** Those that are live or interrupted. */
  async onAir(): Promise<LectureRow[]> {
    return this.#lectures.find({ state: { $in: ['live', 'interrupted'] } }, { sort: { scheduledAt: 1 } });
  }

  /**
   * Makes the state of a lecture writable for the owner with this number, and for no earlier one. Returns the lecture as it
   * is from then on. @throws FencedError when there is a later owner; CodedError `lecture.notFound`
   */
  async raiseFence(lectureId: LectureId, fence: number): Promise<LectureRow> {
    const before = await this.get(lectureId);
    if (before.fence === fence) return before;
    const isNotLater = { $or: [{ fence: { $exists: false } }, { fence: { $lte: fence } }] };
    const row = await this.#lectures.findOneAndUpdate({ _id: lectureId, ...isNotLater }, { $set: { fence } }, { returnDocument: 'after' });
    if (row) return row;
    throw new FencedError(lectureId, fence);
  }

  /** Writes the state for the owner with this number. @throws FencedError when there is a later owner */
  async updateOwned(lectureId: LectureId, fence: number, change: OwnedFields): Promise<void> {
    const { matchedCount } = await this.#lectures.updateOne({ _id: lectureId, fence }, { $set: change });
    if (matchedCount === 0) throw new FencedError(lectureId, fence);
  }

  /** For what everybody may change, such as the title. */
  async update(lectureId: LectureId, change: Omit<Partial<LectureRow>, '_id' | 'fence' | keyof OwnedFields>): Promise<LectureRow> {
    const row = await this.#lectures.findOneAndUpdate({ _id: lectureId }, { $set: change }, { returnDocument: 'after' });
    if (!row) throw new CodedError('lecture.notFound', 'There is no such lecture.');
    return row;
  }

  /** Those that a person has planned or started, in no particular order. */
  async createdBy(userId: UserId): Promise<LectureRow[]> {
    return this.#lectures.find({ createdBy: userId });
  }

  async replaceCreator(userId: UserId, replacement: UserId): Promise<void> {
    await this.#lectures.updateMany({ createdBy: userId }, { $set: { createdBy: replacement } });
  }

  /** Removes a lecture that has not started. False if it has, in another process. */
  async remove(lectureId: LectureId): Promise<boolean> {
    return (await this.#lectures.deleteOne({ _id: lectureId, state: 'scheduled' })).deletedCount === 1;
  }
}

export function lectureView(row: LectureRow): Lecture {
  const { courseId, title, state, scheduledAt, startedAt, endedAt, isRecorded } = row;
  return { id: LectureId.parse(row._id), courseId, title, state, scheduledAt, startedAt, endedAt, isRecorded };
}
