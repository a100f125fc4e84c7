import { CodedError, ImageId, UserId } from '#engine/contract';
import type { SiteRole } from '#engine/contract';
import { DuplicateKeyError, newId } from '#engine/kernel';
import type { Collection, Database } from '#engine/kernel';
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
  /** When the person has proved to receive mail at `email`; null before. Absent in accounts of older versions. */
  emailVerifiedAt?: string | null;
  /** Absent in accounts that never had a picture. */
  avatarId?: string | null;
  /** Language and time zone are absent in accounts of older versions. */
  language?: Language | null;
  timeZone?: string | null;
  /** True when `roles` contains admin: an index holds no array. Absent in accounts of older versions until they are marked. */
  isAdmin?: boolean;
}

export type NewAccount = Pick<AccountRow, 'email' | 'displayName' | 'roles' | 'passwordHash' | 'createdAt' | 'emailVerifiedAt' | 'language' | 'timeZone'>;

/** The accounts. Owns the collection `users`. */
export class AccountStore {
  readonly #users: Collection<AccountRow>;
  readonly #search: AccountSearch;
  #marked: Promise<void> | undefined;

  constructor(database: Database) {
    this.#users = database.collection<AccountRow>({ name: 'users', indexes: [{ keys: { email: 1 }, unique: true }, { keys: { createdAt: -1 } }, { keys: { isAdmin: 1, deactivatedAt: 1 } }] });
    this.#search = new AccountSearch((since) => this.#users.iterate(since === undefined ? {} : { createdAt: { $gte: since } }));
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

  /** @throws CodedError `account.notFound` */
  async update(userId: UserId, change: Partial<Omit<AccountRow, '_id' | 'email' | 'isAdmin'>>): Promise<AccountRow> {
    const row = await this.#users.findOneAndUpdate({ _id: userId }, { $set: { ...change, isAdmin: change.roles?.includes('admin') } }, { returnDocument: 'after' });
    if (!row) throw new CodedError('account.notFound', 'This account does not exist. It may have been deleted; reload the page.');
    this.#search.put(row);
    return row;
  }

  /** Sets the picture and returns the one before. @throws CodedError `account.notFound` */
  async setAvatar(userId: UserId, avatarId: ImageId | null): Promise<string | null> {
    const before = await this.#users.findOneAndUpdate({ _id: userId }, { $set: { avatarId } }, { returnDocument: 'before' });
    if (!before) throw new CodedError('account.notFound', 'This account does not exist. It may have been deleted; reload the page.');
    return before.avatarId ?? null;
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

export function avatarIdOf({ avatarId }: Pick<AccountRow, 'avatarId'>): ImageId | null {
  return avatarId == null ? null : ImageId.parse(avatarId);
}

/** Nobody may log in. */
export function isShutOut({ deactivatedAt }: AccountRow, _now: string): boolean {
  return deactivatedAt !== null;
}

export function accountDeactivated(): CodedError {
  return new CodedError('account.deactivated', 'This account is deactivated. Ask an administrator to reactivate it.');
}

/** The account as the contract describes it. */
export function accountView({ _id, email, displayName, avatarId, language = null, timeZone = null, roles, createdAt, deactivatedAt }: AccountRow) {
  return { id: _id, email, displayName, avatarId: avatarIdOf({ avatarId }), language, timeZone, roles, createdAt, isDeactivated: deactivatedAt !== null };
}
