import { CodedError } from '#engine/contract';
import type { UserId } from '#engine/contract';
import type { AccountStore } from '../accounts/AccountStore.ts';
import type { FactorStore } from './FactorStore.ts';

export interface WaysInOptions {
  accounts: AccountStore;
  factors: FactorStore;
  countIdentities: (userId: UserId) => Promise<number>;
}

/** The ways in which an account can sign in: a password, a passkey, an account at a provider. One has to remain. */
export class WaysIn {
  readonly #options: WaysInOptions;

  constructor(options: WaysInOptions) {
    this.#options = options;
  }

  /**
   * After one way was removed; `restore` puts it back. Looking afterwards is right also when two processes remove one each.
   * @throws CodedError `identity.last`
   */
  async requireOne(userId: UserId, restore: () => Promise<void>): Promise<void> {
    const { accounts, factors, countIdentities } = this.#options;
    const [account, passkeys, identities] = await Promise.all([accounts.get(userId), factors.passkeysOf(userId), countIdentities(userId)]);
    if (account.passwordHash !== null || passkeys.length > 0 || identities > 0) return;
    await restore();
    throw new CodedError('identity.last', 'This is your last way to sign in. Set a password or add a passkey first.');
  }
}
