import type { Client } from '../access/index.ts';
import type { Accounts } from './Accounts.ts';
import type { AccountRow } from './AccountStore.ts';
import type { Logins, Session } from './Logins.ts';

/**
 * Opens a login of an account whose owner was just checked. A change of the password ends all logins, but not one that opens after
 * it: the account is compared once more. @throws CodedError `credentials.wrong`, `account.deactivated`
 */
export async function openLogin({ accounts, logins }: { accounts: Accounts; logins: Logins }, account: AccountRow, client: Client): Promise<Session> {
  const session = await logins.open(account, client);
  try {
    await accounts.requireUnchanged(account);
  } catch (error) {
    await logins.close(session.refresh.token);
    throw error;
  }
  return session;
}
