import { CodedError } from '#engine/contract';
import type { Handlers } from '../access/index.ts';
import type { addressRoutes } from '../contract/index.ts';
import type { Addresses } from './Addresses.ts';
import type { PasswordReset } from './PasswordReset.ts';

export interface AddressHandlersOptions {
  addresses: Addresses;
  passwordReset: PasswordReset;
  sendsMail: boolean;
}

export function addressHandlers({ addresses, passwordReset, sendsMail }: AddressHandlersOptions): Handlers<keyof typeof addressRoutes> {
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
      await passwordReset.reset(body.token, body);
      return null;
    },
    createAccountLink: async ({ params: { userId }, body: { purpose }, client }) => {
      if (sendsMail) throw new CodedError('link.notNeeded', 'This site sends mails: the person can ask for a link on the sign-in page.');
      const isReset = purpose === 'resetPassword';
      const { token, expiresAt } = await (isReset ? passwordReset : addresses).handOver(userId);
      return { url: `${client.origin}${isReset ? '/reset-password' : '/verify-email'}#${token}`, expiresAt };
    },
  };
}
