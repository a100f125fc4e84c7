import { CodedError } from '#engine/contract';
import type { SiteRole, UserId } from '#engine/contract';
import { KeyedMutex, toInstant } from '#engine/kernel';
import type { Clock, Logger } from '#engine/kernel';
import type { Caller } from '../access/index.ts';
import type { Language } from '../contract/index.ts';
import { maxPasswordChecksPerAccount, undoDeactivationMs } from '../limits.ts';
import type { AccountRow, AccountStore } from './AccountStore.ts';
import { accountDeactivated, isShutOut, userIdOf } from './AccountStore.ts';
import { perKeyLimit } from './perKeyLimit.ts';
import type { Logins } from './Logins.ts';
import type { Priority } from './priorityQueue.ts';
import { hashPassword, verifyPassword } from './passwords.ts';
import type { PasswordCost } from './passwords.ts';

/** What a person may do through the account, outside it. Implemented by `api/courses`. */
export interface AccountRights {
  /** Revokes the stream keys of the person's courses. */
  revokeStreamKeys(userId: UserId): Promise<void>;
  /** Applies the loss of the instructor role to the live rooms of the person's courses. */
  demoteOwner(userId: UserId): Promise<void>;
  expelEverywhere(userId: UserId): Promise<void>;
  /** The courses of the person are found by the new name, and their lists of people are sorted by it. */
  renamed(userId: UserId): Promise<void>;
}

export interface AccountsOptions {
  store: AccountStore;
  logins: Logins;
  rights: AccountRights;
  clock: Clock;
  logger: Logger;
  /** Of new hashes; that of production when left out. */
  passwordCost?: PasswordCost | undefined;
}

export interface Credentials {
  email: string;
  password: string;
  /** The id of the device, if this account has logged in on it before. */
  device?: string | undefined;
}

export interface AccountForm {
  email: string;
  displayName: string;
  password: string;
  language?: Language | null | undefined;
  timeZone?: string | null | undefined;
}

/** What a person may change in the own account. */
export interface AccountChange {
  displayName?: string | undefined;
  language?: Language | null | undefined;
  timeZone?: string | null | undefined;
  password?: string | undefined;
  currentPassword?: string | undefined;
}

/** Changes that could remove the last administrator run one after the other. */
const adminsKey = 'admins';

const noDeactivation = 'The last administrator cannot be deactivated. Make somebody else an administrator first.';
const noDemotion = 'The last administrator has to stay one. Make somebody else an administrator first.';

/** Creates, changes and deactivates accounts, and checks passwords. */
export class Accounts {
  readonly #options: AccountsOptions;
  readonly #mutex = new KeyedMutex();
  readonly #limitPerAccount = perKeyLimit(maxPasswordChecksPerAccount);

  constructor(options: AccountsOptions) {
    this.#options = options;
  }

  /** @throws CodedError `account.exists` */
  async create({ email, displayName, password, language = null, timeZone = null }: AccountForm, roles: SiteRole[], { priority = 'stranger', byUserId }: { priority?: Priority; byUserId?: UserId } = {}): Promise<AccountRow> {
    const { store, clock, logger, passwordCost } = this.#options;
    const passwordHash = await hashPassword(password, { cost: passwordCost, priority });
    const account = await store.add({ email, displayName, language, timeZone, roles: [...new Set(roles)], passwordHash, createdAt: toInstant(clock.nowMs()) });
    logger.info({ userId: account._id, roles, byUserId }, 'account.created');
    return account;
  }

  /** An account whose owner signs in at a provider, which has verified the address. @throws CodedError `account.exists` */
  async createWithoutPassword({ email, displayName }: Omit<AccountForm, 'password'>, roles: SiteRole[]): Promise<AccountRow> {
    const { store, clock, logger } = this.#options;
    const now = toInstant(clock.nowMs());
    const account = await store.add({ email, displayName, roles: [...new Set(roles)], passwordHash: null, createdAt: now, emailVerifiedAt: now });
    logger.info({ userId: account._id, roles }, 'account.created');
    return account;
  }

  /**
   * Fails in the same way after the same time, whether the account or the password is wrong.
   * @throws CodedError `credentials.wrong`, `account.deactivated`, `server.busy`
   */
  async checkCredentials({ email, password, device }: Credentials): Promise<AccountRow> {
    const account = await this.#options.store.findByEmail(email);
    const options = { cost: this.#options.passwordCost, priority: device === undefined ? 'stranger' : 'known' } as const;
    // Strangers cannot use up the attempts of a known device.
    const isCorrect = await this.#limitPerAccount(`${email} ${device ?? ''}`, () => verifyPassword(password, account?.passwordHash, options));
    if (!account || !isCorrect) throw new CodedError('credentials.wrong', 'The email address or the password is wrong. Check both and try again.');
    if (isShutOut(account, this.#now())) throw accountDeactivated();
    return account;
  }

  /**
   * The account is as it was when its credentials were checked, which takes a while.
   * @throws CodedError `credentials.wrong` when the password was changed meanwhile, `account.deactivated`
   */
  async requireUnchanged({ _id, passwordHash }: AccountRow): Promise<void> {
    const now = await this.#options.store.find(_id as UserId);
    if (now?.passwordHash !== passwordHash) throw new CodedError('credentials.wrong', 'The password was just changed. Sign in with the new one.');
    if (isShutOut(now, this.#now())) throw accountDeactivated();
  }

  /** Changes what is given; a new password ends the caller's other logins. @throws CodedError `credentials.wrong`, `server.busy` */
  async update(caller: Caller, change: AccountChange): Promise<AccountRow> {
    const { store, logins, rights, logger, passwordCost } = this.#options;
    const { displayName, language, timeZone } = change;
    const update: Partial<AccountRow> = { ...(displayName !== undefined && { displayName }), ...(language !== undefined && { language }), ...(timeZone !== undefined && { timeZone }) };
    let was: { passwordHash?: string | null } = {};
    if (change.password !== undefined) {
      was = { passwordHash: await this.requirePassword(caller.userId, { password: change.currentPassword ?? '', field: 'currentPassword' }) };
      update.passwordHash = await hashPassword(change.password, { cost: passwordCost, priority: 'known' });
    }
    // A password that was reset while this one was checked stays: the old one can no longer change it.
    const account = await store.updateIf(caller.userId, was, update);
    if (!account) throw changedMeanwhile();
    if (update.displayName !== undefined) await rights.renamed(caller.userId);
    if (update.passwordHash !== undefined) {
      await logins.endAll(caller.userId, caller.loginId);
      logger.info({ userId: caller.userId }, 'account.passwordChanged');
    }
    return account;
  }

  /** The hash of a stranger's new password. @throws CodedError `server.busy` */
  hash(password: string): Promise<string> {
    return hashPassword(password, { cost: this.#options.passwordCost, priority: 'stranger' });
  }

  /** Sets another password without the old one, and ends all logins. @throws CodedError `account.notFound` */
  async replacePassword(userId: UserId, passwordHash: string): Promise<void> {
    await this.#options.store.update(userId, { passwordHash });
    await this.#options.logins.endAll(userId);
  }

  /** Checks the password of somebody who is logged in. Resolves with its hash. @throws CodedError `credentials.wrong`, `server.busy` */
  async requirePassword(userId: UserId, { password, field }: { password: string; field: string }): Promise<string | null> {
    const { store, passwordCost } = this.#options;
    const { passwordHash } = await store.get(userId);
    const isCorrect = await this.#limitPerAccount(userId, () => verifyPassword(password, passwordHash, { cost: passwordCost, priority: 'known' }));
    if (!isCorrect) throw new CodedError('credentials.wrong', 'The current password is wrong. Try again.', { details: { field } });
    return passwordHash;
  }

  /** Sets the password of an account that has none, and ends the caller's other logins. @throws CodedError `access.denied` when it has one */
  async setFirstPassword(caller: Caller, password: string): Promise<void> {
    const { store, logins, logger, passwordCost } = this.#options;
    if ((await store.get(caller.userId)).passwordHash !== null) throw new CodedError('access.denied', 'This account has a password. Enter it to set a new one.');
    const passwordHash = await hashPassword(password, { cost: passwordCost, priority: 'known' });
    if (!(await store.updateIf(caller.userId, { passwordHash: null }, { passwordHash }))) throw changedMeanwhile();
    await logins.endAll(caller.userId, caller.loginId);
    logger.info({ userId: caller.userId }, 'account.passwordChanged');
  }

  /**
   * Ends all logins and the rights that others have through the account: its stream keys first, because a deactivated person
   * cannot repeat a deactivation that failed. Idempotent. @throws CodedError `account.lastAdmin`, `account.notFound`
   */
  async deactivate(userId: UserId, byUserId: UserId): Promise<AccountRow> {
    // A wish of its owner to be erased stays.
    const change = { deactivatedAt: this.#now(), isDeactivatedByOwner: false };
    return this.#deactivate(userId, byUserId, () => this.#options.store.update(userId, change));
  }

  /**
   * The same by its owner, who can undo it by logging in for `undoDeactivationMs`; after that, the account is erased.
   * @throws CodedError `account.lastAdmin`
   */
  async leave(userId: UserId): Promise<AccountRow> {
    const nowMs = this.#options.clock.nowMs();
    const [deactivatedAt, eraseAfter] = [toInstant(nowMs), toInstant(nowMs + undoDeactivationMs)];
    const { store } = this.#options;
    return this.#deactivate(userId, userId, async () => {
      const left = await store.updateIf(userId, { deactivatedAt: null }, { deactivatedAt, isDeactivatedByOwner: true, eraseAfter });
      // An administrator was quicker: the owner cannot undo that, and is erased all the same.
      return left ?? store.update(userId, { eraseAfter });
    });
  }

  async #deactivate(userId: UserId, byUserId: UserId, write: () => Promise<AccountRow>): Promise<AccountRow> {
    const { store, logins, rights, logger } = this.#options;
    return this.#mutex.run(adminsKey, async () => {
      const before = await store.get(userId);
      await this.#requireOtherAdmin(before, noDeactivation);
      await rights.revokeStreamKeys(userId);
      const account = await this.#keepingAnAdmin(before, { write, message: noDeactivation });
      await logins.endAll(userId);
      await rights.expelEverywhere(userId);
      logger.info({ userId, byUserId }, 'account.deactivated');
      return account;
    });
  }

  /** @throws CodedError `account.notFound`, also for an account that is being erased */
  async reactivate(userId: UserId, byUserId: UserId): Promise<AccountRow> {
    const { eraseAfter } = await this.#options.store.get(userId);
    if (typeof eraseAfter === 'string' && eraseAfter <= this.#now()) throw new CodedError('account.notFound', 'This account is being deleted, as its owner asked. It cannot be reactivated.');
    const account = await this.#options.store.update(userId, { deactivatedAt: null, isDeactivatedByOwner: false, eraseAfter: null });
    this.#options.logger.info({ userId, byUserId }, 'account.reactivated');
    return account;
  }

  /** Sets the site roles. A former instructor loses stream keys and presents no more. @throws CodedError `account.lastAdmin`, `account.notFound` */
  async setRoles(userId: UserId, roles: SiteRole[], byUserId: UserId): Promise<AccountRow> {
    const { store, rights, logger } = this.#options;
    return this.#mutex.run(adminsKey, async () => {
      const before = await store.get(userId);
      if (!roles.includes('admin')) await this.#requireOtherAdmin(before, noDemotion);
      const isDemoted = !roles.includes('instructor') && !roles.includes('admin');
      if (isDemoted) await rights.revokeStreamKeys(userId);
      const account = await this.#keepingAnAdmin(before, { write: () => store.update(userId, { roles: [...new Set(roles)] }), message: noDemotion });
      if (isDemoted) await rights.demoteOwner(userId);
      logger.info({ userId, roles: account.roles, byUserId }, 'account.rolesChanged');
      return account;
    });
  }

  #now(): string {
    return toInstant(this.#options.clock.nowMs());
  }

  async #requireOtherAdmin(account: AccountRow, message: string): Promise<void> {
    const isActiveAdmin = account.roles.includes('admin') && account.deactivatedAt === null;
    if (isActiveAdmin && !(await this.#options.store.hasOtherAdmin(userIdOf(account)))) throw new CodedError('account.lastAdmin', message);
  }

  /**
   * Two administrators who remove each other at once, in two processes, both have found another one before they write. Each looks again
   * afterwards, and takes its change back if nobody is left.
   */
  async #keepingAnAdmin(before: AccountRow, { write, message }: { write: () => Promise<AccountRow>; message: string }): Promise<AccountRow> {
    const { store } = this.#options;
    const after = await write();
    const wasActiveAdmin = before.roles.includes('admin') && before.deactivatedAt === null;
    const isActiveAdmin = after.roles.includes('admin') && after.deactivatedAt === null;
    if (!wasActiveAdmin || isActiveAdmin || (await store.hasAdmin())) return after;
    const { roles, deactivatedAt, isDeactivatedByOwner = false, eraseAfter = null } = before;
    await store.update(userIdOf(before), { roles, deactivatedAt, isDeactivatedByOwner, eraseAfter });
    throw new CodedError('account.lastAdmin', message);
  }
}

function changedMeanwhile(): CodedError {
  return new CodedError('credentials.wrong', 'The password of this account has just been changed. Sign in with the new one.', { details: { field: 'currentPassword' } });
}
