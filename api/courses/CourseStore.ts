import { CodedError } from '#engine/contract';
import type { CourseId, UserId } from '#engine/contract';
import { newId } from '#engine/kernel';
import type { Collection, CollectionDefinition, Database } from '#engine/kernel';
import { readMergedPage } from '../paging/index.ts';
import type { Page } from '../paging/index.ts';
import { courseRow, derivedFields } from './courseRow.ts';
import type { CourseChange, CourseRow, DerivedField, Listing, StoredCourse } from './courseRow.ts';

export { conditionOf, courseIdOf } from './courseRow.ts';
export type { CourseRow } from './courseRow.ts';

export type NewCourse = Omit<CourseRow, '_id' | 'version' | 'updatedAt' | 'deletedAt' | 'deletedBy' | 'coverId' | DerivedField>;

export const courseOrders = { newest: { sortBy: 'createdAt', direction: -1 }, title: { sortBy: 'titleKey', direction: 1 } } as const;
export type CourseOrder = keyof typeof courseOrders;

export interface CourseListRequest {
  listings: readonly Listing[];
  categoryId?: string | undefined;
  ownerId?: string | undefined;
  order: CourseOrder;
  cursor?: string | undefined;
  limit: number;
}

/** Courses read by one call of `findMany`. */
const batchSize = 500;

/** The courses. Owns the collection `courses`. */
export class CourseStore {
  static readonly indexes: CollectionDefinition<StoredCourse>['indexes'] = [
    { keys: { enrolmentCode: 1 } },
    { keys: { listing: 1, createdAt: -1, _id: -1 } },
    { keys: { listing: 1, titleKey: 1, _id: 1 } },
    { keys: { categoryId: 1, listing: 1, createdAt: -1, _id: -1 } },
    { keys: { categoryId: 1, listing: 1, titleKey: 1, _id: 1 } },
    { keys: { ownerId: 1, listing: 1, createdAt: -1, _id: -1 } },
    { keys: { ownerId: 1, listing: 1, titleKey: 1, _id: 1 } },
    { keys: { deletedAt: 1 } },
  ];

  readonly #courses: Collection<StoredCourse>;

  constructor(database: Database) {
    this.#courses = database.collection<StoredCourse>({ name: 'courses', indexes: CourseStore.indexes });
  }

  async add(course: NewCourse): Promise<CourseRow> {
    const row = courseRow({ _id: newId('crs'), ...course });
    await this.#courses.insertOne(row);
    return row;
  }

  /** Also one in the trash. */
  async find(courseId: CourseId): Promise<CourseRow | undefined> {
    const stored = await this.#courses.findOne({ _id: courseId });
    return stored ? courseRow(stored) : undefined;
  }

  /** @throws CodedError `course.notFound`, also for one in the trash */
  async get(courseId: CourseId): Promise<CourseRow> {
    const row = await this.find(courseId);
    if (row?.deletedAt !== null) throw notFound();
    return row;
  }

  /** The course that people can join with this code. @throws CodedError `course.codeWrong` */
  async getByCode(enrolmentCode: string): Promise<CourseRow> {
    const stored = await this.#courses.findOne({ enrolmentCode });
    const row = stored && courseRow(stored);
    if (row?.listing === 'unlisted' && row.enrolmentPolicy === 'code') return row;
    throw new CodedError('course.codeWrong', 'No course has this code. Check it, or ask the instructor for the current one.', { details: { field: 'code' } });
  }

  /** Those that are not in the trash, newest first. */
  async findMany(courseIds: readonly CourseId[]): Promise<CourseRow[]> {
    const found: CourseRow[] = [];
    for (let start = 0; start < courseIds.length; start += batchSize) {
      found.push(...(await this.#courses.find({ _id: { $in: courseIds.slice(start, start + batchSize) } })).map(courseRow));
    }
    return found.filter(({ deletedAt }) => deletedAt === null).sort((a, b) => (a.createdAt < b.createdAt ? 1 : -1));
  }

  /** A page of the courses of the whole site. `categoryId` or `ownerId` narrow it down. */
  async list({ listings, categoryId, ownerId, order, cursor, limit }: CourseListRequest): Promise<Page<CourseRow>> {
    const narrowed = { ...(categoryId === undefined ? {} : { categoryId }), ...(ownerId === undefined ? {} : { ownerId }) };
    const list = ['courses', order, ...listings, categoryId ?? '', ownerId ?? ''].join(' ');
    const filters = listings.map((listing) => ({ listing, ...narrowed }));
    const { rows, nextCursor } = await readMergedPage(this.#courses, { list, filters, ...courseOrders[order], cursor, limit });
    return { rows: rows.map(courseRow), nextCursor };
  }

  /** All courses that were deleted before this time, with those of which a removal has failed. */
  async deletedBefore(instant: string): Promise<CourseRow[]> {
    return (await this.#courses.find({ deletedAt: { $lt: instant } })).map(courseRow);
  }

  /** The ids of all courses that are not in the trash. */
  async *ids(): AsyncGenerator<string> {
    for await (const { _id } of this.#courses.iterate({ deletedAt: null })) yield _id;
  }

  /** The courses of a person in any state, also those in the trash. */
  async ownedBy(userId: UserId): Promise<CourseRow[]> {
    return (await this.#courses.find({ ownerId: userId })).map(courseRow);
  }

  /** Takes all courses out of a category, also those in the trash. */
  async leaveCategory(categoryId: string): Promise<void> {
    await this.#courses.updateMany({ categoryId }, { $set: { categoryId: null }, $inc: { version: 1 } });
  }

  async replaceOwner(userId: UserId, replacement: UserId): Promise<void> {
    await this.#courses.updateMany({ ownerId: userId, deletedBy: userId }, { $set: { deletedBy: replacement } });
    await this.#courses.updateMany({ ownerId: userId }, { $set: { ownerId: replacement } });
  }

  async remove(courseId: CourseId): Promise<void> {
    await this.#courses.deleteOne({ _id: courseId });
  }

  /** Changes a course that is not in the trash. @throws CodedError `course.notFound` */
  async update(courseId: CourseId, change: CourseChange): Promise<CourseRow> {
    return this.modify(courseId, (row) => {
      if (row.deletedAt !== null) throw notFound();
      return change;
    });
  }

  /**
   * Reads a course, also one in the trash, and stores the change that follows from what it is. When somebody else changes it in
   * between, it is decided again; what `decide` throws leaves the course as it was. A change of undefined leaves it, too.
   * @throws CodedError `course.notFound`
   */
  async modify(courseId: CourseId, decide: (row: CourseRow) => CourseChange | undefined): Promise<CourseRow> {
    for (;;) {
      const stored = await this.#courses.findOne({ _id: courseId });
      if (!stored) throw notFound();
      const row = courseRow(stored);
      const change = decide(row);
      if (change === undefined) return row;
      const next = { ...withoutUndefined(change), version: row.version + 1 };
      const update = stored.listing === undefined ? next : { ...next, ...derivedFields({ ...row, ...next }) };
      const changed = await this.#courses.findOneAndUpdate({ _id: courseId, version: stored.version ?? null }, { $set: update }, { returnDocument: 'after' });
      if (changed) return courseRow(changed);
    }
  }

  /**
   * Stores the fields that lists need in courses of older versions, once in the life of a database. `prepare` is called for each
   * course before it appears in lists.
   */
  async upgrade(prepare: (row: CourseRow) => Promise<void>): Promise<void> {
    for (let isWhole = false; !isWhole; ) {
      isWhole = true;
      for await (const stored of this.#courses.iterate({ listing: null })) {
        const { _id, ...fields } = courseRow(stored);
        await prepare({ _id, ...fields });
        const { matchedCount } = await this.#courses.updateOne({ _id, listing: null, version: stored.version ?? null }, { $set: fields });
        // Somebody has changed it in between.
        isWhole &&= matchedCount === 1;
      }
    }
  }
}

function withoutUndefined(change: CourseChange): CourseChange {
  return Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
}

function notFound(): CodedError {
  return new CodedError('course.notFound', 'This course does not exist. It may have been deleted; check the link.');
}
