import { CodedError, CourseId } from '#engine/contract';
import type { UserId } from '#engine/contract';
import { newId } from '#engine/kernel';
import type { Collection, Database } from '#engine/kernel';
import type { EnrolmentPolicy } from '../contract/index.ts';
import { maxListedCourses } from '../limits.ts';

export interface CourseRow {
  _id: string;
  title: string;
  description: string;
  ownerId: string;
  enrolmentPolicy: EnrolmentPolicy;
  enrolmentCode: string;
  createdAt: string;
}

/** The courses. Owns the collection `courses`. */
export class CourseStore {
  readonly #courses: Collection<CourseRow>;

  constructor(database: Database) {
    this.#courses = database.collection<CourseRow>({ name: 'courses', indexes: [{ keys: { enrolmentPolicy: 1, createdAt: -1 } }, { keys: { enrolmentCode: 1 } }, { keys: { createdAt: -1 } }, { keys: { ownerId: 1 } }] });
  }

  async add(course: Omit<CourseRow, '_id'>): Promise<CourseRow> {
    const row: CourseRow = { _id: newId('crs'), ...course };
    await this.#courses.insertOne(row);
    return row;
  }

  /** @throws CodedError `course.notFound` */
  async get(courseId: CourseId): Promise<CourseRow> {
    const row = await this.#courses.findOne({ _id: courseId });
    if (!row) throw new CodedError('course.notFound', 'This course does not exist. It may have been deleted; check the link.');
    return row;
  }

  /** The course that people can join with this code. @throws CodedError `course.codeWrong` */
  async getByCode(enrolmentCode: string): Promise<CourseRow> {
    const row = await this.#courses.findOne({ enrolmentCode });
    if (row?.enrolmentPolicy === 'code') return row;
    throw new CodedError('course.codeWrong', 'No course has this code. Check it, or ask the instructor for the current one.', { details: { field: 'code' } });
  }

  async findMany(courseIds: readonly CourseId[]): Promise<CourseRow[]> {
    return this.#courses.find({ _id: { $in: courseIds } }, { sort: { createdAt: -1 } });
  }

  /** The courses that anyone can enrol in, newest first. */
  async listOpen(): Promise<CourseRow[]> {
    return this.#courses.find({ enrolmentPolicy: 'open' }, { sort: { createdAt: -1 }, limit: maxListedCourses });
  }

  /** All courses, newest first. */
  async listAll(): Promise<CourseRow[]> {
    return this.#courses.find({}, { sort: { createdAt: -1 }, limit: maxListedCourses });
  }

  async ownedBy(userId: UserId): Promise<CourseRow[]> {
    return this.#courses.find({ ownerId: userId });
  }

  async replaceOwner(userId: UserId, replacement: UserId): Promise<void> {
    await this.#courses.updateMany({ ownerId: userId }, { $set: { ownerId: replacement } });
  }

  async remove(courseId: CourseId): Promise<void> {
    await this.#courses.deleteOne({ _id: courseId });
  }

  /** @throws CodedError `course.notFound` */
  async update(courseId: CourseId, change: Partial<Omit<CourseRow, '_id' | 'ownerId'>>): Promise<CourseRow> {
    const row = await this.#courses.findOneAndUpdate({ _id: courseId }, { $set: change }, { returnDocument: 'after' });
    if (!row) throw new CodedError('course.notFound', 'This course does not exist. It may have been deleted; check the link.');
    return row;
  }
}

export function courseIdOf(row: Pick<CourseRow, '_id'>): CourseId {
  return CourseId.parse(row._id);
}
