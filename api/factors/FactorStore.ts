import { CodedError } from '#engine/contract';
import type { UserId } from '#engine/contract';
import { DuplicateKeyError, newId } from '#engine/kernel';
import type { Collection, Database } from '#engine/kernel';
import { maxPasskeysPerAccount } from '../contract/index.ts';

/** The authenticator app of an account. `_id` is the id of the account. */
export interface TotpRow {
  _id: string;
  /** Base32, sealed. */
  sealedSecret: string;
  /** The time step (RFC 6238 §4.2) of the last code that was accepted. It and those before it are no longer valid. */
  lastStep: number;
  createdAt: string;
}

export interface PasskeyRow {
  _id: string;
  userId: string;
  /** Base64url, as are ids and keys of Web Authentication everywhere. */
  credentialId: string;
  publicKey: string;
  /** Signatures so far; 0 always for synced passkeys. */
  counter: number;
  transports: string[];
  name: string;
  createdAt: string;
  lastUsedAt: string | null;
  isSynced: boolean;
}

/** `_id`: the hash of the code and the account. */
interface RecoveryCodeRow {
  _id: string;
  userId: string;
}

/** The second factors. Owns the collections `totpFactors`, `passkeys` and `recoveryCodes`. */
export class FactorStore {
  readonly #totp: Collection<TotpRow>;
  readonly #passkeys: Collection<PasskeyRow>;
  readonly #recoveryCodes: Collection<RecoveryCodeRow>;

  constructor(database: Database) {
    this.#totp = database.collection<TotpRow>({ name: 'totpFactors', indexes: [] });
    this.#passkeys = database.collection<PasskeyRow>({ name: 'passkeys', indexes: [{ keys: { credentialId: 1 }, unique: true }, { keys: { userId: 1, createdAt: 1 } }] });
    this.#recoveryCodes = database.collection<RecoveryCodeRow>({ name: 'recoveryCodes', indexes: [{ keys: { userId: 1 } }] });
  }

  /** @throws CodedError `secondFactor.exists` */
  async addTotp(row: TotpRow): Promise<void> {
    try {
      await this.#totp.insertOne(row);
    } catch (cause) {
      if (!(cause instanceof DuplicateKeyError)) throw cause;
      throw new CodedError('secondFactor.exists', 'There is already an authenticator app on this account. Remove it first.', { cause });
    }
  }

  async findTotp(userId: UserId): Promise<TotpRow | undefined> {
    return (await this.#totp.findOne({ _id: userId })) ?? undefined;
  }

  /** True once for each step: its code, and those before it, are used up. */
  async useStep(userId: UserId, step: number): Promise<boolean> {
    const { modifiedCount } = await this.#totp.updateOne({ _id: userId, lastStep: { $lt: step } }, { $set: { lastStep: step } });
    return modifiedCount === 1;
  }

  async removeTotp(userId: UserId): Promise<boolean> {
    return (await this.#totp.deleteOne({ _id: userId })).deletedCount === 1;
  }

  /** @throws CodedError `passkey.exists` */
  async addPasskey(passkey: Omit<PasskeyRow, '_id'>): Promise<PasskeyRow> {
    const row = { _id: newId('psk'), ...passkey };
    try {
      await this.#passkeys.insertOne(row);
    } catch (cause) {
      if (!(cause instanceof DuplicateKeyError)) throw cause;
      throw new CodedError('passkey.exists', 'This passkey is already on an account.', { cause });
    }
    return row;
  }

  async passkeysOf(userId: UserId): Promise<PasskeyRow[]> {
    return this.#passkeys.find({ userId }, { sort: { createdAt: 1 }, limit: maxPasskeysPerAccount + 1 });
  }

  async findPasskey(credentialId: string): Promise<PasskeyRow | undefined> {
    return (await this.#passkeys.findOne({ credentialId })) ?? undefined;
  }

  /** @throws CodedError `passkey.notFound` also for a passkey of somebody else */
  async updatePasskey({ passkeyId, userId }: { passkeyId: string; userId: UserId }, change: Partial<Pick<PasskeyRow, 'name' | 'counter' | 'lastUsedAt' | 'isSynced'>>): Promise<PasskeyRow> {
    const row = await this.#passkeys.findOneAndUpdate({ _id: passkeyId, userId }, { $set: change }, { returnDocument: 'after' });
    if (!row) throw new CodedError('passkey.notFound', 'This passkey was already removed. Reload the page.');
    return row;
  }

  /** Undefined for a passkey that is not there, or that somebody else has. */
  async removePasskey(passkeyId: string, userId: UserId): Promise<PasskeyRow | undefined> {
    const row = await this.#passkeys.findOne({ _id: passkeyId, userId });
    if (!row) return undefined;
    return (await this.#passkeys.deleteOne({ _id: passkeyId, userId })).deletedCount === 1 ? row : undefined;
  }

  /** Puts back a passkey that was removed. */
  async restorePasskey(row: PasskeyRow): Promise<void> {
    await this.#passkeys.insertOne(row);
  }

  async countRecoveryCodes(userId: UserId): Promise<number> {
    return this.#recoveryCodes.countDocuments({ userId });
  }

  async replaceRecoveryCodes(userId: UserId, hashes: readonly string[]): Promise<void> {
    await this.#recoveryCodes.deleteMany({ userId });
    await this.#recoveryCodes.insertMany(hashes.map((_id) => ({ _id, userId })));
  }

  /** True once. */
  async useRecoveryCode(userId: UserId, hash: string): Promise<boolean> {
    return (await this.#recoveryCodes.deleteOne({ _id: hash, userId })).deletedCount === 1;
  }

  async removeRecoveryCodes(userId: UserId): Promise<void> {
    await this.#recoveryCodes.deleteMany({ userId });
  }

  /** Removes all factors of an account. */
  async removeAll(userId: UserId): Promise<void> {
    await this.#passkeys.deleteMany({ userId });
    await this.#totp.deleteOne({ _id: userId });
    await this.#recoveryCodes.deleteMany({ userId });
  }
}
