import type { UserId } from '#engine/contract';
import type { Clock, Database, Logger, RateLimiters, Sealer } from '#engine/kernel';
import type { OneTimeTokens } from '../access/index.ts';
import type { AccountStore } from '../accounts/AccountStore.ts';
import { AuthenticatorApps } from './AuthenticatorApps.ts';
import { FactorStore } from './FactorStore.ts';
import { Passkeys } from './Passkeys.ts';
import { RecoveryCodes } from './RecoveryCodes.ts';
import { SecondFactor } from './SecondFactor.ts';
import { WaysIn } from './WaysIn.ts';

export interface FactorsOptions {
  database: Database;
  accounts: AccountStore;
  tokens: OneTimeTokens;
  sealer: Sealer;
  limiters: RateLimiters;
  clock: Clock;
  logger: Logger;
  /** How many accounts at providers are linked. */
  countIdentities: (userId: UserId) => Promise<number>;
}

export interface Factors {
  store: FactorStore;
  apps: AuthenticatorApps;
  passkeys: Passkeys;
  recoveryCodes: RecoveryCodes;
  secondFactor: SecondFactor;
  waysIn: WaysIn;
  /** Removes the recovery codes of an account whose last second factor is gone. */
  dropCodes: (userId: UserId) => Promise<void>;
}

/** The second factors of accounts. */
export function createFactors(options: FactorsOptions): Factors {
  const { accounts, countIdentities } = options;
  const store = new FactorStore(options.database);
  const apps = new AuthenticatorApps({ ...options, store });
  const passkeys = new Passkeys({ ...options, store });
  const recoveryCodes = new RecoveryCodes(store);
  const secondFactor = new SecondFactor({ ...options, store, apps, passkeys, recoveryCodes });
  const waysIn = new WaysIn({ accounts, factors: store, countIdentities });
  const dropCodes = async (userId: UserId) => {
    if ((await secondFactor.methodsOf(userId)).length === 0) await store.removeRecoveryCodes(userId);
  };
  return { store, apps, passkeys, recoveryCodes, secondFactor, waysIn, dropCodes };
}
