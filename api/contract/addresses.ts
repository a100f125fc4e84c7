import * as z from 'zod';
import { Instant, UserId } from '#engine/contract';
import { Email, GivenPassword, NewPassword } from './accounts.ts';
import { maxLinkTokenLength } from './limits.ts';
import { nothing, route } from './route.ts';

/** The address of an account, and the change of it that is in progress. */
export const AddressStatus = z.object({
  email: z.string(),
  isVerified: z.boolean().describe('The owner has opened the link that was mailed to the address.'),
  change: z
    .object({
      newEmail: z.string(),
      isOldConfirmed: z.boolean().describe('Also true when the old address was never verified: then only the new one is confirmed.'),
      isNewConfirmed: z.boolean(),
      expiresAt: Instant,
    })
    .nullable(),
});
export type AddressStatus = z.infer<typeof AddressStatus>;

const LinkToken = z.string().min(1, 'Open the link from the mail.').max(maxLinkTokenLength);
const users = '/api/v1/users';

export const addressRoutes = {
  getEmail: route({
    method: 'GET',
    path: `${users}/email`,
    response: AddressStatus,
    auth: 'user',
    summary: 'Get your e-mail address, whether it is verified, and the change of it that is in progress.',
  }),
  resendVerification: route({
    method: 'POST',
    path: `${users}/email/verification`,
    response: nothing,
    status: 204,
    auth: 'user',
    summary: 'Mail another link that verifies your e-mail address. Does nothing when it is verified.',
  }),
  verifyEmail: route({
    method: 'POST',
    path: `${users}/email/verify`,
    body: z.object({ token: LinkToken }),
    response: z.object({ email: z.string() }),
    auth: 'none',
    summary: 'Verify an e-mail address with the token of a mailed link, which works once.',
  }),
  changeEmail: route({
    method: 'PUT',
    path: `${users}/email`,
    body: z.object({ email: Email, currentPassword: GivenPassword.optional().describe('Required if the account has a password; otherwise the login must have been confirmed in the last ten minutes.') }),
    response: AddressStatus,
    auth: 'user',
    summary: 'Begin to change your e-mail address. It changes when the links that are mailed to the old and to the new address are opened.',
  }),
  cancelEmailChange: route({
    method: 'DELETE',
    path: `${users}/email/change`,
    response: AddressStatus,
    auth: 'user',
    summary: 'Cancel the change of your e-mail address.',
  }),
  confirmEmailChange: route({
    method: 'POST',
    path: `${users}/email/confirm`,
    body: z.object({ token: LinkToken }),
    response: z.object({ isComplete: z.boolean().describe('False: the other address has to be confirmed, too.') }),
    auth: 'none',
    summary: 'Confirm a change of address with the token of a mailed link, which works once.',
  }),
  forgotPassword: route({
    method: 'POST',
    path: `${users}/password/forgot`,
    body: z.object({ email: Email }),
    response: nothing,
    status: 204,
    auth: 'none',
    summary: 'Mail a link to set a new password. The response is the same whether there is an account or not.',
  }),
  resetPassword: route({
    method: 'POST',
    path: `${users}/password/reset`,
    body: z.object({ token: LinkToken, password: NewPassword, revokesCalendarFeeds: z.boolean().default(false).describe('Also revoke all calendar feeds of the account.') }),
    response: nothing,
    status: 204,
    auth: 'none',
    summary: 'Set a new password with the token of a mailed link, which works once. All logins and access tokens of the account end.',
  }),
  createAccountLink: route({
    method: 'POST',
    path: `${users}/:userId/links`,
    params: z.object({ userId: UserId }),
    body: z.object({ purpose: z.enum(['resetPassword', 'verifyEmail']) }),
    response: z.object({ url: z.string().describe('Whoever has it can use it, once.'), expiresAt: Instant }),
    status: 201,
    auth: 'admin',
    summary: 'On a site that sends no mail: create the link that would be mailed to a person, to hand it over in another way. 409 on a site that sends mails.',
  }),
};
