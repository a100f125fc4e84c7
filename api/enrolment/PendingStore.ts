import { erasedUserId } from '#engine/contract';
import type { CourseId, CourseRole, UserId } from '#engine/contract';
import { newId } from '#engine/kernel';
import type { Collection, Database } from '#engine/kernel';

export interface PendingRow {
  _id: string;
  courseId: string;
  /** In lower case, as accounts have it. */
  email: string;
  /** As it is written in the list; may be empty. */
  name: string;
  role: Exclude<CourseRole, 'owner'>;
  groupId: string | null;
  importId: string;
  createdBy: string;
  createdAt: string;
}

/** The people whom a list admits and who have no account with this verified address yet. Owns the collection `pendingAdmissions`. */
export class PendingStore {
  readonly #rows: Collection<PendingRow>;

  constructor(database: Database) {
    this.#rows = database.collection<PendingRow>({ name: 'pendingAdmissions', indexes: [{ keys: { courseId: 1, email: 1 }, unique: true }, { keys: { email: 1 } }, { keys: { createdBy: 1 } }] });
  }

  /** Admits an address, or changes with what it is admitted. */
  async put({ courseId, email, ...admission }: Omit<PendingRow, '_id'>): Promise<PendingRow> {
    const row = await this.#rows.findOneAndUpdate({ courseId, email }, { $set: admission, $setOnInsert: { _id: newId('pnd') } }, { upsert: true, returnDocument: 'after' });
    if (!row) throw new Error('an upsert returned no document');
    return row;
  }

  async has(courseId: CourseId, email: string): Promise<boolean> {
    return (await this.#rows.findOne({ courseId, email })) !== null;
  }

  async ofEmail(email: string): Promise<PendingRow[]> {
    return this.#rows.find({ email });
  }

  /** The addresses of all courses, so many at a time; an address that several courses admit may come again. */
  async *allEmails(size: number): AsyncIterable<string[]> {
    let emails = new Set<string>();
    for await (const { email } of this.#rows.iterate({})) {
      emails.add(email);
      if (emails.size < size) continue;
      yield [...emails];
      emails = new Set();
    }
    if (emails.size > 0) yield [...emails];
  }

  /** By address, those after `after`. */
  async page(courseId: CourseId, { after, limit }: { after: string | undefined; limit: number }): Promise<PendingRow[]> {
    return this.#rows.find({ courseId, ...(after === undefined ? {} : { email: { $gt: after } }) }, { sort: { email: 1 }, limit });
  }

  async emails(courseId: CourseId): Promise<Set<string>> {
    return new Set((await this.#rows.find({ courseId })).map(({ email }) => email));
  }

  async count(courseId: CourseId): Promise<number> {
    return this.#rows.countDocuments({ courseId });
  }

  async remove(courseId: CourseId, pendingId: string): Promise<boolean> {
    return (await this.#rows.deleteOne({ _id: pendingId, courseId })).deletedCount > 0;
  }

  async emptyGroup(courseId: CourseId, groupId: string): Promise<void> {
    await this.#rows.updateMany({ courseId, groupId }, { $set: { groupId: null } });
  }

  async removeEmail(email: string): Promise<void> {
    await this.#rows.deleteMany({ email });
  }

  /** Forgets who has admitted these people. */
  async eraseCreator(userId: UserId): Promise<void> {
    await this.#rows.updateMany({ createdBy: userId }, { $set: { createdBy: erasedUserId } });
  }

  async removeAll(courseId: CourseId): Promise<void> {
    await this.#rows.deleteMany({ courseId });
  }
}
