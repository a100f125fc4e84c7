import { CodedError } from '#engine/contract';
import type { AccessClaims, UserId } from '#engine/contract';
import { fromInstant, toInstant } from '#engine/kernel';
import type { Clock, Database, Logger, TokenSigner } from '#engine/kernel';
import type { Caller, Client, LoginDirectory } from '../access/index.ts';
import { accessTokenSeconds, maxLoginsPerAccount, refreshRepeatMs, refreshTokenMs } from '../limits.ts';
import { accountView, userIdOf } from './AccountStore.ts';
import type { AccountRow, AccountStore } from './AccountStore.ts';
import { LoginStore } from './LoginStore.ts';
import type { LoginRow } from './LoginStore.ts';
import { RefreshTokens } from './RefreshTokens.ts';

export interface LoginsOptions {
  database: Database;
  accounts: AccountStore;
  tokens: TokenSigner;
  refreshKey: string;
  clock: Clock;
  logger: Logger;
}

/** What a browser gets when it logs in or refreshes. */
export interface Session {
  accessToken: string;
  expiresAt: string;
  account: ReturnType<typeof accountView>;
  refresh: { token: string; expiresAtMs: number };
}

/** Logs people in and out, and rotates their refresh tokens. */
export class Logins implements LoginDirectory {
  readonly #options: LoginsOptions;
  readonly #store: LoginStore;
  readonly #refreshTokens: RefreshTokens;

  constructor(options: LoginsOptions) {
    this.#options = options;
    this.#store = new LoginStore(options.database);
    this.#refreshTokens = new RefreshTokens(options.refreshKey);
  }

  async open(account: AccountRow, client: Client): Promise<Session> {
    const nowMs = this.#options.clock.nowMs();
    const now = toInstant(nowMs);
    const login = await this.#store.add({
      userId: account._id,
      createdAt: now,
      lastUsedAt: now,
      expiresAt: toInstant(nowMs + refreshTokenMs),
      userAgent: client.userAgent,
      address: client.address,
    });
    await this.#store.endOldestOf(userIdOf(account), maxLoginsPerAccount);
    this.#options.logger.info({ userId: account._id, loginId: login._id }, 'login.opened');
    return this.#sessionOf(account, login);
  }

  /** @throws CodedError `auth.required`, `auth.invalid`, `auth.expired`, `auth.reused`, `account.deactivated` */
  async refresh(token: string | undefined, isFromOwnPage: boolean): Promise<Session> {
    if (token === undefined) throw new CodedError('auth.required', 'Sign in first.');
    const given = this.#refreshTokens.read(token);
    const login = given && (await this.#store.find(given.loginId));
    if (!given || !login) throw new CodedError('auth.invalid', 'Your session has ended. Sign in again.');
    const nowMs = this.#options.clock.nowMs();
    if (fromInstant(login.expiresAt) <= nowMs) {
      await this.#store.end(login._id);
      throw new CodedError('auth.expired', 'Your session has expired. Sign in again.');
    }
    const account = await this.#options.accounts.find(login.userId as UserId);
    if (!account || account.deactivatedAt !== null) throw new CodedError('account.deactivated', 'This account is deactivated. Ask an administrator to reactivate it.');
    return this.#sessionOf(account, await this.#next({ login, generation: given.generation, isFromOwnPage, nowMs }));
  }

  /**
   * A page that is reloaded while it refreshes sends the used token once more, and so do two tabs that open together. For
   * `refreshRepeatMs` a page of this site gets the same successor again. Later it gets another one, as long as nobody has
   * used the present one: its response was lost, by a closed tab, a network, a server. A thief gains nothing lasting: of two
   * who hold tokens of one login, the one whose successor the other has used is found out.
   */
  async #next(turn: { login: LoginRow; generation: number; isFromOwnPage: boolean; nowMs: number }): Promise<LoginRow> {
    const { login, generation, isFromOwnPage, nowMs } = turn;
    const moved = { lastUsedAt: toInstant(nowMs), expiresAt: toInstant(nowMs + refreshTokenMs) };
    const next = generation === login.generation ? await this.#store.advance(login._id, generation, moved) : undefined;
    if (next) return next;
    const present = await this.#store.find(login._id);
    if (present && isFromOwnPage) {
      if (present.generation === generation + 1 && nowMs - fromInstant(present.lastUsedAt) < refreshRepeatMs) return present;
      const heard = present.heardGeneration ?? 0;
      const wasLost = heard <= generation && heard < present.generation && generation < present.generation;
      const instead = wasLost ? await this.#store.advance(login._id, present.generation, moved) : undefined;
      if (instead) return instead;
    }
    await this.#store.end(login._id);
    this.#options.logger.warn({ userId: login.userId, loginId: login._id }, 'login.reused');
    throw new CodedError('auth.reused', 'Your session was used twice, so it was ended to keep your account safe. Sign in again.');
  }

  async close(token: string | undefined): Promise<void> {
    const given = token === undefined ? undefined : this.#refreshTokens.read(token);
    if (!given) return;
    await this.#store.end(given.loginId);
    this.#options.logger.info({ loginId: given.loginId }, 'login.closed');
  }

  async callerOf({ userId, loginId, generation }: AccessClaims): Promise<Caller | undefined> {
    const [login, account] = await Promise.all([this.#store.find(loginId), this.#options.accounts.find(userId)]);
    if (login?.userId !== userId || !account || account.deactivatedAt !== null) return undefined;
    if (login.generation === generation && login.heardGeneration !== generation) await this.#noteHeard(login);
    const { email, displayName, roles } = account;
    return { userId, email, displayName, roles, loginId };
  }

  /** What is not noted, on a full disk, only makes the next refresh more lenient: no request fails over it. */
  async #noteHeard({ _id, generation }: LoginRow): Promise<void> {
    try {
      await this.#store.hear(_id, generation);
    } catch (err) {
      this.#options.logger.warn({ err, loginId: _id }, 'login.notHeard');
    }
  }

  async list(userId: UserId): Promise<LoginRow[]> {
    const now = toInstant(this.#options.clock.nowMs());
    return (await this.#store.ofUser(userId)).filter((login) => login.expiresAt > now);
  }

  /** @throws CodedError `account.notFound` */
  async end(userId: UserId, loginId: string): Promise<void> {
    const login = await this.#store.find(loginId);
    if (login?.userId !== userId) throw new CodedError('account.notFound', 'This device is already signed out. Reload the page.');
    await this.#store.end(loginId);
  }

  async endAll(userId: UserId, exceptLoginId?: string): Promise<void> {
    await this.#store.endAllOf(userId, exceptLoginId);
  }

  async forgetExpired(): Promise<void> {
    await this.#store.forgetExpired(toInstant(this.#options.clock.nowMs()));
  }

  #sessionOf(account: AccountRow, login: LoginRow): Session {
    const claims = { userId: userIdOf(account), roles: account.roles, loginId: login._id, generation: login.generation };
    return {
      accessToken: this.#options.tokens.sign('access', claims, accessTokenSeconds),
      expiresAt: toInstant(this.#options.clock.nowMs() + accessTokenSeconds * 1000),
      account: accountView(account),
      refresh: { token: this.#refreshTokens.issue(login._id, login.generation), expiresAtMs: fromInstant(login.expiresAt) },
    };
  }
}
