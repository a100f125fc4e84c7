import { CodedError } from '#engine/contract';
import type { SiteRole, UserId } from '#engine/contract';
import { DuplicateKeyError, newId } from '#engine/kernel';
import type { Collection, Database } from '#engine/kernel';

/** A person at an outside platform, linked to an account here. (`issuer`, `subject`) names the person, for OpenID Connect and LTI alike. */
export interface IdentityRow {
  _id: string;
  issuer: string;
  /** The platform's id of the person, unique at the issuer. */
  subject: string;
  userId: string;
  /** As the platform last gave it; verified or not. */
  email: string | null;
  linkedAt: string;
  lastUsedAt: string | null;
  /** The site roles that the claims of this identity have granted; taken back when the claims no longer do. */
  grantedRoles: SiteRole[];
}

/** The linked accounts at outside platforms. Owns the collection `identities`. */
export class IdentityStore {
  readonly #identities: Collection<IdentityRow>;

  constructor(database: Database) {
    this.#identities = database.collection<IdentityRow>({ name: 'identities', indexes: [{ keys: { issuer: 1, subject: 1 }, unique: true }, { keys: { userId: 1, linkedAt: 1 } }] });
  }

  async find(issuer: string, subject: string): Promise<IdentityRow | undefined> {
    return (await this.#identities.findOne({ issuer, subject })) ?? undefined;
  }

  async ofUser(userId: UserId): Promise<IdentityRow[]> {
    return this.#identities.find({ userId }, { sort: { linkedAt: 1 }, limit: 100 });
  }

  async count(userId: UserId): Promise<number> {
    return this.#identities.countDocuments({ userId });
  }

  /** @throws CodedError `identity.exists` when the person is linked already, to whichever account */
  async add(identity: Omit<IdentityRow, '_id'>): Promise<IdentityRow> {
    const row = { _id: newId('idn'), ...identity };
    try {
      await this.#identities.insertOne(row);
    } catch (cause) {
      if (!(cause instanceof DuplicateKeyError)) throw cause;
      throw new CodedError('identity.exists', 'This is already linked to another account. Sign in with it to use that account, or unlink it there.', { cause });
    }
    return row;
  }

  async update(identityId: string, change: Partial<Pick<IdentityRow, 'email' | 'lastUsedAt' | 'grantedRoles'>>): Promise<void> {
    await this.#identities.updateOne({ _id: identityId }, { $set: change });
  }

  /** Undefined for an identity that is not there, or that somebody else has. */
  async remove(identityId: string, userId: UserId): Promise<IdentityRow | undefined> {
    const row = await this.#identities.findOne({ _id: identityId, userId });
    if (!row) return undefined;
    return (await this.#identities.deleteOne({ _id: identityId, userId })).deletedCount === 1 ? row : undefined;
  }

  /** Puts back an identity that was removed. */
  async restore(row: IdentityRow): Promise<void> {
    await this.#identities.insertOne(row);
  }

  async removeAllOf(userId: UserId): Promise<void> {
    await this.#identities.deleteMany({ userId });
  }
}
