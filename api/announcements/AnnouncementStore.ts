import { CodedError, erasedUserId } from '#engine/contract';
import type { CourseId, UserId } from '#engine/contract';
import { newId } from '#engine/kernel';
import type { Collection, Database } from '#engine/kernel';
import { maxPinned } from '../learningLimits.ts';
import { readPage } from '../paging/index.ts';
import type { Page } from '../paging/index.ts';

export interface AnnouncementRow {
  _id: string;
  courseId: CourseId;
  authorId: UserId;
  title: string;
  text: string;
  isPinned: boolean;
  createdAt: string;
  editedAt: string | null;
}

interface ReadRow {
  /** `<user>.<course>`: one row for each. */
  _id: string;
  userId: UserId;
  courseId: CourseId;
  /** `createdAt` of the newest announcement that the person has seen. */
  readUntil: string;
}

/** The announcements of courses, and how far each person has read. Owns the collections `announcements` and `announcementReads`. */
export class AnnouncementStore {
  readonly #announcements: Collection<AnnouncementRow>;
  readonly #reads: Collection<ReadRow>;

  constructor(database: Database) {
    this.#announcements = database.collection<AnnouncementRow>({
      name: 'announcements',
      indexes: [{ keys: { courseId: 1, isPinned: 1, createdAt: -1, _id: -1 } }, { keys: { courseId: 1, createdAt: -1 } }, { keys: { authorId: 1 } }],
    });
    this.#reads = database.collection<ReadRow>({ name: 'announcementReads', indexes: [{ keys: { userId: 1 } }, { keys: { courseId: 1 } }] });
  }

  async add(announcement: Omit<AnnouncementRow, '_id' | 'editedAt'>): Promise<AnnouncementRow> {
    const row: AnnouncementRow = { _id: newId('ann'), ...announcement, editedAt: null };
    await this.#announcements.insertOne(row);
    return row;
  }

  /** @throws CodedError `announcement.notFound` */
  async get(courseId: CourseId, announcementId: string): Promise<AnnouncementRow> {
    const row = await this.#announcements.findOne({ _id: announcementId, courseId });
    if (!row) throw notFound();
    return row;
  }

  /** @throws CodedError `announcement.notFound` */
  async update(courseId: CourseId, announcementId: string, change: Partial<Pick<AnnouncementRow, 'title' | 'text' | 'isPinned' | 'editedAt'>>): Promise<AnnouncementRow> {
    const row = await this.#announcements.findOneAndUpdate({ _id: announcementId, courseId }, { $set: change }, { returnDocument: 'after' });
    if (!row) throw notFound();
    return row;
  }

  /** @throws CodedError `announcement.notFound` */
  async remove(courseId: CourseId, announcementId: string): Promise<void> {
    const { deletedCount } = await this.#announcements.deleteOne({ _id: announcementId, courseId });
    if (deletedCount === 0) throw notFound();
  }

  /** The pinned ones, the newest first. */
  async pinned(courseId: CourseId): Promise<AnnouncementRow[]> {
    return this.#announcements.find({ courseId, isPinned: true }, { sort: { createdAt: -1, _id: -1 }, limit: maxPinned });
  }

  /** Those that are not pinned, the newest first. @throws CodedError `page.notFound` for a cursor of another list */
  page(courseId: CourseId, { cursor, limit }: { cursor: string | undefined; limit: number }): Promise<Page<AnnouncementRow>> {
    return readPage(this.#announcements, { list: `announcements.${courseId}`, filter: { courseId, isPinned: false }, sortBy: 'createdAt', direction: -1, cursor, limit });
  }

  /** Announcements after an instant; those of this author do not count. */
  async countAfter(courseId: CourseId, instant: string, authorId: UserId): Promise<number> {
    return this.#announcements.countDocuments({ courseId, createdAt: { $gt: instant }, authorId: { $ne: authorId } });
  }

  /** ISO 8601, or '' for someone who has read nothing. */
  async readUntil(userId: UserId, courseId: CourseId): Promise<string> {
    return (await this.#reads.findOne({ _id: keyOf(userId, courseId) }))?.readUntil ?? '';
  }

  /** Never moves back. */
  async markRead(userId: UserId, courseId: CourseId, until: string): Promise<void> {
    await this.#reads.updateOne({ _id: keyOf(userId, courseId) }, { $set: { userId, courseId }, $max: { readUntil: until } }, { upsert: true });
  }

  async byAuthor(authorId: UserId): Promise<AnnouncementRow[]> {
    return this.#announcements.find({ authorId });
  }

  /** How far a person has read in each course. */
  async readsOf(userId: UserId): Promise<{ courseId: CourseId; readUntil: string }[]> {
    return (await this.#reads.find({ userId })).map(({ courseId, readUntil }) => ({ courseId, readUntil }));
  }

  /** Removes how far a person has read. Their announcements stay with the courses, without the author and the words that name them. */
  async erasePerson(userId: UserId, withoutName: (text: string) => string): Promise<void> {
    await this.#reads.deleteMany({ userId });
    for (const { _id, title, text } of await this.byAuthor(userId)) {
      await this.#announcements.updateOne({ _id }, { $set: { authorId: erasedUserId, title: withoutName(title), text: withoutName(text) } });
    }
  }

  /** The course is deleted. */
  async forgetCourse(courseId: CourseId): Promise<void> {
    await this.#announcements.deleteMany({ courseId });
    await this.#reads.deleteMany({ courseId });
  }
}

function keyOf(userId: UserId, courseId: CourseId): string {
  return `${userId}.${courseId}`;
}

function notFound(): CodedError {
  return new CodedError('announcement.notFound', 'This announcement does not exist any more. Reload the page.');
}
