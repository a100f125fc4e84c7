import { CodedError } from '#engine/contract';
import type { CourseId, CourseRole, UserId } from '#engine/contract';
import { DuplicateKeyError, newId } from '#engine/kernel';
import type { Collection, Database } from '#engine/kernel';

export interface EnrolmentRow {
  _id: string;
  courseId: string;
  userId: string;
  role: CourseRole;
  enrolledAt: string;
}

/** The role of each user in each course, the owner included. Owns the collection `enrolments`. */
export class EnrolmentStore {
  readonly #enrolments: Collection<EnrolmentRow>;
  readonly #onAdded: (enrolment: EnrolmentRow) => void;

  /** `onAdded`: after somebody who is not the owner was enrolled, in whatever way. */
  constructor(database: Database, onAdded: (enrolment: EnrolmentRow) => void = () => undefined) {
    this.#onAdded = onAdded;
    this.#enrolments = database.collection<EnrolmentRow>({
      name: 'enrolments',
      indexes: [{ keys: { courseId: 1, userId: 1 }, unique: true }, { keys: { userId: 1 } }],
    });
  }

  async roleOf(userId: UserId, courseId: CourseId): Promise<CourseRole | undefined> {
    return (await this.#enrolments.findOne({ courseId, userId }))?.role;
  }

  /** @throws CodedError `enrolment.exists` */
  async add(enrolment: Omit<EnrolmentRow, '_id'>): Promise<EnrolmentRow> {
    const row: EnrolmentRow = { _id: newId('enr'), ...enrolment };
    try {
      await this.#enrolments.insertOne(row);
    } catch (cause) {
      if (!(cause instanceof DuplicateKeyError)) throw cause;
      throw new CodedError('enrolment.exists', 'You are already in this course. Reload the page to open it.', { cause });
    }
    if (row.role !== 'owner') this.#onAdded(row);
    return row;
  }

  /** Enrols someone, or changes the role of someone who is enrolled. */
  async put({ courseId, userId, role, enrolledAt }: Omit<EnrolmentRow, '_id'>): Promise<EnrolmentRow> {
    const update = { $set: { role }, $setOnInsert: { _id: newId('enr'), enrolledAt } };
    const row = await this.#enrolments.findOneAndUpdate({ courseId, userId }, update, { upsert: true, returnDocument: 'after' });
    if (!row) throw new Error('an upsert returned no document');
    if (row.enrolledAt === enrolledAt && role !== 'owner') this.#onAdded(row);
    return row;
  }

  /** @throws CodedError `enrolment.notFound` */
  async remove(courseId: CourseId, userId: UserId): Promise<void> {
    const { deletedCount } = await this.#enrolments.deleteOne({ courseId, userId });
    if (deletedCount === 0) throw new CodedError('enrolment.notFound', 'This person is no longer in the course. Reload the page.');
  }

  async removeAll(courseId: CourseId): Promise<void> {
    await this.#enrolments.deleteMany({ courseId });
  }

  async ofCourse(courseId: CourseId): Promise<EnrolmentRow[]> {
    return this.#enrolments.find({ courseId });
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
