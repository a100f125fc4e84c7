import { CodedError } from '#engine/contract';
import type { UserId } from '#engine/contract';
import { toInstant } from '#engine/kernel';
import type { Clock, Logger } from '#engine/kernel';
import { accountDeactivated, isShutOut } from '../accounts/AccountStore.ts';
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
  /** Removes second factors, passkeys, linked accounts and calendar feeds. */
  forgetOtherWaysIn: (userId: UserId) => Promise<void>;
  revokeCalendarFeeds: (userId: UserId) => Promise<void>;
  onVerified: (verified: VerifiedAddress) => Promise<void>;
  clock: Clock;
  logger: Logger;
}

/** Sets a new password by a link that is mailed to the address of the account, or that an administrator hands over. */
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

  /** A link for a person who gets no mail from this site. @throws CodedError `account.notFound`, `account.deactivated` */
  async handOver(userId: UserId): Promise<{ token: string; expiresAt: string }> {
    const { store, links, clock } = this.#options;
    const account = await store.get(userId);
    if (isShutOut(account, toInstant(clock.nowMs()))) throw accountDeactivated();
    return links.handOver({ purpose: 'handedReset', userId, address: account.email, lifetimeMs: linkLifetimeMs.handedReset });
  }

  /**
   * Sets the password and ends all logins, access tokens, and all other links to reset it. Whoever has a mailed link reads the mail of
   * the address, so the address is verified.
   * @throws CodedError `link.invalid`, `server.busy`
   */
  async reset(token: string, { password, revokesCalendarFeeds }: { password: string; revokesCalendarFeeds: boolean }): Promise<void> {
    const { accounts, store, links, forgetOtherWaysIn, revokeCalendarFeeds, onVerified, clock, logger } = this.#options;
    const link = await links.require(token, ['resetPassword', 'handedReset']);
    const userId = link.userId as UserId;
    const account = await store.find(userId);
    if (!account || account.email !== link.address || isShutOut(account, toInstant(clock.nowMs()))) throw new CodedError('link.invalid', 'This link is no longer valid. Ask for a new one.');
    const passwordHash = await accounts.hash(password);
    const provesAddress = link.purpose === 'resetPassword' && typeof account.emailVerifiedAt !== 'string';
    await links.use(link);
    // Whoever created the account has not shown that the address is theirs; the person who reads its mail has.
    if (provesAddress) await forgetOtherWaysIn(userId);
    if (revokesCalendarFeeds) await revokeCalendarFeeds(userId);
    await accounts.replacePassword(userId, passwordHash);
    if (provesAddress) await store.verifyEmail(userId, link.address, toInstant(clock.nowMs()));
    await links.end(userId, link.purpose === 'resetPassword' ? ['resetPassword', 'handedReset', 'verifyEmail'] : ['resetPassword', 'handedReset']);
    logger.info({ userId }, 'account.passwordReset');
    if (provesAddress) await onVerified({ userId, email: link.address });
  }
}
