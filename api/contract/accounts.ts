import * as z from 'zod';
import { cleanLine, ImageId, Instant, RecordId, SiteRole, UserId } from '#engine/contract';
import { imageUpload } from './images.ts';
import { isCommonPassword } from './isCommonPassword.ts';
import { accountPageSize, maxAccountPageSize, maxDisplayNameLength, maxEmailLength, maxPasswordLength, maxReasonLength, maxSearchLength, minPasswordLength } from './limits.ts';
import { Language, TimeZone } from './preferences.ts';
import { mixesAlphabets, plainEmail } from './lookAlikes.ts';
import { nothing, route, UploadBody } from './route.ts';
import { typedLine, typedNote } from './text.ts';

/** At most 64 characters before the @ (RFC 5321 §4.5.3.1.1), and labels of at most 63 after it (RFC 1035 §2.3.4). */
const emailPattern = /^(?=[^@]{1,64}@)(?:[A-Za-z0-9_'+-]+\.)*[A-Za-z0-9_'+-]*[A-Za-z0-9_+-]@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,63}$/;

/**
 * Compatible forms become one address; a domain in other letters is stored as its ASCII form, which shows what it is. The `meta` is
 * for the OpenAPI document, which describes what is sent.
 */
export const Email = z
  .string()
  .overwrite(plainEmail)
  .max(maxEmailLength)
  .meta({ format: 'email', pattern: emailPattern.source })
  .refine((email) => !mixesAlphabets(email), 'Use letters of one alphabet in an email address: some letters of different alphabets look alike.')
  .pipe(z.email({ pattern: emailPattern, error: 'Enter an email address, like name@example.org.' }));
export const DisplayName = typedLine({ max: maxDisplayNameLength, empty: 'Enter a name.' })
  .overwrite((name) => cleanLine(name.normalize('NFKC')))
  .refine((name) => !mixesAlphabets(name), 'Use letters of one alphabet in each word of a name: some letters of different alphabets look alike.');
export const NewPassword = z
  .string()
  .min(minPasswordLength, `At least ${minPasswordLength} characters.`)
  .max(maxPasswordLength, `At most ${maxPasswordLength} characters.`)
  // The part of `isCommonPassword` that a schema can say.
  .meta({ format: 'password', not: { pattern: String.raw`^(.{1,4})\1+$` }, examples: ['three boats on a lake'] })
  .refine((password) => !isCommonPassword(password), 'This password is among the first that others try. Choose a less usual one, like a few words.');
export const GivenPassword = z.string().min(1, 'Enter the password.').max(maxPasswordLength);

/** An account, as its owner and an administrator see it. */
export const Account = z.object({
  id: UserId,
  email: z.string(),
  isEmailVerified: z.boolean().describe('An address counts as somebody\'s when its owner has opened the link that was mailed to it.'),
  displayName: z.string(),
  avatarId: ImageId.nullable().describe('The picture of the person; null without one.'),
  language: Language.nullable().describe('The language that the person has chosen; null: that of the browser.'),
  timeZone: z.string().nullable().describe('The IANA time zone in which the person reads times; null: that of the browser.'),
  roles: z.array(SiteRole),
  createdAt: Instant,
  isDeactivated: z.boolean(),
  eraseAfter: Instant.nullable().describe('When the account is erased, because its owner has deactivated it; null otherwise.'),
});
export type Account = z.infer<typeof Account>;

/** The result of logging in. The refresh token is set beside it, in a cookie that scripts cannot read. */
export const SignedIn = z.object({
  accessToken: z.string().describe('For `Authorization: Bearer`; keep it in memory only.'),
  expiresAt: Instant,
  account: Account,
});
export type SignedIn = z.infer<typeof SignedIn>;

/** A browser or device in which the account is logged in. */
export const Login = z.object({
  id: RecordId,
  createdAt: Instant,
  lastUsedAt: Instant,
  expiresAt: Instant,
  userAgent: z.string(),
  address: z.string(),
  isCurrent: z.boolean(),
});
export type Login = z.infer<typeof Login>;

const Preferences = z.object({
  language: Language.nullable().optional(),
  timeZone: TimeZone.nullable().optional(),
});
const Signup = z.object({ email: Email, displayName: DisplayName, password: NewPassword }).extend(Preferences.shape);
const SiteRoles = z.array(SiteRole).min(1, 'At least one role.').max(3);
const UserParams = z.object({ userId: UserId });
const accounts = '/api/v1/users';

export const setupRoutes = {
  getSetup: route({
    method: 'GET',
    path: '/api/v1/setup',
    response: z.object({ isNeeded: z.boolean() }),
    auth: 'none',
    summary: 'Whether the first account has to be created.',
  }),
  completeSetup: route({
    method: 'POST',
    path: '/api/v1/setup',
    body: Signup.extend({ token: z.string().min(1, 'Open the setup link from the terminal.').max(200) }),
    response: SignedIn,
    status: 201,
    auth: 'none',
    summary: 'Create the first account, which is administrator and instructor. Requires the one-time token that the server prints when it starts.',
  }),
};

export const accountRoutes = {
  signup: route({
    method: 'POST',
    path: `${accounts}/signup`,
    aliases: ['/api/v1/auth/register'],
    body: Signup,
    response: SignedIn,
    status: 201,
    auth: 'none',
    summary: 'Create an account and log in.',
  }),
  login: route({
    method: 'POST',
    path: `${accounts}/login`,
    aliases: ['/api/v1/auth/login'],
    body: z.object({ email: Email, password: GivenPassword }),
    response: SignedIn,
    auth: 'none',
    summary: 'Log in.',
  }),
  refresh: route({
    method: 'POST',
    path: `${accounts}/refresh`,
    response: SignedIn,
    auth: 'none',
    summary: 'Exchange the refresh cookie for a new access token and a new refresh cookie. Requires the header `X-Lectern-Client`.',
  }),
  logout: route({
    method: 'POST',
    path: `${accounts}/logout`,
    response: nothing,
    status: 204,
    auth: 'none',
    summary: 'Log out: end the login that the refresh cookie belongs to. Requires the header `X-Lectern-Client`.',
  }),
  getProfile: route({
    method: 'GET',
    path: `${accounts}/profile`,
    response: Account,
    auth: 'user',
    summary: 'Get your account.',
  }),
  updateProfile: route({
    method: 'PUT',
    path: `${accounts}/profile/update`,
    body: z
      .object({ displayName: DisplayName.optional(), password: NewPassword.optional(), currentPassword: GivenPassword.optional() })
      .extend(Preferences.shape)
      .refine((body) => body.password === undefined || body.currentPassword !== undefined, {
        path: ['currentPassword'],
        message: 'Enter your current password to set a new one.',
      })
      .meta({ anyOf: [{ required: ['currentPassword'] }, { not: { required: ['password'] } }] }),
    response: Account,
    auth: 'user',
    summary: 'Change your name, language, time zone or password. A new password ends all your other logins and your access tokens; calendar feeds stay.',
  }),
  setAvatar: route({
    method: 'PUT',
    path: `${accounts}/profile/avatar`,
    body: UploadBody,
    upload: imageUpload,
    response: Account,
    auth: 'user',
    summary: 'Set your picture. It is cropped to a square around its centre, and its metadata is removed.',
  }),
  deleteAvatar: route({
    method: 'DELETE',
    path: `${accounts}/profile/avatar`,
    response: Account,
    auth: 'user',
    summary: 'Remove your picture.',
  }),
  deactivate: route({
    method: 'DELETE',
    path: `${accounts}/deactivate`,
    response: nothing,
    status: 204,
    auth: 'user',
    summary: 'Deactivate your account. All logins end. Logging in within 30 days undoes it; after that, everything personal is erased.',
  }),
  listLogins: route({
    method: 'GET',
    path: `${accounts}/logins`,
    response: z.object({ logins: z.array(Login) }),
    auth: 'user',
    summary: 'List your logins.',
  }),
  endLogin: route({
    method: 'DELETE',
    path: `${accounts}/logins/:loginId`,
    params: z.object({ loginId: RecordId }),
    response: nothing,
    status: 204,
    auth: 'user',
    summary: 'End one of your logins.',
  }),
  listUsers: route({
    method: 'GET',
    path: accounts,
    query: z.object({
      search: z.string().trim().max(maxSearchLength).optional().describe('Part of the e-mail address or name.'),
      limit: z.coerce.number<number>().int().min(1).max(maxAccountPageSize).default(accountPageSize),
      offset: z.coerce.number<number>().int().min(0).default(0),
    }),
    response: z.object({ users: z.array(Account), total: z.number().int() }),
    auth: 'admin',
    summary: 'List or search all accounts.',
  }),
  createUser: route({
    method: 'POST',
    path: accounts,
    body: Signup.extend({ roles: SiteRoles.default(['student']) }),
    response: Account,
    status: 201,
    auth: 'admin',
    summary: 'Create an account for someone else, also when sign-up is closed.',
  }),
  setUserRoles: route({
    method: 'PUT',
    path: `${accounts}/:userId/roles`,
    params: UserParams,
    body: z.object({ roles: SiteRoles }),
    response: Account,
    auth: 'admin',
    summary: 'Set the site roles of an account.',
  }),
  setUserActive: route({
    method: 'PUT',
    path: `${accounts}/:userId/active`,
    params: UserParams,
    body: z.object({ isActive: z.boolean(), reason: typedNote(maxReasonLength).optional().describe('For the audit log.') }),
    response: Account,
    auth: 'admin',
    summary: 'Deactivate or reactivate an account. Deactivating ends its logins, and its rights in courses.',
  }),
};
