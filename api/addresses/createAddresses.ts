import type { UserId } from '#engine/contract';
import type { Clock, Database, JobQueue, Logger } from '#engine/kernel';
import type { Handlers } from '../access/index.ts';
import type { Accounts } from '../accounts/Accounts.ts';
import type { AccountStore } from '../accounts/AccountStore.ts';
import type { Logins } from '../accounts/Logins.ts';
import { CalendarFeedStore } from '../calendar/CalendarFeedStore.ts';
import type { addressRoutes } from '../contract/index.ts';
import { FactorStore } from '../factors/FactorStore.ts';
import { IdentityStore } from '../identities/IdentityStore.ts';
import { MailQueue, MailStore } from '../mail/index.ts';
import { AccountLinks } from './AccountLinks.ts';
import { AddressChanges } from './AddressChanges.ts';
import { Addresses } from './Addresses.ts';
import { addressHandlers } from './addressHandlers.ts';
import { PasswordReset } from './PasswordReset.ts';

export interface CreateAddressesOptions {
  database: Database;
  accounts: Accounts;
  store: AccountStore;
  logins: Logins;
  jobs: Pick<JobQueue, 'add'>;
  sendsMail: boolean;
  /** Called for a person whose address was verified. */
  onVerified: (userId: UserId) => Promise<void>;
  clock: Clock;
  logger: Logger;
}

/** E-mail addresses of accounts and forgotten passwords, with the mails that they need. */
export function createAddresses(options: CreateAddressesOptions): { addresses: Addresses; mails: MailQueue; handlers: Handlers<keyof typeof addressRoutes> } {
  const { database, jobs, clock, onVerified } = options;
  const mails = new MailQueue({ store: new MailStore(database), jobs, clock });
  const links = new AccountLinks({ database, clock });
  const [factors, identities, feeds] = [new FactorStore(database), new IdentityStore(database), new CalendarFeedStore(database)];
  const addresses = new Addresses({ ...options, links, mails, changes: new AddressChanges({ database, clock }), onVerified: ({ userId }) => onVerified(userId) });
  const forgetOtherWaysIn = async (userId: UserId) => {
    await factors.removeAll(userId);
    await identities.removeAllOf(userId);
    await feeds.removeAll(userId);
  };
  const passwordReset = new PasswordReset({ ...options, links, mails, forgetOtherWaysIn, revokeCalendarFeeds: (userId) => feeds.removeAll(userId), onVerified: (verified) => addresses.announce(verified) });
  return { addresses, mails, handlers: addressHandlers({ ...options, addresses, passwordReset }) };
}
