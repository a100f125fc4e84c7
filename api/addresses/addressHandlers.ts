import type { Handlers } from '../access/index.ts';
import type { addressRoutes, siteRoutes } from '../contract/index.ts';
import type { Addresses } from './Addresses.ts';
import type { PasswordReset } from './PasswordReset.ts';

export interface AddressHandlersOptions {
  addresses: Addresses;
  passwordReset: PasswordReset;
  sendsMail: boolean;
}

export function siteHandlers({ sendsMail }: Pick<AddressHandlersOptions, 'sendsMail'>): Handlers<keyof typeof siteRoutes> {
  return { getSite: async () => ({ sendsMail }) };
}

export function addressHandlers({ addresses, passwordReset }: AddressHandlersOptions): Handlers<keyof typeof addressRoutes> {
  return {
    getEmail: async ({ caller }) => addresses.status(caller.userId),
    resendVerification: async ({ caller }) => {
      await addresses.requestVerification(caller.userId);
      return null;
    },
    verifyEmail: async ({ body }) => ({ email: (await addresses.verify(body.token)).email }),
    changeEmail: async ({ caller, body }) => addresses.requestChange(caller, body),
    cancelEmailChange: async ({ caller }) => addresses.cancelChange(caller.userId),
    confirmEmailChange: async ({ body }) => addresses.confirmChange(body.token),
    forgotPassword: async ({ body }) => {
      await passwordReset.request(body.email);
      return null;
    },
    resetPassword: async ({ body }) => {
      await passwordReset.reset(body.token, body.password);
      return null;
    },
  };
}
