import type { CourseId, UserId } from '#engine/contract';
import type { Collection, Database } from '#engine/kernel';

export interface OfferRow {
  /** The course. */
  _id: string;
  fromUserId: string;
  toUserId: string;
  createdAt: string;
  expiresAt: string;
}

/** The courses that are offered to another owner: one offer for each. Owns the collection `courseOffers`. */
export class OfferStore {
  readonly #offers: Collection<OfferRow>;

  constructor(database: Database) {
    this.#offers = database.collection<OfferRow>({ name: 'courseOffers', indexes: [{ keys: { toUserId: 1 } }, { keys: { fromUserId: 1 } }, { keys: { expiresAt: 1 } }] });
  }

  /** Replaces an earlier offer of the course. */
  async put(courseId: CourseId, offer: Omit<OfferRow, '_id'>): Promise<OfferRow> {
    await this.#offers.replaceOne({ _id: courseId }, offer, { upsert: true });
    return { _id: courseId, ...offer };
  }

  async find(courseId: CourseId, now: string): Promise<OfferRow | undefined> {
    return (await this.#offers.findOne({ _id: courseId, expiresAt: { $gt: now } })) ?? undefined;
  }

  /** False when there is none. */
  async remove(courseId: CourseId): Promise<boolean> {
    return (await this.#offers.deleteOne({ _id: courseId })).deletedCount > 0;
  }

  async ofUser(userId: UserId): Promise<OfferRow[]> {
    return [...(await this.#offers.find({ toUserId: userId })), ...(await this.#offers.find({ fromUserId: userId }))];
  }

  async removeUser(userId: UserId): Promise<void> {
    await this.#offers.deleteMany({ toUserId: userId });
    await this.#offers.deleteMany({ fromUserId: userId });
  }

  async removeExpired(now: string): Promise<void> {
    await this.#offers.deleteMany({ expiresAt: { $lt: now } });
  }
}
