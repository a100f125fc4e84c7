import { CodedError, LectureId } from '../contract/index.ts';
import type { CourseId, Lecture, LectureEndReason, LectureState, UserId } from '../contract/index.ts';
import type { Collection, Database } from '../kernel/database/index.ts';
import { newId } from '../kernel/newId.ts';
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
}

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
      indexes: [{ keys: { courseId: 1, scheduledAt: 1 } }, { keys: { courseId: 1, state: 1 } }, { keys: { state: 1, scheduledAt: 1 } }],
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

  async inState(state: LectureState): Promise<LectureRow[]> {
    return this.#lectures.find({ state }, { sort: { scheduledAt: 1 } });
  }

  async update(lectureId: LectureId, change: Partial<Omit<LectureRow, '_id'>>): Promise<LectureRow> {
    const row = await this.#lectures.findOneAndUpdate({ _id: lectureId }, { $set: change }, { returnDocument: 'after' });
    if (!row) throw new CodedError('lecture.notFound', 'There is no such lecture.');
    return row;
  }

  async remove(lectureId: LectureId): Promise<void> {
    await this.#lectures.deleteOne({ _id: lectureId });
  }
}

export function lectureView(row: LectureRow): Lecture {
  const { courseId, title, state, scheduledAt, startedAt, endedAt, isRecorded } = row;
  return { id: LectureId.parse(row._id), courseId, title, state, scheduledAt, startedAt, endedAt, isRecorded };
}
