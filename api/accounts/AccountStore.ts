import * as z from 'zod';
import { CodedError, ImageId, UserId } from '#engine/contract';
import type { SiteRole } from '#engine/contract';
import { DuplicateKeyError, newId, topic } from '#engine/kernel';
import type { Bus, Collection, Database, Filter, Unsubscribe } from '#engine/kernel';
import { readPage } from '../paging/index.ts';
import type { Page } from '../paging/index.ts';
import type { Language } from '../contract/index.ts';
import { AccountSearch } from './AccountSearch.ts';

export interface AccountRow {
  _id: string;
  email: string;
  displayName: string;
  roles: SiteRole[];
  /** Null for an account that signs in only by other ways. */
  passwordHash: string | null;
  createdAt: string;
  deactivatedAt: string | null;
  /** The owner has deactivated it, and may undo that until `eraseAfter`. Absent in accounts of older versions. */
  isDeactivatedByOwner?: boolean;
  /** When it is erased; null while it is not to be. Absent in accounts of older versions. */
  eraseAfter?: string | null;
  /** When the person has proved to receive mail at `email`; null before. Absent in accounts of older versions. */
  emailVerifiedAt?: string | null;
  /** See `seenPrecisionMs`. Absent in accounts that were not used since this is noted. */
  lastSeenAt?: string;
  /** Absent in accounts that never had a picture. */
  avatarId?: string | null;
  /** Language and time zone are absent in accounts of older versions. */
  language?: Language | null;
  timeZone?: string | null;
  /** True when `roles` contains admin: an index holds no array. Absent in accounts of older versions until they are marked. */
  isAdmin?: boolean;
}

export type NewAccount = Pick<AccountRow, 'email' | 'displayName' | 'roles' | 'passwordHash' | 'createdAt' | 'emailVerifiedAt' | 'language' | 'timeZone'>;

export type AccountRowChange = Partial<Omit<AccountRow, '_id' | 'email' | 'isAdmin'>>;

/** An account was erased. */
const accountErased = topic('account.erased', z.object({ userId: UserId }));

/** The name or the address of an account has changed. */
const accountRenamed = topic('account.renamed', z.object({ userId: UserId }));

/** The accounts. Owns the collection `users`. */
export class AccountStore {
  readonly #users: Collection<AccountRow>;
  readonly #search: AccountSearch;
  #marked: Promise<void> | undefined;
  #bus: Bus | undefined;

  /** `nowMs` of the search: a clock that does not run backwards. */
  constructor(database: Database, { nowMs }: { nowMs?: () => number } = {}) {
    this.#users = database.collection<AccountRow>({ name: 'users', indexes: [{ keys: { email: 1 }, unique: true }, { keys: { createdAt: -1 } }, { keys: { isAdmin: 1, deactivatedAt: 1 } }, { keys: { eraseAfter: 1 } }] });
    this.#search = new AccountSearch((since) => this.#users.iterate(since === undefined ? {} : { createdAt: { $gte: since } }), nowMs);
  }

  /** @throws CodedError `account.exists` */
  async add(account: NewAccount): Promise<AccountRow> {
    const row: AccountRow = { _id: newId('usr'), ...account, deactivatedAt: null, isAdmin: account.roles.includes('admin') };
    try {
      await this.#users.insertOne(row);
    } catch (cause) {
      if (!(cause instanceof DuplicateKeyError)) throw cause;
      throw new CodedError('account.exists', 'There is already an account with this email address. Sign in instead.', { cause });
    }
    this.#search.put(row);
    return row;
  }

  async find(userId: UserId): Promise<AccountRow | undefined> {
    return (await this.#users.findOne({ _id: userId })) ?? undefined;
  }

  /** @throws CodedError `account.notFound` */
  async get(userId: UserId): Promise<AccountRow> {
    const row = await this.find(userId);
    if (!row) throw new CodedError('account.notFound', 'This account does not exist. It may have been deleted; reload the page.');
    return row;
  }

  async findByEmail(email: string): Promise<AccountRow | undefined> {
    return (await this.#users.findOne({ email })) ?? undefined;
  }

  /** Undefined when the account has another address. A verified address stays as it is. */
  async verifyEmail(userId: UserId, email: string, verifiedAt: string): Promise<AccountRow | undefined> {
    await this.#users.updateOne({ _id: userId, email, emailVerifiedAt: null }, { $set: { emailVerifiedAt: verifiedAt } });
    return (await this.#users.findOne({ _id: userId, email })) ?? undefined;
  }

  /** Undefined when the account has another address than `from`. @throws CodedError `account.exists` */
  async changeEmail(userId: UserId, { from, to, verifiedAt }: { from: string; to: string; verifiedAt: string }): Promise<AccountRow | undefined> {
    try {
      const row = await this.#users.findOneAndUpdate({ _id: userId, email: from }, { $set: { email: to, emailVerifiedAt: verifiedAt } }, { returnDocument: 'after' });
      if (row) this.#put(row);
      return row ?? undefined;
    } catch (cause) {
      if (!(cause instanceof DuplicateKeyError)) throw cause;
      throw new CodedError('account.exists', 'There is already an account with this email address. Choose another one.', { cause });
    }
  }

  /** Undoes a deactivation by its owner. Undefined when the time for that has passed, or an administrator has deactivated it. */
  async restore(userId: UserId, now: string): Promise<AccountRow | undefined> {
    const isUndoable = { _id: userId, isDeactivatedByOwner: true, eraseAfter: { $gt: now } };
    const row = await this.#users.findOneAndUpdate(isUndoable, { $set: { deactivatedAt: null, isDeactivatedByOwner: false, eraseAfter: null } }, { returnDocument: 'after' });
    return row ?? undefined;
  }

  /** The accounts that are to be erased by now, those that have waited longest first. */
  async dueForErasure(now: string, limit: number): Promise<AccountRow[]> {
    return this.#users.find({ eraseAfter: { $lte: now } }, { sort: { eraseAfter: 1 }, limit });
  }

  async findMany(userIds: readonly UserId[]): Promise<Map<UserId, AccountRow>> {
    const rows = await this.#users.find({ _id: { $in: userIds } });
    return new Map(rows.map((row) => [row._id as UserId, row]));
  }

  /** By address. */
  async findManyByEmail(emails: readonly string[]): Promise<Map<string, AccountRow>> {
    const rows = await this.#users.find({ email: { $in: emails } });
    return new Map(rows.map((row) => [row.email, row]));
  }

  async hasAdmin(): Promise<boolean> {
    await (this.#marked ??= this.#markAdmins());
    return (await this.#users.findOne({ isAdmin: true, deactivatedAt: null })) !== null;
  }

  /** An administrator with an active account, beside this one. */
  async hasOtherAdmin(userId: UserId): Promise<boolean> {
    await (this.#marked ??= this.#markAdmins());
    return (await this.#users.findOne({ isAdmin: true, deactivatedAt: null, _id: { $ne: userId } })) !== null;
  }

  async list(query: { search?: string | undefined; limit: number; offset: number }): Promise<{ rows: AccountRow[]; total: number }> {
    if (query.search) return this.#found(await this.#search.find(query.search), query);
    const [rows, total] = await Promise.all([
      this.#users.find({}, { sort: { createdAt: -1 }, skip: query.offset, limit: query.limit }),
      this.#users.countDocuments({}),
    ]);
    return { rows, total };
  }

  /** A page of the accounts that match, the newest first. @throws CodedError `page.notFound` for a cursor of another list */
  page(filter: Filter<AccountRow>, { list, cursor, limit }: { list: string; cursor: string | undefined; limit: number }): Promise<Page<AccountRow>> {
    return readPage(this.#users, { list, filter: { ...filter, createdAt: { $gte: '' } }, sortBy: 'createdAt', direction: -1, cursor, limit });
  }

  /** The accounts whose name or e-mail address contains the text, the newest first. */
  search(text: string): Promise<UserId[]> {
    return this.#search.find(text);
  }

  /** Those of some accounts that match, in the same order. */
  async matching(userIds: readonly UserId[], filter: Filter<AccountRow>): Promise<AccountRow[]> {
    const rows = new Map((await this.#users.find({ ...filter, _id: { $in: userIds } })).map((row) => [row._id, row]));
    return userIds.flatMap((userId) => rows.get(userId) ?? []);
  }

  async markSeen(userId: UserId, lastSeenAt: string): Promise<void> {
    await this.#users.updateOne({ _id: userId }, { $set: { lastSeenAt } });
  }

  /** @throws CodedError `account.notFound` */
  async update(userId: UserId, change: AccountRowChange): Promise<AccountRow> {
    const row = await this.updateIf(userId, {}, change);
    if (!row) throw new CodedError('account.notFound', 'This account does not exist. It may have been deleted; reload the page.');
    return row;
  }

  /** Undefined when the account is not as it `was`, or does not exist. */
  async updateIf(userId: UserId, was: Filter<AccountRow>, change: AccountRowChange): Promise<AccountRow | undefined> {
    const row = await this.#users.findOneAndUpdate({ ...was, _id: userId }, { $set: { ...change, isAdmin: change.roles?.includes('admin') } }, { returnDocument: 'after' });
    if (row && change.displayName !== undefined) this.#put(row);
    return row ?? undefined;
  }

  /** Removes the account. Every process forgets its name. */
  async erase(userId: UserId, bus: Bus): Promise<void> {
    await this.#users.deleteOne({ _id: userId });
    this.#search.remove(userId);
    bus.publish(accountErased, { userId });
  }

  /** Forgets the accounts that other processes erase, and finds by their new names those that they rename. */
  async follow(bus: Bus): Promise<Unsubscribe> {
    this.#bus = bus;
    const onMissed = () => this.#search.forget();
    const stops = [
      await bus.subscribe(accountErased, { onMessage: ({ userId }) => this.#search.remove(userId), onMissed }),
      await bus.subscribe(accountRenamed, { onMessage: ({ userId }) => this.#reread(userId), onMissed }),
    ];
    return () => stops.forEach((stop) => stop());
  }

  /** Sets the picture and returns the one before. @throws CodedError `account.notFound` */
  async setAvatar(userId: UserId, avatarId: ImageId | null): Promise<string | null> {
    const before = await this.#users.findOneAndUpdate({ _id: userId }, { $set: { avatarId } }, { returnDocument: 'before' });
    if (!before) throw new CodedError('account.notFound', 'This account does not exist. It may have been deleted; reload the page.');
    return before.avatarId ?? null;
  }

  /** Finds an account by its new name or address, here and in the other processes. */
  #put(row: AccountRow): void {
    this.#search.put(row);
    this.#bus?.publish(accountRenamed, { userId: row._id as UserId });
  }

  /** Where that fails, the names are read again at the next search. */
  #reread(userId: UserId): void {
    this.find(userId).then(
      (row) => (row ? this.#search.put(row) : this.#search.remove(userId)),
      () => this.#search.forget(),
    );
  }

  /** Marks the accounts of older versions, once in the life of a database. */
  async #markAdmins(): Promise<void> {
    try {
      for await (const { _id, roles } of this.#users.iterate({ isAdmin: null })) {
        await this.#users.updateOne({ _id, isAdmin: null }, { $set: { isAdmin: roles.includes('admin') } });
      }
    } catch (err) {
      this.#marked = undefined;
      throw err;
    }
  }

  async #found(userIds: readonly UserId[], { offset, limit }: { offset: number; limit: number }): Promise<{ rows: AccountRow[]; total: number }> {
    const page = userIds.slice(offset, offset + limit);
    const rows = await this.findMany(page);
    return { rows: page.flatMap((userId) => rows.get(userId) ?? []), total: userIds.length };
  }
}

export function userIdOf(row: Pick<AccountRow, '_id'>): UserId {
  return UserId.parse(row._id);
}

/** Nobody may log in: an administrator has deactivated the account, or its owner, and the time to undo that has passed. */
export function isShutOut({ deactivatedAt, isDeactivatedByOwner, eraseAfter }: AccountRow, now: string): boolean {
  return deactivatedAt !== null && !(isDeactivatedByOwner === true && typeof eraseAfter === 'string' && eraseAfter > now);
}

export function accountDeactivated(): CodedError {
  return new CodedError('account.deactivated', 'This account is deactivated. Ask an administrator to reactivate it.');
}

export function avatarIdOf({ avatarId }: Pick<AccountRow, 'avatarId'>): ImageId | null {
  return avatarId == null ? null : ImageId.parse(avatarId);
}

/** The account as the contract describes it. */
export function accountView({ _id, email, displayName, avatarId, language = null, timeZone = null, roles, createdAt, deactivatedAt, emailVerifiedAt, eraseAfter = null }: AccountRow) {
  return {
    id: _id,
    email,
    isEmailVerified: typeof emailVerifiedAt === 'string',
    displayName,
    avatarId: avatarIdOf({ avatarId }),
    language,
    timeZone,
    roles,
    createdAt,
    isDeactivated: deactivatedAt !== null,
    eraseAfter,
  };
}
