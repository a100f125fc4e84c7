import { CodedError, LectureId } from '../contract/index.ts';
import type { CourseId, Lecture, LectureEndReason, LectureState, UserId } from '../contract/index.ts';
import type { Collection, Database } from '../kernel/database/index.ts';
import { fromInstant, toInstant } from '../kernel/Clock.ts';
import { newId } from '../kernel/newId.ts';
import { FencedError } from '../kernel/ownership/index.ts';
import { maxListedLectures, maxPlannedDurationMs } from './limits.ts';
import type { SeriesPlace } from './SeriesPlace.ts';

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
  /** Its place in a series. Absent in a lecture that was scheduled singly. */
  series?: SeriesPlace;
  /** How often it was changed since it was scheduled. Absent: never. */
  revision?: number;
  /** When it was last changed. Absent: never. */
  changedAt?: string;
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
  series?: SeriesPlace;
}

/** A span of planned starts, ISO 8601 in UTC: from `from` on, before `before`. */
export interface PlannedSpan {
  from: string;
  before: string;
}

/** Stores all lectures in every state. Owns the collection `lectures`. */
export class LectureStore {
  readonly #lectures: Collection<LectureRow>;

  constructor(database: Database) {
    this.#lectures = database.collection<LectureRow>({
      name: 'lectures',
      indexes: [
        { keys: { courseId: 1, scheduledAt: 1 } },
        { keys: { courseId: 1, state: 1 } },
        { keys: { state: 1, scheduledAt: 1 } },
        { keys: { state: 1, endedAt: 1 } },
        { keys: { createdBy: 1 } },
        { keys: { 'series.seriesId': 1, 'series.date': 1 }, unique: true, sparse: true },
      ],
    });
  }

  async add(lecture: NewLecture, createdAt: string): Promise<LectureRow> {
    const row = newRow(lecture, createdAt);
    await this.#lectures.insertOne(row);
    return row;
  }

  /** Adds lectures in order. When it fails, the first ones may be stored. */
  async addMany(lectures: readonly NewLecture[], createdAt: string): Promise<LectureRow[]> {
    const rows = lectures.map((lecture) => newRow(lecture, createdAt));
    if (rows.length > 0) await this.#lectures.insertMany(rows);
    return rows;
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

  /** Those of a series in any state, by their dates. */
  async ofSeries(seriesId: string): Promise<LectureRow[]> {
    return this.#lectures.find({ 'series.seriesId': seriesId }, { sort: { 'series.date': 1 } });
  }

  /** Those of several courses that are planned to start in a span, in any state, the soonest first. */
  async plannedIn(courseIds: readonly CourseId[], { from, before }: PlannedSpan, limit: number): Promise<LectureRow[]> {
    return this.#lectures.find({ courseId: { $in: courseIds }, scheduledAt: { $gte: from, $lt: before } }, { sort: { scheduledAt: 1 }, limit });
  }

  /** Those of a course that have not ended and are planned for a time within a span, also if they start before it. */
  async plannedDuring(courseId: CourseId, { from, before }: PlannedSpan): Promise<LectureRow[]> {
    const earliest = toInstant(fromInstant(from) - maxPlannedDurationMs);
    const rows = await this.#lectures.find({ courseId, scheduledAt: { $gte: earliest, $lt: before } }, { sort: { scheduledAt: 1 } });
    return rows.filter(({ state }) => state !== 'ended');
  }

  /** Those that ended at this instant or later, the earliest first. */
  async endedSince(endedAt: string, limit: number): Promise<LectureRow[]> {
    return this.#lectures.find({ state: 'ended', endedAt: { $gte: endedAt } }, { sort: { endedAt: 1 }, limit });
  }

  /** Those of a course that ended before this instant. */
  endedBefore(courseId: CourseId, endedAt: string): AsyncIterable<LectureRow> {
    return this.#lectures.iterate({ courseId, state: 'ended', endedAt: { $lt: endedAt } });
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
  async update(lectureId: LectureId, change: Omit<Partial<LectureRow>, '_id' | 'fence' | 'revision' | keyof OwnedFields>): Promise<LectureRow> {
    const row = await this.#lectures.findOneAndUpdate({ _id: lectureId }, { $set: change, $inc: { revision: 1 } }, { returnDocument: 'after' });
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

function newRow(lecture: NewLecture, createdAt: string): LectureRow {
  return { _id: newId('lec'), ...lecture, state: 'scheduled', startedAt: null, endedAt: null, endReason: null, createdAt };
}

export function lectureView(row: LectureRow): Lecture {
  const { courseId, title, state, scheduledAt, startedAt, endedAt, isRecorded } = row;
  return { id: LectureId.parse(row._id), courseId, title, state, scheduledAt, startedAt, endedAt, isRecorded };
}
