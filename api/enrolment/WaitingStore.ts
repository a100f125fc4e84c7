import type { CourseId, UserId } from '#engine/contract';
import { DuplicateKeyError, newId, randomText, toInstant } from '#engine/kernel';
import type { Clock, Collection, Database } from '#engine/kernel';

export interface WaitingRow {
  _id: string;
  courseId: string;
  userId: string;
  /** `withdrawn` rows stay for a while: a process that is moving the person up at this moment finds out by them. */
  state: 'waiting' | 'withdrawn';
  /** Sorts the list: the time of joining, then the order within a process. */
  order: string;
  joinedAt: string;
  groupId: string | null;
  importId: string | null;
}

export type NewWaiting = Pick<WaitingRow, 'courseId' | 'userId' | 'groupId' | 'importId'>;

/** The people who wait for a seat. Owns the collection `courseWaiting`. */
export class WaitingStore {
  readonly #rows: Collection<WaitingRow>;
  readonly #clock: Clock;
  #count = 0;

  constructor({ database, clock }: { database: Database; clock: Clock }) {
    this.#clock = clock;
    this.#rows = database.collection<WaitingRow>({
      name: 'courseWaiting',
      indexes: [
        { keys: { courseId: 1, userId: 1 }, unique: true },
        { keys: { courseId: 1, state: 1, order: 1, _id: 1 } },
        { keys: { state: 1, joinedAt: 1 } },
        { keys: { userId: 1 } },
      ],
    });
  }

  /** Puts a person at the end of the list; one who waits already keeps the place. */
  async join(person: NewWaiting): Promise<void> {
    const joinedAt = toInstant(this.#clock.nowMs());
    this.#count += 1;
    const place = { state: 'waiting' as const, joinedAt, order: `${joinedAt} ${String(this.#count).padStart(9, '0')} ${randomText(6)}` };
    const { courseId, userId, groupId, importId } = person;
    const { matchedCount } = await this.#rows.updateOne({ courseId, userId, state: 'withdrawn' }, { $set: { ...place, groupId, importId } });
    if (matchedCount > 0) return;
    try {
      await this.#rows.insertOne({ _id: newId('wtg'), ...person, ...place });
    } catch (err) {
      if (!(err instanceof DuplicateKeyError)) throw err;
      // The person waits already, or has withdrawn at this moment: then the later of the two requests is this one.
      await this.#rows.updateOne({ courseId, userId, state: 'withdrawn' }, { $set: { ...place, groupId, importId } });
    }
  }

  async first(courseId: CourseId): Promise<WaitingRow | undefined> {
    return (await this.#rows.findOne({ courseId, state: 'waiting' }, { sort: { order: 1, _id: 1 } })) ?? undefined;
  }

  /** Of someone who waits. */
  async find(courseId: CourseId, userId: UserId): Promise<WaitingRow | undefined> {
    return (await this.#rows.findOne({ courseId, userId, state: 'waiting' })) ?? undefined;
  }

  /** Counts from 1; undefined for someone who does not wait. */
  async position(courseId: CourseId, userId: UserId): Promise<number | undefined> {
    const row = await this.find(courseId, userId);
    return row && (await this.#rows.countDocuments({ courseId, state: 'waiting', order: { $lt: row.order } })) + 1;
  }

  async count(courseId: CourseId): Promise<number> {
    return this.#rows.countDocuments({ courseId, state: 'waiting' });
  }

  /** In the order of the list. */
  async page(courseId: CourseId, { after, limit }: { after: string | undefined; limit: number }): Promise<WaitingRow[]> {
    return this.#rows.find({ courseId, state: 'waiting', ...(after === undefined ? {} : { order: { $gt: after } }) }, { sort: { order: 1, _id: 1 }, limit });
  }

  /** False for someone who does not wait, or not any more. */
  async withdraw(courseId: CourseId, userId: UserId): Promise<boolean> {
    const { matchedCount } = await this.#rows.updateOne({ courseId, userId, state: 'waiting' }, { $set: { state: 'withdrawn' } });
    return matchedCount > 0;
  }

  async hasWithdrawn(courseId: CourseId, userId: UserId): Promise<boolean> {
    return (await this.#rows.findOne({ courseId, userId, state: 'withdrawn' })) !== null;
  }

  /** Removes the places of people who are enrolled. One who has withdrawn at this moment is still to be taken back. */
  async dropWaiting(courseId: CourseId, userIds: readonly UserId[]): Promise<void> {
    await this.#rows.deleteMany({ courseId, userId: { $in: userIds }, state: 'waiting' });
  }

  /** Removes the place of a person who came in another way. */
  async drop(courseId: CourseId, userId: UserId): Promise<void> {
    await this.#rows.deleteOne({ courseId, userId });
  }

  /** Ends the wait of a person who is enrolled now. `withdrawn`: the person has left the list in between. */
  async finish(waitingId: string): Promise<'finished' | 'withdrawn'> {
    const { deletedCount } = await this.#rows.deleteOne({ _id: waitingId, state: 'waiting' });
    if (deletedCount > 0) return 'finished';
    // Without a row, another process has finished it.
    return (await this.#rows.findOne({ _id: waitingId })) ? 'withdrawn' : 'finished';
  }

  async emptyGroup(courseId: CourseId, groupId: string): Promise<void> {
    await this.#rows.updateMany({ courseId, state: 'waiting', groupId }, { $set: { groupId: null } });
  }

  /** The courses with people who wait. */
  async courses(): Promise<Set<CourseId>> {
    const courseIds = new Set<CourseId>();
    for await (const { courseId } of this.#rows.iterate({ state: 'waiting' })) courseIds.add(courseId as CourseId);
    return courseIds;
  }

  async ofUser(userId: UserId): Promise<WaitingRow[]> {
    return this.#rows.find({ userId });
  }

  async removeUser(userId: UserId): Promise<void> {
    await this.#rows.deleteMany({ userId });
  }

  async removeWithdrawn(before: string): Promise<void> {
    await this.#rows.deleteMany({ state: 'withdrawn', joinedAt: { $lt: before } });
  }

  async removeAll(courseId: CourseId): Promise<void> {
    await this.#rows.deleteMany({ courseId });
  }
}
