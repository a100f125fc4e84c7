import type { CourseId, UserId } from '#engine/contract';
import { DuplicateKeyError, newId } from '#engine/kernel';
import type { Collection, Database } from '#engine/kernel';

export interface RequestRow {
  _id: string;
  courseId: string;
  userId: string;
  note: string;
  /** `approved`: the person is being let in, and the row goes when that is done. */
  state: 'open' | 'approved' | 'declined';
  createdAt: string;
  decidedAt: string | null;
}

/** The requests to join courses: one for each person and course. Owns the collection `enrolmentRequests`. */
export class RequestStore {
  readonly #requests: Collection<RequestRow>;

  constructor(database: Database) {
    this.#requests = database.collection<RequestRow>({
      name: 'enrolmentRequests',
      indexes: [{ keys: { courseId: 1, userId: 1 }, unique: true }, { keys: { courseId: 1, state: 1, createdAt: 1, _id: 1 } }, { keys: { userId: 1 } }],
    });
  }

  async find(courseId: CourseId, userId: UserId): Promise<RequestRow | undefined> {
    return (await this.#requests.findOne({ courseId, userId })) ?? undefined;
  }

  /** Opens a request, or changes the note of an open one. Undefined while a declined one from after `declinedBefore` is in the way, or an approved one. */
  async open(request: Pick<RequestRow, 'courseId' | 'userId' | 'note' | 'createdAt'>, declinedBefore: string): Promise<RequestRow | undefined> {
    const { courseId, userId, note, createdAt } = request;
    try {
      const row: RequestRow = { _id: newId('req'), ...request, state: 'open', decidedAt: null };
      await this.#requests.insertOne(row);
      return row;
    } catch (err) {
      if (!(err instanceof DuplicateKeyError)) throw err;
    }
    const noted = await this.#requests.findOneAndUpdate({ courseId, userId, state: 'open' }, { $set: { note } }, { returnDocument: 'after' });
    if (noted) return noted;
    const again = { $set: { state: 'open' as const, note, createdAt, decidedAt: null } };
    return (await this.#requests.findOneAndUpdate({ courseId, userId, state: 'declined', decidedAt: { $lt: declinedBefore } }, again, { returnDocument: 'after' })) ?? undefined;
  }

  /** Decides a request once: of a decision and a withdrawal at the same time, one succeeds. Approving may be repeated. */
  async decide(courseId: CourseId, requestId: string, { state, decidedAt }: { state: 'approved' | 'declined'; decidedAt: string }): Promise<RequestRow | undefined> {
    const from: RequestRow['state'][] = state === 'approved' ? ['open', 'approved'] : ['open'];
    return (await this.#requests.findOneAndUpdate({ _id: requestId, courseId, state: { $in: from } }, { $set: { state, decidedAt } }, { returnDocument: 'after' })) ?? undefined;
  }

  async withdraw(courseId: CourseId, userId: UserId): Promise<boolean> {
    return (await this.#requests.deleteOne({ courseId, userId, state: 'open' })).deletedCount > 0;
  }

  async remove(requestId: string): Promise<void> {
    await this.#requests.deleteOne({ _id: requestId });
  }

  /** Those to be decided, the oldest first. `after`: `<createdAt> <id>` of the row before. */
  async page(courseId: CourseId, { after, limit }: { after: { key: string; id: string } | undefined; limit: number }): Promise<RequestRow[]> {
    const beyond = after ? { $or: [{ courseId, createdAt: { $gt: after.key } }, { courseId, createdAt: after.key, _id: { $gt: after.id } }] } : {};
    return this.#requests.find({ courseId, state: { $in: ['open', 'approved'] }, ...beyond }, { sort: { createdAt: 1, _id: 1 }, limit });
  }

  async countOpen(courseId: CourseId): Promise<number> {
    return this.#requests.countDocuments({ courseId, state: { $in: ['open', 'approved'] } });
  }

  async ofUser(userId: UserId): Promise<RequestRow[]> {
    return this.#requests.find({ userId });
  }

  async removeUser(userId: UserId): Promise<void> {
    await this.#requests.deleteMany({ userId });
  }

  async removeAll(courseId: CourseId): Promise<void> {
    await this.#requests.deleteMany({ courseId });
  }
}
