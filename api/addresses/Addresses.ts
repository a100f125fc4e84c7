import { CodedError } from '#engine/contract';
import type { UserId } from '#engine/contract';
import { toInstant } from '#engine/kernel';
import type { Clock, Logger } from '#engine/kernel';
import type { Caller } from '../access/index.ts';
import { userIdOf } from '../accounts/AccountStore.ts';
import type { AccountRow, AccountStore } from '../accounts/AccountStore.ts';
import type { Accounts } from '../accounts/Accounts.ts';
import type { Logins } from '../accounts/Logins.ts';
import type { MailQueue } from '../mail/index.ts';
import type { AccountLinks } from './AccountLinks.ts';
import type { AddressChangeRow, AddressChanges } from './AddressChanges.ts';
import { linkLifetimeMs } from './limits.ts';

/** An address has become somebody's. */
export interface VerifiedAddress {
  userId: UserId;
  email: string;
}

export interface AddressesOptions {
  accounts: Accounts;
  store: AccountStore;
  logins: Pick<Logins, 'requireConfirmed'>;
  links: AccountLinks;
  changes: AddressChanges;
  mails: MailQueue;
  clock: Clock;
  logger: Logger;
  /** What waits for a verified address, such as the admission of people who are invited by it. */
  onVerified: (verified: VerifiedAddress) => Promise<void>;
}

/** What the owner of an account sees of the address. */
export interface AddressStatus {
  email: string;
  isVerified: boolean;
  change: { newEmail: string; isOldConfirmed: boolean; isNewConfirmed: boolean; expiresAt: string } | null;
}

/** Verifies and changes the e-mail addresses of accounts. An address counts as somebody's when it is verified. */
export class Addresses {
  readonly #options: AddressesOptions;

  constructor(options: AddressesOptions) {
    this.#options = options;
  }

  async status(userId: UserId): Promise<AddressStatus> {
    const { store, changes } = this.#options;
    const [account, change] = await Promise.all([store.get(userId), changes.ofUser(userId)]);
    return { email: account.email, isVerified: isVerified(account), change: change ? changeView(change) : null };
  }

  /** Mails a link to a new account. A failure is logged: the account exists, and its owner can ask again. */
  async welcome(account: AccountRow): Promise<void> {
    try {
      await this.requestVerification(userIdOf(account));
    } catch (err) {
      this.#options.logger.warn({ err, userId: account._id }, 'account.verificationNotRequested');
    }
  }

  /** Mails a link, unless the address is verified. Links that were mailed before stay valid. */
  async requestVerification(userId: UserId): Promise<void> {
    const { store, links, mails } = this.#options;
    const account = await store.get(userId);
    if (isVerified(account)) return;
    const { email } = account;
    const link = await links.add({ purpose: 'verifyEmail', userId, address: email, lifetimeMs: linkLifetimeMs.verifyEmail });
    await mails.add({ userId, template: 'verifyEmail', to: email, linkId: link._id, path: '/verify-email' });
  }

  /** A link for a person who gets no mail from this site. @throws CodedError `account.notFound`, `request.invalid` for a verified address */
  async handOver(userId: UserId): Promise<{ token: string; expiresAt: string }> {
    const { store, links } = this.#options;
    const account = await store.get(userId);
    if (isVerified(account)) throw new CodedError('request.invalid', 'The address of this person is confirmed already.', { details: { field: 'purpose' } });
    return links.handOver({ purpose: 'verifyEmail', userId, address: account.email, lifetimeMs: linkLifetimeMs.verifyEmail });
  }

  /** @throws CodedError `link.invalid` */
  async verify(token: string): Promise<VerifiedAddress> {
    const { store, links } = this.#options;
    const link = await links.require(token, ['verifyEmail']);
    const verified = { userId: link.userId as UserId, email: link.address };
    const account = await store.verifyEmail(verified.userId, verified.email, this.#now());
    await links.use(link);
    if (!account) throw new CodedError('link.invalid', 'The account has another address now. Ask for a new link.');
    await links.end(verified.userId, ['verifyEmail']);
    await this.announce(verified);
    return verified;
  }

  /**
   * Begins to change the caller's address: it changes when both addresses are confirmed. An old address that was never verified need
   * not be confirmed, as it may be mistyped.
   * @throws CodedError `credentials.wrong`, `account.exists`, `request.invalid` for the address that the account has, `server.busy`
   */
  async requestChange(caller: Caller, { email: newEmail, currentPassword }: { email: string; currentPassword?: string | undefined }): Promise<AddressStatus> {
    const { store, links, changes, mails } = this.#options;
    const { userId } = caller;
    await this.#requireOwner(caller, currentPassword);
    const account = await store.get(userId);
    const oldEmail = account.email;
    if (newEmail === oldEmail) throw new CodedError('request.invalid', 'This is already your address.', { details: { field: 'email' } });
    if (await store.findByEmail(newEmail)) throw taken();
    await links.end(userId, ['confirmOldAddress', 'confirmNewAddress']);
    const { _id: changeId } = await changes.begin({ userId, oldEmail, newEmail, isOldConfirmed: !isVerified(account), isOldUnproved: !isVerified(account), lifetimeMs: linkLifetimeMs.confirmNewAddress });
    const sides = [['confirmNewAddress', newEmail] as const, ...(isVerified(account) ? [['confirmOldAddress', oldEmail] as const] : [])];
    for (const [purpose, address] of sides) {
      const link = await links.add({ purpose, userId, address, changeId, lifetimeMs: linkLifetimeMs[purpose] });
      await mails.add({ userId, template: purpose, to: address, about: newEmail, linkId: link._id, path: '/confirm-address' });
    }
    return this.status(userId);
  }

  async cancelChange(userId: UserId): Promise<AddressStatus> {
    await this.#options.changes.end(userId);
    await this.#options.links.end(userId, ['confirmOldAddress', 'confirmNewAddress']);
    return this.status(userId);
  }

  /** Confirms a change at one of its addresses. Resolves with whether it is complete. @throws CodedError `link.invalid`, `account.exists` */
  async confirmChange(token: string): Promise<{ isComplete: boolean }> {
    const { links, changes } = this.#options;
    const link = await links.require(token, ['confirmOldAddress', 'confirmNewAddress']);
    const side = link.purpose === 'confirmOldAddress' ? 'isOldConfirmed' : 'isNewConfirmed';
    const change = link.changeId === null ? undefined : await changes.confirm(link.changeId, side);
    if (!change) throw new CodedError('link.invalid', 'This change of address has ended. Begin it again in your profile.');
    if (change.isOldConfirmed && change.isNewConfirmed) await this.#complete(change);
    await links.use(link);
    return { isComplete: change.isOldConfirmed && change.isNewConfirmed };
  }

  /** An account without a password needs a login that was confirmed in another way. */
  async #requireOwner(caller: Caller, password: string | undefined): Promise<void> {
    const { accounts, store, logins } = this.#options;
    if (password === undefined && (await store.get(caller.userId)).passwordHash === null) return logins.requireConfirmed(caller);
    await accounts.requirePassword(caller.userId, { password: password ?? '', field: 'currentPassword' });
  }

  async #complete({ userId, oldEmail, newEmail, isOldUnproved }: AddressChangeRow): Promise<void> {
    const { store, links, changes, logger } = this.#options;
    const owner = userId as UserId;
    // The old address has been proved since: somebody else, who had registered with that address, may have begun the change.
    if (isOldUnproved === true && isVerified(await store.get(owner))) {
      await this.cancelChange(owner);
      throw new CodedError('link.invalid', 'The account has been verified at its old address in the meantime. Begin the change again in your profile.');
    }
    const account = await store.changeEmail(owner, { from: oldEmail, to: newEmail, verifiedAt: this.#now() });
    if (!account) throw new CodedError('link.invalid', 'The account has another address now. Begin the change again in your profile.');
    await changes.end(owner);
    // Those that were mailed to the old address.
    await links.end(owner, ['verifyEmail', 'resetPassword', 'handedReset']);
    logger.info({ userId }, 'account.emailChanged');
    await this.announce({ userId: owner, email: newEmail });
  }

  /** Tells what waits for a verified address, such as the admission of people who are invited by it. */
  async announce(verified: VerifiedAddress): Promise<void> {
    this.#options.logger.info({ userId: verified.userId }, 'account.emailVerified');
    await this.#options.onVerified(verified);
  }

  #now(): string {
    return toInstant(this.#options.clock.nowMs());
  }
}

function isVerified({ emailVerifiedAt }: AccountRow): boolean {
  return typeof emailVerifiedAt === 'string';
}

function changeView({ newEmail, isOldConfirmed, isNewConfirmed, expiresAt }: AddressChangeRow) {
  return { newEmail, isOldConfirmed, isNewConfirmed, expiresAt };
}

function taken(): CodedError {
  return new CodedError('account.exists', 'There is already an account with this email address. Choose another one.', { details: { field: 'email' } });
}
