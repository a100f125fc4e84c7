import { CodedError } from '#engine/contract';
import type { UserId } from '#engine/contract';
import { toInstant } from '#engine/kernel';
import type { Clock, Logger } from '#engine/kernel';
import { isShutOut } from '../accounts/AccountStore.ts';
import type { AccountStore } from '../accounts/AccountStore.ts';
import type { Accounts } from '../accounts/Accounts.ts';
import type { MailQueue } from '../mail/index.ts';
import type { AccountLinks } from './AccountLinks.ts';
import type { VerifiedAddress } from './Addresses.ts';
import { linkLifetimeMs } from './limits.ts';

export interface PasswordResetOptions {
  accounts: Accounts;
  store: AccountStore;
  links: AccountLinks;
  mails: MailQueue;
  /** Removes second factors, passkeys and linked accounts. */
  forgetOtherWaysIn: (userId: UserId) => Promise<void>;
  onVerified: (verified: VerifiedAddress) => Promise<void>;
  clock: Clock;
  logger: Logger;
}

/** Sets a new password by a link that is mailed to the address of the account. */
export class PasswordReset {
  readonly #options: PasswordResetOptions;

  constructor(options: PasswordResetOptions) {
    this.#options = options;
  }

  /** Mails a link, if there is an account. It does the same work if there is none, so that neither answer nor time tells. */
  async request(email: string): Promise<void> {
    const { store, links, mails, clock } = this.#options;
    const account = await store.findByEmail(email);
    const userId = account && !isShutOut(account, toInstant(clock.nowMs())) ? (account._id as UserId) : null;
    const link = await links.add({ purpose: 'resetPassword', userId, address: userId === null ? null : email, lifetimeMs: linkLifetimeMs.resetPassword });
    await mails.add({ userId, template: 'resetPassword', linkId: link._id, path: '/reset-password', ...(userId !== null && { to: email }) });
  }

  /**
   * Sets the password and ends all logins and all other links to reset it. Whoever has the link reads the mail of the address, so the
   * address is verified.
   * @throws CodedError `link.invalid`, `server.busy`
   */
  async reset(token: string, password: string): Promise<void> {
    const { accounts, store, links, forgetOtherWaysIn, onVerified, clock, logger } = this.#options;
    const link = await links.require(token, ['resetPassword']);
    const userId = link.userId as UserId;
    const account = await store.find(userId);
    if (!account || account.email !== link.address || isShutOut(account, toInstant(clock.nowMs()))) throw new CodedError('link.invalid', 'This link is no longer valid. Ask for a new one.');
    const passwordHash = await accounts.hash(password);
    const wasVerified = typeof account.emailVerifiedAt === 'string';
    await links.use(link);
    // Whoever created the account has not shown that the address is theirs; the person who reads its mail has.
    if (!wasVerified) await forgetOtherWaysIn(userId);
    await accounts.replacePassword(userId, passwordHash);
    await store.verifyEmail(userId, link.address, toInstant(clock.nowMs()));
    await links.end(userId, ['resetPassword', 'verifyEmail']);
    logger.info({ userId }, 'account.passwordReset');
    if (!wasVerified) await onVerified({ userId, email: link.address });
  }
}
