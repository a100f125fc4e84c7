import { CodedError } from '#engine/contract';
import type { Logger } from '#engine/kernel';
import type { Caller, Handlers } from '../access/index.ts';
import type { Accounts } from '../accounts/Accounts.ts';
import type { AccountStore } from '../accounts/AccountStore.ts';
import type { Logins } from '../accounts/Logins.ts';
import { openLogin } from '../accounts/openLogin.ts';
import { signIn } from '../accounts/signIn.ts';
import type { LinkedIdentity, secondFactorRoutes } from '../contract/index.ts';
import type { Factors } from './createFactors.ts';
import { passkeyView } from './Passkeys.ts';

export interface FactorHandlersOptions extends Factors {
  accounts: Accounts;
  accountStore: AccountStore;
  logins: Logins;
  /** The linked accounts at providers. */
  identitiesOf: (caller: Caller) => Promise<LinkedIdentity[]>;
  logger: Logger;
}

type FactorHandlers = Handlers<keyof typeof secondFactorRoutes>;
type LoginRoute = 'completeLogin' | 'offerPasskeyLogin' | 'loginWithPasskey' | 'confirmLogin' | 'setPassword' | 'endOtherLogins';
type PasskeyRoute = 'offerPasskey' | 'addPasskey' | 'renamePasskey' | 'removePasskey';

export function factorHandlers(options: FactorHandlersOptions): FactorHandlers {
  return { ...loginHandlers(options), ...passkeyHandlers(options), ...otherHandlers(options) };
}

function loginHandlers({ accounts, accountStore, logins, secondFactor, passkeys }: FactorHandlersOptions): Pick<FactorHandlers, LoginRoute> {
  return {
    completeLogin: async ({ body: { challenge, proof }, client, cookie, device }) => {
      const account = await secondFactor.complete(challenge, proof);
      return signIn(await openLogin({ accounts, logins }, account, client), { cookie, device });
    },
    offerPasskeyLogin: async ({ client }) => passkeys.offerAssertion(client),
    loginWithPasskey: async ({ body, client, cookie, device }) => {
      const account = await accountStore.get(await passkeys.verify(body));
      return signIn(await openLogin({ accounts, logins }, account, client), { cookie, device });
    },
    confirmLogin: async ({ body, caller }) => {
      if ('password' in body) await accounts.requirePassword(caller.userId, { password: body.password, field: 'password' });
      else if ((await passkeys.verify(body.passkey)) !== caller.userId) throw new CodedError('passkey.wrong', 'This passkey belongs to another account.');
      await logins.confirm(caller);
      return null;
    },
    setPassword: async ({ body, caller }) => {
      await logins.requireConfirmed(caller);
      await accounts.setFirstPassword(caller, body.password);
      return null;
    },
    endOtherLogins: async ({ caller }) => {
      await logins.endAll(caller.userId, caller.loginId);
      return null;
    },
  };
}

function passkeyHandlers({ logins, passkeys, store, recoveryCodes, waysIn, dropCodes, logger }: FactorHandlersOptions): Pick<FactorHandlers, PasskeyRoute> {
  return {
    offerPasskey: async ({ caller, client }) => {
      await logins.requireConfirmed(caller);
      return passkeys.offerRegistration(caller, client);
    },
    addPasskey: async ({ caller, body }) => {
      await logins.requireConfirmed(caller);
      const passkey = await passkeys.register(caller.userId, body);
      logger.info({ userId: caller.userId, passkeyId: passkey._id }, 'passkey.added');
      return { passkey: passkeyView(passkey), recoveryCodes: await recoveryCodes.issueFirst(caller.userId) };
    },
    renamePasskey: async ({ caller, params, body }) => passkeyView(await store.updatePasskey({ passkeyId: params.passkeyId, userId: caller.userId }, body)),
    removePasskey: async ({ caller, params }) => {
      await logins.requireConfirmed(caller);
      const removed = await store.removePasskey(params.passkeyId, caller.userId);
      if (!removed) throw new CodedError('passkey.notFound', 'This passkey was already removed. Reload the page.');
      await waysIn.requireOne(caller.userId, () => store.restorePasskey(removed));
      await dropCodes(caller.userId);
      logger.info({ userId: caller.userId, passkeyId: removed._id }, 'passkey.removed');
      return null;
    },
  };
}

function otherHandlers(options: FactorHandlersOptions): Omit<FactorHandlers, LoginRoute | PasskeyRoute> {
  const { accountStore, logins, apps, store, recoveryCodes, secondFactor, identitiesOf, dropCodes, logger } = options;
  return {
    getSecurity: async ({ caller }) => {
      const { userId } = caller;
      const [account, totp, passkeys, recoveryCodesLeft, identities, isConfirmed] = await Promise.all([
        accountStore.get(userId), store.findTotp(userId), store.passkeysOf(userId), store.countRecoveryCodes(userId), identitiesOf(caller), logins.isConfirmed(caller),
      ]);
      return { hasPassword: account.passwordHash !== null, totp: totp ? { createdAt: totp.createdAt } : null, passkeys: passkeys.map(passkeyView), recoveryCodesLeft, identities, isConfirmed };
    },
    offerTotp: async ({ caller }) => {
      await logins.requireConfirmed(caller);
      if (await store.findTotp(caller.userId)) throw new CodedError('secondFactor.exists', 'There is already an authenticator app on this account. Remove it first.');
      return apps.offer(caller);
    },
    addTotp: async ({ caller, body }) => {
      await logins.requireConfirmed(caller);
      await apps.add(caller.userId, body.token, body.code);
      logger.info({ userId: caller.userId }, 'totp.added');
      return { recoveryCodes: await recoveryCodes.issueFirst(caller.userId) };
    },
    removeTotp: async ({ caller }) => {
      await logins.requireConfirmed(caller);
      if (!(await store.removeTotp(caller.userId))) throw noFactor();
      await dropCodes(caller.userId);
      logger.info({ userId: caller.userId }, 'totp.removed');
      return null;
    },
    replaceRecoveryCodes: async ({ caller }) => {
      await logins.requireConfirmed(caller);
      if ((await secondFactor.methodsOf(caller.userId)).length === 0) throw noFactor();
      return { recoveryCodes: await recoveryCodes.replace(caller.userId) };
    },
    resetSecondFactor: async ({ caller, params }) => {
      await accountStore.get(params.userId);
      await store.removeAll(params.userId);
      await logins.endAll(params.userId);
      logger.warn({ userId: params.userId, byUserId: caller.userId }, 'secondFactor.reset');
      return null;
    },
  };
}

function noFactor(): CodedError {
  return new CodedError('secondFactor.notFound', 'This account has no second factor. Reload the page.');
}
