import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { CodedError } from '#engine/contract';
import type { UserId } from '#engine/contract';
import { newId, toInstant } from '#engine/kernel';
import type { Clock, Collection, Database } from '#engine/kernel';

/** `handedReset`: an administrator hands it over, so that it proves nothing about the address. */
export type LinkPurpose = 'verifyEmail' | 'resetPassword' | 'handedReset' | 'confirmOldAddress' | 'confirmNewAddress';

/** A link that was or will be mailed. The mail has `<id>.<secret>`; here is only the hash of it. */
export interface LinkRow {
  _id: string;
  purpose: LinkPurpose;
  /** Null for a link that nobody receives. */
  userId: string | null;
  /** The address that receives it. */
  address: string | null;
  /** The change of address that it confirms. */
  changeId: string | null;
  /** SHA-256 of each token that was mailed, hex: a mail that is tried again has another token. */
  hashes: string[];
  createdAt: string;
  expiresAt: string;
}

export type NewLink = Pick<LinkRow, 'purpose' | 'userId' | 'address'> & { changeId?: string; lifetimeMs: number };

/** The one-time links of mails. Owns the collection `accountLinks`. */
export class AccountLinks {
  readonly #links: Collection<LinkRow>;
  readonly #clock: Clock;

  constructor({ database, clock }: { database: Database; clock: Clock }) {
    this.#links = database.collection<LinkRow>({ name: 'accountLinks', indexes: [{ keys: { userId: 1 } }, { keys: { expiresAt: 1 } }] });
    this.#clock = clock;
  }

  async add({ lifetimeMs, changeId, ...link }: NewLink): Promise<LinkRow> {
    const nowMs = this.#clock.nowMs();
    const row: LinkRow = { _id: newId('lnk'), ...link, changeId: changeId ?? null, hashes: [], createdAt: toInstant(nowMs), expiresAt: toInstant(nowMs + lifetimeMs) };
    await this.#links.insertOne(row);
    return row;
  }

  /** A new token for the mail. Undefined when the link was used or has expired. */
  async issueToken(linkId: string): Promise<string | undefined> {
    const token = `${linkId}.${randomBytes(24).toString('base64url')}`;
    const row = await this.#links.findOneAndUpdate({ _id: linkId, expiresAt: { $gt: this.#now() } }, { $push: { hashes: hashOf(token) } }, { returnDocument: 'after' });
    return row ? token : undefined;
  }

  /** A link that an administrator hands over. @throws CodedError `link.invalid` when it has expired at once */
  async handOver(link: NewLink): Promise<{ token: string; expiresAt: string }> {
    const { _id, expiresAt } = await this.add(link);
    const token = await this.issueToken(_id);
    if (token === undefined) throw invalid();
    return { token, expiresAt };
  }

  /** The link of a token, which stays valid. @throws CodedError `link.invalid` */
  async require(token: string, purposes: readonly LinkPurpose[]): Promise<LinkRow & { userId: string; address: string }> {
    const [linkId = ''] = token.split('.');
    const row = await this.#links.findOne({ _id: linkId });
    const hash = Buffer.from(hashOf(token), 'hex');
    const isGenuine = row?.hashes.some((known) => timingSafeEqual(Buffer.from(known, 'hex'), hash)) === true;
    if (!row || !isGenuine || row.expiresAt <= this.#now() || !purposes.includes(row.purpose) || row.userId === null || row.address === null) throw invalid();
    return { ...row, userId: row.userId, address: row.address };
  }

  /** Uses a link up. Of two concurrent calls, one succeeds. @throws CodedError `link.invalid` */
  async use({ _id }: Pick<LinkRow, '_id'>): Promise<void> {
    if ((await this.#links.deleteOne({ _id })).deletedCount === 0) throw invalid();
  }

  async ofUser(userId: UserId): Promise<LinkRow[]> {
    return this.#links.find({ userId });
  }

  /** Ends the links of a person: all, or those of some purposes. */
  async end(userId: UserId, purposes?: readonly LinkPurpose[]): Promise<void> {
    await this.#links.deleteMany(purposes === undefined ? { userId } : { userId, purpose: { $in: purposes } });
  }

  async removeExpired(now: string): Promise<void> {
    await this.#links.deleteMany({ expiresAt: { $lt: now } });
  }

  #now(): string {
    return toInstant(this.#clock.nowMs());
  }
}

function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}

function invalid(): CodedError {
  return new CodedError('link.invalid', 'This link has expired or was used already. Ask for a new one.');
}
