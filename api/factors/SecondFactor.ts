import * as z from 'zod';
import { CodedError, UserId } from '#engine/contract';
import type { Logger, RateDecision, RateLimiter, RateLimiters } from '#engine/kernel';
import type { OneTimeTokens, TokenKind } from '../access/index.ts';
import type { AccountRow, AccountStore } from '../accounts/AccountStore.ts';
import { userIdOf } from '../accounts/AccountStore.ts';
import type { SecondFactor as Gate } from '../accounts/ports.ts';
import type { PasskeyAnswer, SecondFactorMethod } from '../contract/index.ts';
import { codeAttempts, maxCodeAttemptsPerLogin, stepTokenMs } from '../limits.ts';
import type { AuthenticatorApps } from './AuthenticatorApps.ts';
import type { FactorStore } from './FactorStore.ts';
import type { Passkeys } from './Passkeys.ts';
import type { RecoveryCodes } from './RecoveryCodes.ts';

/** A login whose first factor was right. `passwordHash`: as it was then; a change of the password ends the step. */
const pendingLogin = {
  purpose: 'second factor',
  data: z.object({ userId: UserId, passwordHash: z.string().nullable() }),
  lifetimeMs: stepTokenMs,
} satisfies TokenKind<z.ZodType>;

/** Attempts at one login do not come back within its lifetime. */
const attemptsPerLogin = { burst: maxCodeAttemptsPerLogin, perSecond: maxCodeAttemptsPerLogin / (stepTokenMs / 1000) / 10 };

export type Proof = { code: string } | { recoveryCode: string } | { passkey: PasskeyAnswer };

export interface SecondFactorOptions {
  store: FactorStore;
  apps: AuthenticatorApps;
  passkeys: Passkeys;
  recoveryCodes: RecoveryCodes;
  accounts: AccountStore;
  tokens: OneTimeTokens;
  limiters: RateLimiters;
  logger: Logger;
}

/** Asks for a second factor after the first one of a login, and checks it. */
export class SecondFactor implements Gate {
  readonly #options: SecondFactorOptions;
  readonly #ofLogin: RateLimiter;
  readonly #ofAccount: RateLimiter;

  constructor(options: SecondFactorOptions) {
    this.#options = options;
    this.#ofLogin = options.limiters.open('secondFactor.login', attemptsPerLogin);
    this.#ofAccount = options.limiters.open('secondFactor.account', codeAttempts);
  }

  /** @throws CodedError `secondFactor.required`, with the challenge in its details, for an account that has a second factor */
  async require(account: AccountRow): Promise<void> {
    const methods = await this.methodsOf(userIdOf(account));
    if (methods.length === 0) return;
    const { token: challenge, expiresAt } = this.#options.tokens.issue(pendingLogin, { userId: userIdOf(account), passwordHash: account.passwordHash });
    throw new CodedError('secondFactor.required', 'The password is right. Complete the login with your second factor.', { details: { challenge, methods, expiresAt } });
  }

  /** Empty for an account that needs only a password. */
  async methodsOf(userId: UserId): Promise<SecondFactorMethod[]> {
    const { store } = this.#options;
    const [totp, passkeys, codes] = await Promise.all([store.findTotp(userId), store.passkeysOf(userId), store.countRecoveryCodes(userId)]);
    if (!totp && passkeys.length === 0) return [];
    return [...(totp ? ['totp' as const] : []), ...(passkeys.length > 0 ? ['passkey' as const] : []), ...(codes > 0 ? ['recoveryCode' as const] : [])];
  }

  /**
   * The account of a challenge, as it was when its first factor was checked. The challenge stays valid after a wrong proof, for a few
   * attempts. @throws CodedError `challenge.invalid`, `secondFactor.wrong`, `passkey.wrong`, `request.tooFrequent`
   */
  async complete(challenge: string, proof: Proof): Promise<AccountRow> {
    const { accounts, tokens, logger } = this.#options;
    const pending = tokens.open(pendingLogin, challenge);
    const { userId, passwordHash } = pending.data;
    await this.#limited(pending.id, userId, () => this.#check(userId, proof));
    await tokens.spend(pendingLogin, pending);
    const account = await accounts.get(userId);
    if ('recoveryCode' in proof) logger.warn({ userId }, 'secondFactor.recoveryCodeUsed');
    return { ...account, passwordHash };
  }

  async #check(userId: UserId, proof: Proof): Promise<void> {
    const { apps, passkeys, recoveryCodes } = this.#options;
    if ('code' in proof) return apps.use(userId, proof.code);
    if ('passkey' in proof) return requireSame(userId, await passkeys.verify(proof.passkey));
    if (!(await recoveryCodes.use(userId, proof.recoveryCode))) throw new CodedError('secondFactor.wrong', 'This recovery code is wrong, or it was used before.');
  }

  /** Counts wrong attempts of this login, and of the account in all logins. */
  async #limited(loginId: string, userId: UserId, check: () => Promise<void>): Promise<void> {
    requireAllowed(await this.#ofLogin.take(loginId));
    requireAllowed(await this.#ofAccount.take(userId));
    await check();
    await this.#ofAccount.giveBack(userId);
  }
}

function requireSame(userId: UserId, answered: UserId): void {
  if (answered !== userId) throw new CodedError('passkey.wrong', 'This passkey belongs to another account.');
}

function requireAllowed(decision: RateDecision): void {
  if (decision.isAllowed) return;
  const retryAfterSeconds = Math.max(1, Math.ceil(decision.retryAfterMs / 1000));
  const message = `Too many wrong codes. Sign in again in ${Math.ceil(retryAfterSeconds / 60)} minutes, or use a recovery code then.`;
  throw new CodedError('request.tooFrequent', message, { details: { retryAfterSeconds } });
}
