import type { SiteRole, UserId } from '#engine/contract';
import type { Clock, Database, Logger, OneTimeTickets, RateLimiters, Sealer } from '#engine/kernel';
import { OneTimeTokens } from '../access/index.ts';
import type { Handlers } from '../access/index.ts';
import type { Accounts } from '../accounts/Accounts.ts';
import type { AccountStore } from '../accounts/AccountStore.ts';
import type { Logins } from '../accounts/Logins.ts';
import type { SecondFactor } from '../accounts/ports.ts';
import type { AuditLog } from '../audit/index.ts';
import type { ApiConfig } from '../config.ts';
import { CalendarFeedStore } from '../calendar/CalendarFeedStore.ts';
import type { providerRoutes, secondFactorRoutes } from '../contract/index.ts';
import { createFactors } from '../factors/createFactors.ts';
import { factorHandlers } from '../factors/factorHandlers.ts';
import type { CourseGrant } from './grants.ts';
import { IdentityStore } from './IdentityStore.ts';
import { OidcProvider } from './OidcProvider.ts';
import { requireSignInAllowed, requireSignupAllowed } from '../settings/index.ts';
import type { CurrentSettings } from '../settings/index.ts';
import { identityView, providerHandlers } from './providerHandlers.ts';
import { ProviderSignIn } from './ProviderSignIn.ts';

export interface SignInOptions {
  config: Pick<ApiConfig, 'LECTERN_OIDC_PROVIDERS'>;
  settings: CurrentSettings;
  database: Database;
  accounts: Accounts;
  accountStore: AccountStore;
  logins: Logins;
  sealer: Sealer;
  tickets: OneTimeTickets;
  limiters: RateLimiters;
  clock: Clock;
  logger: Logger;
  /** Enrols a person whose provider says so, unless the person is in the course or was removed from it. */
  enrol: (grant: CourseGrant, userId: UserId) => Promise<boolean>;
  audit: AuditLog;
  /** Called for a person whose address the provider has verified. */
  onVerified: (userId: UserId) => Promise<void>;
}

/** Everything about signing in beyond the password: second factors, passkeys, and accounts at providers. */
export function createSignIn(options: SignInOptions): { secondFactor: SecondFactor; handlers: Handlers<keyof typeof secondFactorRoutes | keyof typeof providerRoutes> } {
  const { config, database, accountStore, clock, logger } = options;
  const tokens = new OneTimeTokens(options);
  const identities = new IdentityStore(database);
  const factors = createFactors({ ...options, accounts: accountStore, tokens, countIdentities: (userId) => identities.count(userId) });
  const providers = config.LECTERN_OIDC_PROVIDERS;
  const byId = new Map(providers.map((provider) => [provider.id, new OidcProvider({ config: provider, clock, logger })]));
  const providerSignIn = new ProviderSignIn({ ...options, providers: byId, identities, factors: factors.store, feeds: new CalendarFeedStore(database), tokens, newAccountRole: (email, { isSignupRequired }) => newAccountRole(options.settings, isSignupRequired ? email : undefined) });
  const identitiesOf = async ({ userId }: { userId: UserId }) => (await identities.ofUser(userId)).map((identity) => identityView(identity, providers));
  return {
    secondFactor: factors.secondFactor,
    handlers: {
      ...factorHandlers({ ...options, ...factors, identitiesOf }),
      ...providerHandlers({ ...options, ...factors, providers, providerSignIn, identities }),
    },
  };
}

/** `email`: the address that sign-up has to accept, if it has to. @throws CodedError `access.denied`, `site.maintenance` */
function newAccountRole({ current }: CurrentSettings, email: string | undefined): SiteRole {
  if (email !== undefined) requireSignupAllowed(current, email);
  requireSignInAllowed(current, [current.signupRole]);
  return current.signupRole;
}
