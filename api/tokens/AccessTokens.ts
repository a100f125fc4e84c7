import { createHash } from 'node:crypto';
import { CodedError } from '#engine/contract';
import type { TokenScope, UserId } from '#engine/contract';
import { fromInstant, randomText, toInstant } from '#engine/kernel';
import type { Clock, Logger } from '#engine/kernel';
import { accessTokenPrefix } from '../access/index.ts';
import type { AccessTokenDirectory, Caller, Client } from '../access/index.ts';
import type { AccountStore } from '../accounts/AccountStore.ts';
import type { LoginStore } from '../accounts/LoginStore.ts';
import { maxAccessTokens } from '../contract/index.ts';
import { accessTokenLength, tokenUseIntervalMs } from '../programLimits.ts';
import type { AccessTokenRow, AccessTokenStore } from './AccessTokenStore.ts';
import { dayMs } from '../limits.ts';

export interface AccessTokensOptions {
  store: AccessTokenStore;
  accounts: AccountStore;
  logins: LoginStore;
  clock: Clock;
  logger: Logger;
}

interface NewToken {
  name: string;
  scopes: readonly TokenScope[];
  lifetimeDays: number;
}

/**
 * Makes, checks and revokes access tokens. Each has a login of its own, so that what ends logins ends tokens: a deactivation, a new
 * password, the list of logins; and rooms and media that were opened with a token end with it.
 */
export class AccessTokens implements AccessTokenDirectory {
  readonly #options: AccessTokensOptions;

  constructor(options: AccessTokensOptions) {
    this.#options = options;
  }

  /** @throws CodedError `limit.reached` beyond `maxAccessTokens` */
  async create(userId: UserId, { name, scopes, lifetimeDays }: NewToken, client: Client): Promise<{ token: string; row: AccessTokenRow }> {
    const { store, logins, clock, logger } = this.#options;
    if ((await this.list(userId)).length >= maxAccessTokens) throw new CodedError('limit.reached', `At most ${maxAccessTokens} access tokens. Revoke one that is not used.`);
    const token = `${accessTokenPrefix}${randomText(accessTokenLength)}`;
    const [createdAt, expiresAt] = [toInstant(clock.nowMs()), toInstant(clock.nowMs() + lifetimeDays * dayMs)];
    const login = await logins.add({ userId, createdAt, lastUsedAt: createdAt, expiresAt, userAgent: `Access token: ${name}`, address: client.address });
    const row = await store.add({ userId, loginId: login._id, name, scopes: [...new Set(scopes)], tokenHash: hashOf(token), hint: token.slice(0, accessTokenPrefix.length + 4), createdAt, expiresAt });
    logger.info({ userId, accessTokenId: row._id, scopes: row.scopes }, 'accessToken.created');
    return { token, row };
  }

  /** Those that are valid, newest first. */
  async list(userId: UserId): Promise<AccessTokenRow[]> {
    const now = toInstant(this.#options.clock.nowMs());
    const open = new Set((await this.#options.logins.ofUser(userId)).map(({ _id }) => _id));
    return (await this.#options.store.ofUser(userId)).filter(({ loginId, expiresAt }) => open.has(loginId) && expiresAt > now);
  }

  /** @throws CodedError `accessToken.notFound` */
  async revoke(userId: UserId, tokenId: string): Promise<void> {
    const { store, logins, logger } = this.#options;
    const row = await store.find(tokenId);
    if (row?.userId !== userId) throw new CodedError('accessToken.notFound', 'This access token no longer exists. Reload the page.');
    await store.remove(tokenId);
    await logins.end(row.loginId);
    logger.info({ userId, accessTokenId: tokenId }, 'accessToken.revoked');
  }

  async callerOf(token: string): Promise<Caller | undefined> {
    const { store, accounts, logins, clock } = this.#options;
    const row = await store.findByHash(hashOf(token));
    const nowMs = clock.nowMs();
    if (!row || fromInstant(row.expiresAt) <= nowMs) return undefined;
    const userId = row.userId as UserId;
    const [account, isOpen] = await Promise.all([accounts.find(userId), logins.isOpen({ userId, loginId: row.loginId })]);
    if (!account || account.deactivatedAt !== null || !isOpen) return undefined;
    if (row.lastUsedAt === null || nowMs - fromInstant(row.lastUsedAt) >= tokenUseIntervalMs) await this.#noteUse(row, toInstant(nowMs));
    const { email, displayName, roles } = account;
    return { userId, email, displayName, roles, loginId: row.loginId, scopes: row.scopes };
  }

  /** A request does not fail because this does. */
  async #noteUse({ _id, loginId }: AccessTokenRow, now: string): Promise<void> {
    try {
      await Promise.all([this.#options.store.used(_id, now), this.#options.logins.touch(loginId, now)]);
    } catch (err) {
      this.#options.logger.warn({ err, accessTokenId: _id }, 'accessToken.useNotNoted');
    }
  }
}

function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('base64url');
}
