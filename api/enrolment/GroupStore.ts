import { CodedError } from '#engine/contract';
import type { CourseId } from '#engine/contract';
import { DuplicateKeyError, newId } from '#engine/kernel';
import type { Collection, Database } from '#engine/kernel';
import { maxGroupsPerCourse } from '../contract/index.ts';

export interface GroupRow {
  _id: string;
  courseId: string;
  name: string;
  /** The name without case and variants of characters: unique in the course. */
  nameKey: string;
  createdAt: string;
}

/** The named groups of courses. A person is in one group of a course at most. Owns the collection `courseGroups`. */
export class GroupStore {
  readonly #groups: Collection<GroupRow>;

  constructor(database: Database) {
    this.#groups = database.collection<GroupRow>({ name: 'courseGroups', indexes: [{ keys: { courseId: 1, nameKey: 1 }, unique: true }] });
  }

  /** By name. */
  async ofCourse(courseId: CourseId): Promise<GroupRow[]> {
    return this.#groups.find({ courseId }, { sort: { nameKey: 1 } });
  }

  /** @throws CodedError `group.exists`, `request.invalid` for too many */
  async add(courseId: CourseId, name: string, createdAt: string): Promise<GroupRow> {
    if ((await this.#groups.countDocuments({ courseId })) >= maxGroupsPerCourse) {
      throw new CodedError('limit.reached', `A course has at most ${maxGroupsPerCourse} groups.`, { details: { field: 'name' } });
    }
    const row: GroupRow = { _id: newId('grp'), courseId, name, nameKey: groupKey(name), createdAt };
    return this.#unique(name, async () => {
      await this.#groups.insertOne(row);
      return row;
    });
  }

  /** The group of that name, which is added if it is missing. */
  async ensure(courseId: CourseId, name: string, createdAt: string): Promise<GroupRow> {
    const nameKey = groupKey(name);
    const found = await this.#groups.findOne({ courseId, nameKey });
    if (found) return found;
    try {
      return await this.add(courseId, name, createdAt);
    } catch (err) {
      const other = await this.#groups.findOne({ courseId, nameKey });
      if (!other) throw err;
      return other;
    }
  }

  /** @throws CodedError `group.notFound`, `group.exists` */
  async rename(courseId: CourseId, groupId: string, name: string): Promise<GroupRow> {
    return this.#unique(name, async () => {
      const row = await this.#groups.findOneAndUpdate({ _id: groupId, courseId }, { $set: { name, nameKey: groupKey(name) } }, { returnDocument: 'after' });
      if (!row) throw notFound();
      return row;
    });
  }

  /** @throws CodedError `group.notFound` */
  async require(courseId: CourseId, groupId: string): Promise<GroupRow> {
    const row = await this.#groups.findOne({ _id: groupId, courseId });
    if (!row) throw notFound();
    return row;
  }

  /** @throws CodedError `group.notFound` */
  async remove(courseId: CourseId, groupId: string): Promise<void> {
    if ((await this.#groups.deleteOne({ _id: groupId, courseId })).deletedCount === 0) throw notFound();
  }

  async removeAll(courseId: CourseId): Promise<void> {
    await this.#groups.deleteMany({ courseId });
  }

  async #unique(name: string, write: () => Promise<GroupRow>): Promise<GroupRow> {
    try {
      return await write();
    } catch (cause) {
      if (!(cause instanceof DuplicateKeyError)) throw cause;
      throw new CodedError('group.exists', `The course already has a group “${name}”.`, { cause, details: { field: 'name' } });
    }
  }
}

export function groupKey(name: string): string {
  return name.normalize('NFKC').toLowerCase().replace(/\s+/g, ' ').trim();
}

function notFound(): CodedError {
  return new CodedError('group.notFound', 'This group no longer exists. Reload the page.');
}
