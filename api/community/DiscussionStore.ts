import { CodedError } from '#engine/contract';
import type { CourseId, UserId } from '#engine/contract';
import type { Collection, Database } from '#engine/kernel';
import { maxMutedPeople } from '../contract/index.ts';
import type { Discussion } from '../contract/index.ts';

type DiscussionRow = Discussion & { /** The course. */ _id: CourseId };

interface ClosedRow {
  /** The lecture or the uploaded video. */
  _id: string;
  courseId: CourseId;
}

export interface MutedRow {
  /** `<course>.<user>` */
  _id: string;
  courseId: CourseId;
  userId: UserId;
  mutedAt: string;
  /** ISO 8601; null: until they are unmuted. */
  until: string | null;
}

const usual: Discussion = { isOpen: true, hold: 'none', blockedWords: [], pauseSeconds: 0 };

/** The rules of discussions, and who is muted. Owns the collections `discussions`, `closedDiscussions` and `mutedCommenters`. */
export class DiscussionStore {
  readonly #rules: Collection<DiscussionRow>;
  readonly #closed: Collection<ClosedRow>;
  readonly #muted: Collection<MutedRow>;

  constructor(database: Database) {
    this.#rules = database.collection<DiscussionRow>({ name: 'discussions', indexes: [] });
    this.#closed = database.collection<ClosedRow>({ name: 'closedDiscussions', indexes: [{ keys: { courseId: 1 } }] });
    this.#muted = database.collection<MutedRow>({ name: 'mutedCommenters', indexes: [{ keys: { courseId: 1, mutedAt: -1 } }, { keys: { userId: 1 } }] });
  }

  async rules(courseId: CourseId): Promise<Discussion> {
    const row = await this.#rules.findOne({ _id: courseId });
    if (!row) return usual;
    const { _id, ...rules } = row;
    return rules;
  }

  async setRules(courseId: CourseId, rules: Discussion): Promise<Discussion> {
    await this.#rules.updateOne({ _id: courseId }, { $set: rules }, { upsert: true });
    return rules;
  }

  async isClosed(subjectId: string): Promise<boolean> {
    return (await this.#closed.findOne({ _id: subjectId })) !== null;
  }

  async setClosed(subjectId: string, courseId: CourseId, isClosed: boolean): Promise<void> {
    if (isClosed) await this.#closed.updateOne({ _id: subjectId }, { $set: { courseId } }, { upsert: true });
    else await this.#closed.deleteOne({ _id: subjectId });
  }

  async isMuted(courseId: CourseId, userId: UserId, now: string): Promise<boolean> {
    const row = await this.#muted.findOne({ _id: `${courseId}.${userId}` });
    return row !== null && (row.until === null || row.until > now);
  }

  /** @throws CodedError `limit.reached` */
  async mute({ courseId, userId, mutedAt, until }: Omit<MutedRow, '_id'>): Promise<void> {
    if ((await this.#muted.countDocuments({ courseId })) >= maxMutedPeople) throw new CodedError('limit.reached', `At most ${maxMutedPeople} people can be muted in a course. Unmute others first, or ask for approval of all comments.`);
    await this.#muted.updateOne({ _id: `${courseId}.${userId}` }, { $set: { courseId, userId, mutedAt, until } }, { upsert: true });
  }

  async unmute(courseId: CourseId, userId: UserId): Promise<void> {
    await this.#muted.deleteOne({ _id: `${courseId}.${userId}` });
  }

  /** Those who are muted now, the last one first. */
  async muted(courseId: CourseId, now: string): Promise<MutedRow[]> {
    const rows = await this.#muted.find({ courseId }, { sort: { mutedAt: -1 }, limit: maxMutedPeople });
    return rows.filter(({ until }) => until === null || until > now);
  }

  mutedOf(userId: UserId): Promise<MutedRow[]> {
    return this.#muted.find({ userId });
  }

  async erasePerson(userId: UserId): Promise<void> {
    await this.#muted.deleteMany({ userId });
  }

  async forgetSubject(subjectId: string): Promise<void> {
    await this.#closed.deleteOne({ _id: subjectId });
  }

  async forgetCourse(courseId: CourseId): Promise<void> {
    await this.#rules.deleteOne({ _id: courseId });
    await this.#closed.deleteMany({ courseId });
    await this.#muted.deleteMany({ courseId });
  }
}
