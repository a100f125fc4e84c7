import { CodedError } from '#engine/contract';
import type { SiteRole } from '#engine/contract';
import type { Handlers } from '../access/index.ts';
import type { Images } from '../images/Images.ts';
import type { accountRoutes, setupRoutes } from '../contract/index.ts';
import type { Addresses } from '../addresses/Addresses.ts';
import type { MailQueue } from '../mail/index.ts';
import { accountView } from './AccountStore.ts';
import type { AccountStore } from './AccountStore.ts';
import type { Accounts } from './Accounts.ts';
import type { FirstAccount } from './FirstAccount.ts';
import type { Logins } from './Logins.ts';
import { openLogin } from './openLogin.ts';
import type { SecondFactor } from './ports.ts';
import { signIn } from './signIn.ts';
import { requireSignInAllowed, requireSignupAllowed } from '../settings/index.ts';
import type { CurrentSettings } from '../settings/index.ts';

export interface AccountHandlersOptions {
  accounts: Accounts;
  store: AccountStore;
  logins: Logins;
  images: Images;
  firstAccount: FirstAccount;
  addresses: Pick<Addresses, 'welcome'>;
  /** Mails to the owner about changes of the account. */
  notices: Pick<MailQueue, 'add'>;
  secondFactor: SecondFactor;
  settings: CurrentSettings;
}

type AccountHandlers = Handlers<keyof typeof accountRoutes>;
type SignInRoute = 'signup' | 'login' | 'refresh' | 'logout';
type AdminRoute = 'listUsers' | 'createUser' | 'setUserRoles' | 'setUserActive';

export function setupHandlers({ accounts, logins, firstAccount, addresses }: AccountHandlersOptions): Handlers<keyof typeof setupRoutes> {
  return {
    getSetup: async () => ({ isNeeded: await firstAccount.isNeeded() }),
    completeSetup: async ({ body: { token, ...form }, client, cookie, device }) => {
      const account = await firstAccount.redeem(token, () => accounts.create(form, ['admin', 'instructor']));
      await addresses.welcome(account);
      return signIn(await logins.open(account, client), { cookie, device });
    },
  };
}

export function accountHandlers(options: AccountHandlersOptions): AccountHandlers {
  return { ...signInHandlers(options), ...ownAccountHandlers(options), ...adminHandlers(options) };
}

function signInHandlers(options: AccountHandlersOptions): Pick<AccountHandlers, SignInRoute> {
  const { accounts, logins } = options;
  return {
    signup: async ({ body, client, cookie, device }) => {
      const settings = options.settings.current;
      const roles: SiteRole[] = [settings.signupRole];
      requireSignupAllowed(settings, body.email);
      requireSignInAllowed(settings, roles);
      const account = await accounts.create(body, roles);
      await options.addresses.welcome(account);
      return signIn(await logins.open(account, client), { cookie, device });
    },
    login: async ({ body, client, cookie, device }) => {
      const account = await accounts.checkCredentials({ ...body, device: device.deviceOf(body.email) });
      await options.secondFactor.require(account);
      return signIn(await openLogin({ accounts, logins }, account, client), { cookie, device });
    },
    refresh: async ({ cookie, device }) => {
      cookie.requireOwnSite();
      try {
        return signIn(await logins.refresh(cookie.value, cookie.isFromOwnPage), { cookie, device });
      } catch (error) {
        // After a fault of the server the login goes on.
        if (error instanceof CodedError && error.code.startsWith('auth.') && cookie.value !== undefined) cookie.drop();
        throw error;
      }
    },
    logout: async ({ cookie }) => {
      cookie.requireOwnSite();
      await logins.close(cookie.value);
      cookie.drop();
      return null;
    },
  };
}

function ownAccountHandlers({ accounts, store, logins, images, notices }: AccountHandlersOptions): Omit<AccountHandlers, SignInRoute | AdminRoute> {
  return {
    getProfile: async ({ caller }) => accountView(await store.get(caller.userId)),
    updateProfile: async ({ caller, body }) => {
      const account = await accounts.update(caller, body);
      if (body.password !== undefined) await notices.add({ userId: caller.userId, template: 'passwordChanged', path: '/forgot-password' });
      return accountView(account);
    },
    setAvatar: async ({ caller: { userId }, body }) => {
      await images.replace({ kind: 'avatar', source: body }, (imageId) => store.setAvatar(userId, imageId));
      return accountView(await store.get(userId));
    },
    deleteAvatar: async ({ caller: { userId } }) => {
      await images.remove((imageId) => store.setAvatar(userId, imageId));
      return accountView(await store.get(userId));
    },
    deactivate: async ({ caller, cookie }) => {
      const { eraseAfter } = await accounts.leave(caller.userId);
      cookie.drop();
      await notices.add({ userId: caller.userId, template: 'accountDeactivated', path: '/sign-in', ...(typeof eraseAfter === 'string' && { until: eraseAfter }) });
      return null;
    },
    listLogins: async ({ caller }) => ({
      logins: (await logins.list(caller.userId)).map(({ _id, ...login }) => ({ id: _id, ...login, isCurrent: _id === caller.loginId })),
    }),
    endLogin: async ({ caller, params }) => {
      await logins.end(caller.userId, params.loginId);
      return null;
    },
  };
}

function adminHandlers({ accounts, store, addresses }: AccountHandlersOptions): Pick<AccountHandlers, AdminRoute> {
  return {
    listUsers: async ({ query }) => {
      const { rows, total } = await store.list(query);
      return { users: rows.map(accountView), total };
    },
    createUser: async ({ body: { roles, ...form }, caller }) => {
      const account = await accounts.create(form, roles, { priority: 'known', byUserId: caller.userId });
      await addresses.welcome(account);
      return accountView(account);
    },
    setUserRoles: async ({ caller, params, body, note }) => {
      note({ rolesBefore: (await store.get(params.userId)).roles });
      return accountView(await accounts.setRoles(params.userId, body.roles, caller.userId));
    },
    setUserActive: async ({ caller, params, body }) =>
      accountView(body.isActive ? await accounts.reactivate(params.userId, caller.userId) : await accounts.deactivate(params.userId, caller.userId)),
  };
}
