import { CodedError } from '#engine/contract';
import type { AccessClaims, UserId } from '#engine/contract';
import { fromInstant, toInstant } from '#engine/kernel';
import type { Clock, Logger, TokenSigner } from '#engine/kernel';
import type { Caller, Client, LoginDirectory, MacKeys } from '../access/index.ts';
import { accessTokenSeconds, confirmedMs, maxLoginsPerAccount, refreshRepeatMs, refreshTokenMs } from '../limits.ts';
import { seenPrecisionMs } from '../administration/limits.ts';
import { accountDeactivated, accountView, userIdOf } from './AccountStore.ts';
import { requireSignInAllowed } from '../settings/index.ts';
import type { CurrentSettings } from '../settings/index.ts';
import type { AccountRow, AccountStore } from './AccountStore.ts';
import type { LoginRow, LoginStore } from './LoginStore.ts';
import { RefreshTokens } from './RefreshTokens.ts';

export interface LoginsOptions {
  store: LoginStore;
  accounts: AccountStore;
  tokens: TokenSigner;
  refreshKeys: MacKeys;
  settings: CurrentSettings;
  /** What waits for the person, such as courses that admit the address. Never rejects. */
  onOpened: (userId: UserId) => Promise<void>;
  clock: Clock;
  logger: Logger;
}

/** What a browser receives when it logs in or refreshes. */
export interface Session {
  accessToken: string;
  expiresAt: string;
  account: ReturnType<typeof accountView>;
  refresh: { token: string; expiresAtMs: number };
}

/** Opens and ends logins, and rotates their refresh tokens. */
export class Logins implements LoginDirectory {
  readonly #options: LoginsOptions;
  readonly #store: LoginStore;
  readonly #refreshTokens: RefreshTokens;

  constructor(options: LoginsOptions) {
    this.#options = options;
    this.#store = options.store;
    this.#refreshTokens = new RefreshTokens(options.refreshKeys);
  }

  /** Undoes a deactivation by the owner of the account. @throws CodedError `account.deactivated`, `site.maintenance` */
  async open(found: AccountRow, client: Client): Promise<Session> {
    requireSignInAllowed(this.#options.settings.current, found.roles);
    const account = await this.#restored(found);
    const nowMs = this.#options.clock.nowMs();
    const now = toInstant(nowMs);
    const login = await this.#store.add({
      userId: account._id,
      createdAt: now,
      lastUsedAt: now,
      expiresAt: toInstant(nowMs + refreshTokenMs),
      confirmedAt: now,
      userAgent: client.userAgent,
      address: client.address,
    });
    await this.#store.endOldestOf(userIdOf(account), maxLoginsPerAccount);
    await this.#noteSeen(account, nowMs);
    this.#options.logger.info({ userId: account._id, loginId: login._id }, 'login.opened');
    await this.#options.onOpened(userIdOf(account));
    return this.#sessionOf(account, login);
  }

  async #restored(account: AccountRow): Promise<AccountRow> {
    if (account.deactivatedAt === null) return account;
    const restored = await this.#options.accounts.restore(userIdOf(account), toInstant(this.#options.clock.nowMs()));
    if (!restored) throw accountDeactivated();
    this.#options.logger.info({ userId: account._id }, 'account.restored');
    return restored;
  }

  /** @throws CodedError `auth.required`, `auth.invalid`, `auth.expired`, `auth.reused`, `account.deactivated` */
  async refresh(token: string | undefined, isFromOwnPage: boolean): Promise<Session> {
    if (token === undefined) throw new CodedError('auth.required', 'Sign in first.');
    const claims = this.#refreshTokens.read(token);
    const login = claims && (await this.#store.find(claims.loginId));
    if (!claims || !login) throw new CodedError('auth.invalid', 'Your session has ended. Sign in again.');
    const nowMs = this.#options.clock.nowMs();
    if (fromInstant(login.expiresAt) <= nowMs) {
      await this.#store.end(login._id);
      throw new CodedError('auth.expired', 'Your session has expired. Sign in again.');
    }
    const account = await this.#options.accounts.find(login.userId as UserId);
    if (!account || account.deactivatedAt !== null) throw accountDeactivated();
    await this.#noteSeen(account, nowMs);
    return this.#sessionOf(account, await this.#next({ login, generation: claims.generation, isFromOwnPage, nowMs }));
  }

  /**
   * The next generation of a login. A page that is reloaded while it refreshes sends its old token again, and so do two tabs
   * that open together: for `refreshRepeatMs` a page of this site gets the same successor. Later it gets another successor, as
   * long as the current one is unused: its response was lost by a closed tab, the network or the server. A thief cannot keep a
   * login: when the owner and the thief hold tokens of one login, using the older one ends it.
   */
  async #next(refresh: { login: LoginRow; generation: number; isFromOwnPage: boolean; nowMs: number }): Promise<LoginRow> {
    const { login, generation, isFromOwnPage, nowMs } = refresh;
    const change = { lastUsedAt: toInstant(nowMs), expiresAt: toInstant(nowMs + refreshTokenMs) };
    const next = generation === login.generation ? await this.#store.advance(login._id, generation, change) : undefined;
    if (next) return next;
    const current = await this.#store.find(login._id);
    if (current && isFromOwnPage) {
      if (current.generation === generation + 1 && nowMs - fromInstant(current.lastUsedAt) < refreshRepeatMs) return current;
      const confirmed = current.heardGeneration ?? 0;
      const wasLost = confirmed <= generation && confirmed < current.generation && generation < current.generation;
      const replacement = wasLost ? await this.#store.advance(login._id, current.generation, change) : undefined;
      if (replacement) return replacement;
    }
    await this.#store.end(login._id);
    this.#options.logger.warn({ userId: login.userId, loginId: login._id }, 'login.reused');
    throw new CodedError('auth.reused', 'Your session was used twice, so it was ended to keep your account safe. Sign in again.');
  }

  /** The login of a refresh token with a valid signature, ended or not. */
  loginOf(token: string | undefined): string | undefined {
    return token === undefined ? undefined : this.#refreshTokens.read(token)?.loginId;
  }

  async close(token: string | undefined): Promise<void> {
    const claims = token === undefined ? undefined : this.#refreshTokens.read(token);
    if (!claims) return;
    await this.#store.end(claims.loginId);
    this.#options.logger.info({ loginId: claims.loginId }, 'login.closed');
  }

  async callerOf({ userId, loginId, generation }: AccessClaims): Promise<Caller | undefined> {
    const [login, account] = await Promise.all([this.#store.find(loginId), this.#options.accounts.find(userId)]);
    if (login?.userId !== userId || !account || account.deactivatedAt !== null) return undefined;
    if (login.generation === generation && login.heardGeneration !== generation) await this.#confirm(login);
    const { email, displayName, roles } = account;
    return { userId, email, displayName, roles, loginId };
  }

  /** For administrators, to `seenPrecisionMs`. Where that fails, it is noted the next time: no request fails because of it. */
  async #noteSeen({ _id, lastSeenAt }: AccountRow, nowMs: number): Promise<void> {
    if (lastSeenAt !== undefined && nowMs - fromInstant(lastSeenAt) < seenPrecisionMs) return;
    try {
      await this.#options.accounts.markSeen(_id as UserId, toInstant(nowMs));
    } catch (err) {
      this.#options.logger.warn({ err, userId: _id }, 'account.notSeen');
    }
  }

  /** Notes that the client has its token. Where that fails, the next refresh is only more lenient: no request fails because of it. */
  async #confirm({ _id, generation }: LoginRow): Promise<void> {
    try {
      await this.#store.confirm(_id, generation);
    } catch (err) {
      this.#options.logger.warn({ err, loginId: _id }, 'login.notConfirmed');
    }
  }

  /** The person has shown again to be the owner. */
  async confirm({ loginId }: Caller): Promise<void> {
    await this.#store.setConfirmed(loginId, toInstant(this.#options.clock.nowMs()));
  }

  /** Whether that was within `confirmedMs`. */
  async isConfirmed({ loginId }: Caller): Promise<boolean> {
    const confirmedAt = (await this.#store.find(loginId))?.confirmedAt;
    return confirmedAt !== undefined && this.#options.clock.nowMs() - fromInstant(confirmedAt) < confirmedMs;
  }

  /** For changes of how an account signs in: a page that was left open is not enough. @throws CodedError `login.unconfirmed` */
  async requireConfirmed(caller: Caller): Promise<void> {
    if (!(await this.isConfirmed(caller))) throw new CodedError('login.unconfirmed', 'Confirm with your password or a passkey that it is you, then try again.');
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
