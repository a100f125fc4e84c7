import { CodedError, CourseId, UserId } from '#engine/contract';
import type { CourseRole } from '#engine/contract';
import { DuplicateKeyError, newId } from '#engine/kernel';
import type { Collection, Database, Filter } from '#engine/kernel';
import { readPage } from '../paging/index.ts';
import type { Page } from '../paging/index.ts';

export interface EnrolmentRow {
  _id: string;
  courseId: string;
  userId: string;
  role: CourseRole;
  enrolledAt: string;
  /** `<courseId>/<seatNumber>`, of a student who came into a course with a capacity. Unique: two people never have one seat. */
  seat?: string;
  seatNumber?: number;
  groupId?: string | null;
  /** The list that enrolled this person. */
  importId?: string;
  /** The name of the person as lists are sorted by it (`nameKey`). Absent until a list of the course is read, and after a new name. */
  nameKey?: string;
}

/** The people of a course in a list. */
export interface PeopleFilter {
  role?: CourseRole | undefined;
  /** `none`: people without a group. */
  group?: string | undefined;
}

export type NewEnrolment = Pick<EnrolmentRow, 'courseId' | 'userId' | 'role' | 'enrolledAt'> & Partial<Pick<EnrolmentRow, 'groupId' | 'importId'>>;

/** The role of each user in each course, the owner included. Owns the collection `enrolments`. */
export class EnrolmentStore {
  readonly #enrolments: Collection<EnrolmentRow>;

  constructor(database: Database) {
    this.#enrolments = database.collection<EnrolmentRow>({
      name: 'enrolments',
      indexes: [
        { keys: { courseId: 1, userId: 1 }, unique: true },
        { keys: { userId: 1 } },
        { keys: { seat: 1 }, unique: true, sparse: true },
        { keys: { courseId: 1, role: 1, seatNumber: 1 } },
        { keys: { courseId: 1, nameKey: 1, _id: 1 } },
        { keys: { courseId: 1, role: 1, nameKey: 1, _id: 1 } },
        { keys: { courseId: 1, groupId: 1, nameKey: 1, _id: 1 } },
      ],
    });
  }

  async find(courseId: CourseId, userId: UserId): Promise<EnrolmentRow | undefined> {
    return (await this.#enrolments.findOne({ courseId, userId })) ?? undefined;
  }

  async roleOf(userId: UserId, courseId: CourseId): Promise<CourseRole | undefined> {
    return (await this.find(courseId, userId))?.role;
  }

  /** @throws CodedError `enrolment.exists` */
  async add(enrolment: NewEnrolment): Promise<EnrolmentRow> {
    const row: EnrolmentRow = { _id: newId('enr'), ...enrolment };
    try {
      await this.#enrolments.insertOne(row);
    } catch (cause) {
      if (!(cause instanceof DuplicateKeyError)) throw cause;
      throw new CodedError('enrolment.exists', 'You are already in this course. Reload the page to open it.', { cause });
    }
    return row;
  }

  /** Enrols someone in a seat, in one step: the seat and the person are both free, or nothing is stored. */
  async addSeated(enrolment: NewEnrolment, seatNumber: number): Promise<EnrolmentRow | 'alreadyIn' | 'seatTaken'> {
    const row: EnrolmentRow = { _id: newId('enr'), ...enrolment, seat: seatOf(enrolment.courseId, seatNumber), seatNumber };
    try {
      await this.#enrolments.insertOne(row);
      return row;
    } catch (err) {
      if (!(err instanceof DuplicateKeyError)) throw err;
      const found = await this.#enrolments.findOne({ courseId: row.courseId, userId: row.userId });
      return found ? 'alreadyIn' : 'seatTaken';
    }
  }

  async countStudents(courseId: CourseId): Promise<number> {
    return this.#enrolments.countDocuments({ courseId, role: 'student' });
  }

  /** A student without a seat below `capacity`: enrolled before the course had one, or when it was larger. */
  async findUnseated(courseId: CourseId, capacity: number): Promise<EnrolmentRow | undefined> {
    const without = await this.#enrolments.findOne({ courseId, role: 'student', seatNumber: null });
    return without ?? (await this.#enrolments.findOne({ courseId, role: 'student', seatNumber: { $gte: capacity } })) ?? undefined;
  }

  async takenSeats(courseId: CourseId): Promise<Set<number>> {
    const rows = await this.#enrolments.find({ courseId, role: 'student' });
    return new Set(rows.flatMap(({ seatNumber }) => seatNumber ?? []));
  }

  /** Gives a student another seat. False when the seat is taken or the student has changed. */
  async moveToSeat({ _id, courseId, seatNumber: current }: EnrolmentRow, seatNumber: number): Promise<boolean> {
    try {
      const { matchedCount } = await this.#enrolments.updateOne({ _id, role: 'student', seatNumber: current ?? null }, { $set: { seat: seatOf(courseId, seatNumber), seatNumber } });
      return matchedCount > 0;
    } catch (err) {
      if (err instanceof DuplicateKeyError) return false;
      throw err;
    }
  }

  /** Changes the role of someone who is enrolled. Only students have seats. @throws CodedError `enrolment.notFound` */
  async setRole(courseId: CourseId, userId: UserId, role: CourseRole): Promise<EnrolmentRow> {
    const update = { $set: { role }, ...(role === 'student' ? {} : { $unset: { seat: 1 as const, seatNumber: 1 as const } }) };
    const row = await this.#enrolments.findOneAndUpdate({ courseId, userId }, update, { returnDocument: 'after' });
    if (!row) throw new CodedError('enrolment.notFound', 'This person is no longer in the course. Reload the page.');
    return row;
  }

  /** Enrols someone without looking for a seat, or changes the role of someone who is enrolled. */
  async put({ courseId, userId, role, enrolledAt }: NewEnrolment): Promise<EnrolmentRow> {
    await this.#enrolments.updateOne({ courseId, userId }, { $setOnInsert: { _id: newId('enr'), role, enrolledAt } }, { upsert: true });
    return this.setRole(CourseId.parse(courseId), UserId.parse(userId), role);
  }

  /** @throws CodedError `enrolment.notFound` */
  async setGroup(courseId: CourseId, userId: UserId, groupId: string | null): Promise<EnrolmentRow> {
    const row = await this.#enrolments.findOneAndUpdate({ courseId, userId }, { $set: { groupId } }, { returnDocument: 'after' });
    if (!row) throw new CodedError('enrolment.notFound', 'This person is no longer in the course. Reload the page.');
    return row;
  }

  async emptyGroup(courseId: CourseId, groupId: string): Promise<void> {
    await this.#enrolments.updateMany({ courseId, groupId }, { $set: { groupId: null } });
  }

  /** @throws CodedError `enrolment.notFound` */
  async remove(courseId: CourseId, userId: UserId): Promise<void> {
    const { deletedCount } = await this.#enrolments.deleteOne({ courseId, userId });
    if (deletedCount === 0) throw new CodedError('enrolment.notFound', 'This person is no longer in the course. Reload the page.');
  }

  /** Takes back one enrolment, and no later one of the same person. */
  async takeBack(enrolmentId: string): Promise<void> {
    await this.#enrolments.deleteOne({ _id: enrolmentId });
  }

  async removeAll(courseId: CourseId): Promise<void> {
    await this.#enrolments.deleteMany({ courseId });
  }

  async removeAllOf(userId: UserId): Promise<void> {
    await this.#enrolments.deleteMany({ userId });
  }

  async ofCourse(courseId: CourseId): Promise<EnrolmentRow[]> {
    return this.#enrolments.find({ courseId });
  }

  /** A page of the people of a course, by name. Those without a `nameKey` are not in it. @throws CodedError `page.notFound` for a cursor of another list */
  pageByName(courseId: CourseId, filter: PeopleFilter, { list, cursor, limit }: { list: string; cursor: string | undefined; limit: number }): Promise<Page<EnrolmentRow>> {
    return readPage(this.#enrolments, { list, filter: { ...filterOf(courseId, filter), nameKey: { $gte: '' } }, sortBy: 'nameKey', direction: 1, cursor, limit });
  }

  async countPeople(courseId: CourseId, filter: PeopleFilter): Promise<number> {
    return this.#enrolments.countDocuments(filterOf(courseId, filter));
  }

  /** Those of these users who are in the course. */
  async peopleAmong(courseId: CourseId, userIds: readonly UserId[], filter: PeopleFilter): Promise<EnrolmentRow[]> {
    return this.#enrolments.find({ ...filterOf(courseId, filter), userId: { $in: userIds } });
  }

  /** People whose name begins with this, by name. Those without a `nameKey` are not among them. */
  async withNamePrefix(courseId: CourseId, prefix: string, limit: number): Promise<EnrolmentRow[]> {
    return this.#enrolments.find({ courseId, nameKey: { $gte: prefix, $lt: `${prefix}\uffff` } }, { sort: { nameKey: 1, _id: 1 }, limit });
  }

  async unnamed(courseId: CourseId, limit: number): Promise<EnrolmentRow[]> {
    return this.#enrolments.find({ courseId, nameKey: null }, { limit });
  }

  /** Unless another process was quicker. */
  async setNameKey(enrolmentId: string, nameKey: string): Promise<void> {
    await this.#enrolments.updateOne({ _id: enrolmentId, nameKey: null }, { $set: { nameKey } });
  }

  /** The person has another name. */
  async forgetName(userId: UserId): Promise<void> {
    await this.#enrolments.updateMany({ userId }, { $unset: { nameKey: 1 } });
  }

  /** The enrolments of a course by the ids of the users. @throws CodedError `page.notFound` for a cursor of another list */
  page(courseId: CourseId, { cursor, limit }: { cursor: string | undefined; limit: number }): Promise<Page<EnrolmentRow>> {
    return readPage(this.#enrolments, { list: `enrolments.${courseId}`, filter: { courseId }, sortBy: 'userId', direction: 1, cursor, limit });
  }

  /** Those of these users who are in the course. */
  async among(courseId: CourseId, userIds: readonly UserId[]): Promise<UserId[]> {
    const rows = await this.#enrolments.find({ courseId, userId: { $in: userIds } });
    return rows.map(({ userId }) => userId as UserId);
  }

  async countOf(courseId: CourseId): Promise<number> {
    return this.#enrolments.countDocuments({ courseId });
  }

  async ofUser(userId: UserId): Promise<EnrolmentRow[]> {
    return this.#enrolments.find({ userId });
  }
}

function filterOf(courseId: CourseId, { role, group }: PeopleFilter): Filter<EnrolmentRow> {
  return { courseId, ...(role && { role }), ...(group !== undefined && { groupId: group === 'none' ? null : group }) };
}

function seatOf(courseId: string, seatNumber: number): string {
  return `${courseId}/${seatNumber}`;
}
