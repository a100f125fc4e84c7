import { CodedError } from '#engine/contract';
import type { Logger } from '#engine/kernel';
import type { Caller, Handlers } from '../access/index.ts';
import type { Accounts } from '../accounts/Accounts.ts';
import type { Logins } from '../accounts/Logins.ts';
import { openLogin } from '../accounts/openLogin.ts';
import type { SecondFactor } from '../accounts/ports.ts';
import { signIn } from '../accounts/signIn.ts';
import type { LinkedIdentity, providerRoutes } from '../contract/index.ts';
import type { WaysIn } from '../factors/WaysIn.ts';
import { rolesAfter } from './grants.ts';
import type { IdentityRow, IdentityStore } from './IdentityStore.ts';
import type { ProviderSignIn } from './ProviderSignIn.ts';
import type { ProviderConfig } from './providerConfig.ts';

export interface ProviderHandlersOptions {
  providers: readonly ProviderConfig[];
  providerSignIn: ProviderSignIn;
  identities: IdentityStore;
  accounts: Accounts;
  logins: Logins;
  secondFactor: SecondFactor;
  waysIn: WaysIn;
  logger: Logger;
}

export function providerHandlers(options: ProviderHandlersOptions): Handlers<keyof typeof providerRoutes> {
  const { providers, providerSignIn, identities, accounts, logins, secondFactor, waysIn, logger } = options;
  return {
    listProviders: async () => ({ providers: providers.map(({ id, name }) => ({ id, name })) }),
    startProviderLogin: async ({ params, client }) => providerSignIn.startLogin(params.providerId, client),
    finishProviderLogin: async ({ params, body, client, cookie, device }) => {
      const { account, isPasswordRemoved } = await providerSignIn.finishLogin(params.providerId, body);
      // The provider stands for the password, not for the second factor that the person has turned on here.
      await secondFactor.require(account);
      return { ...signIn(await openLogin({ accounts, logins }, account, client), { cookie, device }), isPasswordRemoved };
    },
    startLink: async ({ params, client, caller }) => {
      await logins.requireConfirmed(caller);
      return providerSignIn.startLink(params.providerId, client, caller);
    },
    finishLink: async ({ params, body, caller }) => identityView(await providerSignIn.finishLink(params.providerId, body, caller), providers),
    unlinkIdentity: async ({ params, caller }) => {
      await logins.requireConfirmed(caller);
      const removed = await identities.remove(params.identityId, caller.userId);
      if (!removed) throw new CodedError('identity.notFound', 'This link was already removed. Reload the page.');
      await waysIn.requireOne(caller.userId, () => identities.restore(removed));
      await takeBackRoles(options, caller, removed);
      logger.info({ userId: caller.userId, identityId: removed._id, issuer: removed.issuer }, 'identity.unlinked');
      return null;
    },
  };
}

/** Roles that a provider has granted end with the link, unless another linked account grants them too. @throws CodedError for the last administrator */
async function takeBackRoles({ identities, accounts }: ProviderHandlersOptions, { userId, roles }: Pick<Caller, 'userId' | 'roles'>, removed: IdentityRow): Promise<void> {
  const granted = (await identities.ofUser(userId)).flatMap(({ grantedRoles }) => grantedRoles);
  const left = rolesAfter({ current: roles, grantedBefore: removed.grantedRoles, granted: granted.filter((role) => roles.includes(role)) });
  if (left.length === roles.length && left.every((role) => roles.includes(role))) return;
  try {
    await accounts.setRoles(userId, left, userId);
  } catch (error) {
    await identities.restore(removed);
    throw error;
  }
}

/** The identity as the contract describes it. */
export function identityView({ _id, issuer, email, linkedAt, lastUsedAt }: IdentityRow, providers: readonly ProviderConfig[]): LinkedIdentity {
  const provider = providers.find((each) => isSameIssuer(each.issuer, issuer));
  return { id: _id, providerId: provider?.id ?? null, providerName: provider?.name ?? new URL(issuer).host, email, linkedAt, lastUsedAt };
}

/** A setting may end in a slash where the provider's own name of itself does not. */
function isSameIssuer(one: string, other: string): boolean {
  return one.replace(/\/$/, '') === other.replace(/\/$/, '');
}
