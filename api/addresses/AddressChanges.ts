import type { UserId } from '#engine/contract';
import { newId, toInstant } from '#engine/kernel';
import type { Clock, Collection, Database } from '#engine/kernel';

/** A change of address that is not confirmed at both addresses yet. */
export interface AddressChangeRow {
  _id: string;
  userId: string;
  oldEmail: string;
  newEmail: string;
  isOldConfirmed: boolean;
  /** The old address was not verified when the change began. Absent in changes of older versions. */
  isOldUnproved?: boolean;
  isNewConfirmed: boolean;
  createdAt: string;
  expiresAt: string;
}

/** The changes of address in progress, one for each account. Owns the collection `addressChanges`. */
export class AddressChanges {
  readonly #changes: Collection<AddressChangeRow>;
  readonly #clock: Clock;

  constructor({ database, clock }: { database: Database; clock: Clock }) {
    this.#changes = database.collection<AddressChangeRow>({ name: 'addressChanges', indexes: [{ keys: { userId: 1 } }, { keys: { expiresAt: 1 } }] });
    this.#clock = clock;
  }

  /** Replaces a change that is in progress. */
  async begin(change: Pick<AddressChangeRow, 'userId' | 'oldEmail' | 'newEmail' | 'isOldConfirmed' | 'isOldUnproved'> & { lifetimeMs: number }): Promise<AddressChangeRow> {
    const { lifetimeMs, ...rest } = change;
    const nowMs = this.#clock.nowMs();
    await this.#changes.deleteMany({ userId: rest.userId });
    const row: AddressChangeRow = { _id: newId('chg'), ...rest, isNewConfirmed: false, createdAt: toInstant(nowMs), expiresAt: toInstant(nowMs + lifetimeMs) };
    await this.#changes.insertOne(row);
    return row;
  }

  async ofUser(userId: UserId): Promise<AddressChangeRow | undefined> {
    return (await this.#changes.find({ userId }, { limit: 1 })).find(({ expiresAt }) => expiresAt > toInstant(this.#clock.nowMs()));
  }

  /** Undefined when the change has ended. */
  async confirm(changeId: string, side: 'isOldConfirmed' | 'isNewConfirmed'): Promise<AddressChangeRow | undefined> {
    const isOpen = { _id: changeId, expiresAt: { $gt: toInstant(this.#clock.nowMs()) } };
    return (await this.#changes.findOneAndUpdate(isOpen, { $set: { [side]: true } }, { returnDocument: 'after' })) ?? undefined;
  }

  async end(userId: UserId): Promise<void> {
    await this.#changes.deleteMany({ userId });
  }

  async removeExpired(now: string): Promise<void> {
    await this.#changes.deleteMany({ expiresAt: { $lt: now } });
  }
}
