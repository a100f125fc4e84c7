import { toInstant } from '../Clock.ts';
import type { Clock } from '../Clock.ts';
import { DuplicateKeyError } from '../database/index.ts';
import type { Collection, Database } from '../database/index.ts';
import { leaseDurationMs } from '../limits.ts';

/** The owner of an object, such as a lecture. The row also stays without an owner, so that no fence is given twice. */
export interface LeaseRow {
  /** The object: `lec_…`. */
  _id: string;
  /** Null after a release. */
  nodeId: string | null;
  /** Grows with each owner. Every write of the object carries it. */
  fence: number;
  /** Counts the renewals by this owner. When the count no longer changes, other processes conclude that the owner has ended. */
  renewals: number;
  /** ISO 8601 by the owner's clock, for people who read the database. It decides nothing, because clocks differ. */
  expiresAt: string;
}

export interface LeaseStoreOptions {
  database: Database;
  nodeId: string;
  clock: Clock;
}

/** Owns the collection `leases`. Each operation is one conditional write of one document. */
export class LeaseStore {
  readonly #leases: Collection<LeaseRow>;
  readonly #options: LeaseStoreOptions;

  constructor(options: LeaseStoreOptions) {
    this.#options = options;
    this.#leases = options.database.collection<LeaseRow>({ name: 'leases', indexes: [] });
  }

  async find(key: string): Promise<LeaseRow | undefined> {
    return (await this.#leases.findOne({ _id: key })) ?? undefined;
  }

  /** Those of these keys that exist. */
  async findAll(keys: readonly string[]): Promise<LeaseRow[]> {
    return keys.length === 0 ? [] : this.#leases.find({ _id: { $in: keys } });
  }

  /**
   * Takes the lease if it is still as `seen`; undefined stands for a lease that nobody ever had. Resolves with undefined if
   * someone else was quicker, or the owner has renewed it.
   */
  async take(key: string, seen: LeaseRow | undefined): Promise<LeaseRow | undefined> {
    const row: LeaseRow = { _id: key, nodeId: this.#options.nodeId, fence: (seen?.fence ?? 0) + 1, renewals: 0, expiresAt: this.#expiresAt() };
    if (!seen) return this.#insert(row);
    const { nodeId, fence, renewals, expiresAt } = row;
    const { matchedCount } = await this.#leases.updateOne({ _id: key, fence: seen.fence, renewals: seen.renewals }, { $set: { nodeId, fence, renewals, expiresAt } });
    return matchedCount === 1 ? row : undefined;
  }

  /** False if the lease has another owner. */
  async renew(key: string, fence: number): Promise<boolean> {
    const { matchedCount } = await this.#leases.updateOne({ _id: key, fence }, { $inc: { renewals: 1 }, $set: { expiresAt: this.#expiresAt() } });
    return matchedCount === 1;
  }

  /** Lets others take the lease at once. */
  async release(key: string, fence: number): Promise<void> {
    await this.#leases.updateOne({ _id: key, fence }, { $inc: { renewals: 1 }, $set: { nodeId: null } });
  }

  /** Lets others take the lease at once, and forgets its number. */
  async remove(key: string, fence: number): Promise<void> {
    await this.#leases.deleteOne({ _id: key, fence });
  }

  async #insert(row: LeaseRow): Promise<LeaseRow | undefined> {
    try {
      await this.#leases.insertOne(row);
      return row;
    } catch (err) {
      if (err instanceof DuplicateKeyError) return undefined;
      throw err;
    }
  }

  #expiresAt(): string {
    return toInstant(this.#options.clock.nowMs() + leaseDurationMs);
  }
}
