import * as z from 'zod';
import { Instant, RecordId, UserId } from '#engine/contract';
import { GivenPassword, NewPassword, SignedIn } from './accounts.ts';
import { maxPasskeyNameLength } from './limits.ts';
import { nothing, route } from './route.ts';
import { typedLine } from './text.ts';

const users = '/api/v1/users';

/** A sealed, short-lived token for the next step. It is valid once, and for this step only. */
export const StepToken = z.string().min(1).max(8000).describe('From the answer of the step before. Valid once, for a few minutes.');

const Base64Url = (maxLength: number) => z.string().min(1).max(maxLength).regex(/^[\w-]+$/, 'must be base64url');
/** Web Authentication §5.1.3: a credential id has at most 1023 bytes. */
const CredentialId = Base64Url(1364);
/** Larger than what any authenticator sends. */
const maxAuthenticatorText = 20_000;

/** PublicKeyCredentialRequestOptionsJSON or PublicKeyCredentialCreationOptionsJSON of Web Authentication. */
export const PasskeyOptions = z.record(z.string(), z.unknown()).describe('Options for `navigator.credentials`, as JSON (Web Authentication Level 3 §5.1.10).');

/** AuthenticationResponseJSON of Web Authentication Level 3 §5.1.8. */
export const PasskeyAssertion = z.object({
  id: CredentialId,
  rawId: CredentialId,
  type: z.literal('public-key'),
  response: z.object({
    clientDataJSON: Base64Url(maxAuthenticatorText),
    authenticatorData: Base64Url(maxAuthenticatorText),
    signature: Base64Url(maxAuthenticatorText),
    userHandle: Base64Url(200).optional(),
  }),
  authenticatorAttachment: z.enum(['platform', 'cross-platform']).optional(),
});
export type PasskeyAssertion = z.infer<typeof PasskeyAssertion>;

/** RegistrationResponseJSON of Web Authentication Level 3 §5.1.8. */
export const PasskeyRegistration = z.object({
  id: CredentialId,
  rawId: CredentialId,
  type: z.literal('public-key'),
  response: z.object({
    clientDataJSON: Base64Url(maxAuthenticatorText),
    attestationObject: Base64Url(maxAuthenticatorText),
    transports: z.array(z.string().max(40)).max(10).optional(),
  }),
  authenticatorAttachment: z.enum(['platform', 'cross-platform']).optional(),
});
export type PasskeyRegistration = z.infer<typeof PasskeyRegistration>;

/** The answer of a passkey to a challenge of the server. */
export const PasskeyAnswer = z.object({ token: StepToken, assertion: PasskeyAssertion });
export type PasskeyAnswer = z.infer<typeof PasskeyAnswer>;

const PasskeyOffer = z.object({ token: StepToken, options: PasskeyOptions });

/** Six digits; people write them in groups. */
export const TotpCode = z.string().max(20).overwrite((code) => code.replace(/\s/g, '')).regex(/^\d{6}$/, 'Enter the six digits.');
const RecoveryCode = z.string().trim().min(1, 'Enter a recovery code.').max(60);

export const SecondFactorMethod = z.enum(['totp', 'passkey', 'recoveryCode']);
export type SecondFactorMethod = z.infer<typeof SecondFactorMethod>;

/** The `details` of `secondFactor.required`. */
export const SecondFactorChallenge = z.object({ challenge: StepToken, methods: z.array(SecondFactorMethod), expiresAt: Instant });
export type SecondFactorChallenge = z.infer<typeof SecondFactorChallenge>;

export const PasskeyName = typedLine({ max: maxPasskeyNameLength, empty: 'Enter a name.' });
export const Passkey = z.object({
  id: RecordId,
  name: z.string(),
  createdAt: Instant,
  lastUsedAt: Instant.nullable(),
  isSynced: z.boolean().describe('Kept by a password manager on several devices.'),
});
export type Passkey = z.infer<typeof Passkey>;

/** An account at another site with which this account signs in. */
export const LinkedIdentity = z.object({
  id: RecordId,
  providerId: z.string().nullable().describe('Null when the site no longer has this provider.'),
  providerName: z.string(),
  email: z.string().nullable(),
  linkedAt: Instant,
  lastUsedAt: Instant.nullable(),
});
export type LinkedIdentity = z.infer<typeof LinkedIdentity>;

export const Security = z.object({
  hasPassword: z.boolean(),
  totp: z.object({ createdAt: Instant }).nullable(),
  passkeys: z.array(Passkey),
  recoveryCodesLeft: z.number().int(),
  identities: z.array(LinkedIdentity),
  isConfirmed: z.boolean().describe('A password, a passkey or a provider was checked in this login within the last ten minutes.'),
});
export type Security = z.infer<typeof Security>;

/** `recoveryCodes`: shown once; null when the account has codes already. */
const NewRecoveryCodes = z.object({ recoveryCodes: z.array(z.string()).nullable() });
const PasskeyParams = z.object({ passkeyId: RecordId });

export const secondFactorRoutes = {
  completeLogin: route({
    method: 'POST',
    path: `${users}/login/second-factor`,
    body: z.object({
      challenge: StepToken,
      proof: z.union([z.object({ code: TotpCode }), z.object({ recoveryCode: RecoveryCode }), z.object({ passkey: PasskeyAnswer })], { error: 'Enter the code.' }),
    }),
    response: SignedIn,
    auth: 'none',
    summary: 'Complete a login that was answered with `secondFactor.required`: with the code of an authenticator app, a recovery code or a passkey.',
  }),
  offerPasskeyLogin: route({
    method: 'POST',
    path: `${users}/login/passkey/options`,
    response: PasskeyOffer,
    auth: 'none',
    summary: 'Get the options with which a browser asks for a passkey.',
  }),
  loginWithPasskey: route({
    method: 'POST',
    path: `${users}/login/passkey`,
    body: PasskeyAnswer,
    response: SignedIn,
    auth: 'none',
    summary: 'Log in with a passkey, without a password.',
  }),
  confirmLogin: route({
    method: 'POST',
    path: `${users}/login/confirm`,
    body: z.union([z.object({ password: GivenPassword }), z.object({ passkey: PasskeyAnswer })]),
    response: nothing,
    status: 204,
    auth: 'user',
    summary: 'Confirm with your password or a passkey that it is you. Changes of second factors and linked accounts need it for ten minutes after.',
  }),
  getSecurity: route({
    method: 'GET',
    path: `${users}/security`,
    response: Security,
    auth: 'user',
    summary: 'Get how your account signs in: password, second factors, passkeys and linked accounts.',
  }),
  setPassword: route({
    method: 'PUT',
    path: `${users}/password`,
    body: z.object({ password: NewPassword }),
    response: nothing,
    status: 204,
    auth: 'user',
    summary: 'Set the first password of an account that signs in without one. Ends all your other logins.',
  }),
  offerTotp: route({
    method: 'POST',
    path: `${users}/second-factor/totp/options`,
    response: z.object({ token: StepToken, secret: z.string().describe('Base32, to be typed in.'), uri: z.string().describe('`otpauth://totp/…`, for a QR code.') }),
    auth: 'user',
    summary: 'Get a secret for an authenticator app. It is stored when its first code is confirmed.',
  }),
  addTotp: route({
    method: 'PUT',
    path: `${users}/second-factor/totp`,
    body: z.object({ token: StepToken, code: TotpCode }),
    response: NewRecoveryCodes,
    auth: 'user',
    summary: 'Turn on the authenticator app, with its first code.',
  }),
  removeTotp: route({
    method: 'DELETE',
    path: `${users}/second-factor/totp`,
    response: nothing,
    status: 204,
    auth: 'user',
    summary: 'Turn off the authenticator app.',
  }),
  offerPasskey: route({
    method: 'POST',
    path: `${users}/passkeys/options`,
    response: PasskeyOffer,
    auth: 'user',
    summary: 'Get the options with which a browser creates a passkey.',
  }),
  addPasskey: route({
    method: 'POST',
    path: `${users}/passkeys`,
    body: z.object({ token: StepToken, name: PasskeyName, registration: PasskeyRegistration }),
    response: NewRecoveryCodes.extend({ passkey: Passkey }),
    status: 201,
    auth: 'user',
    summary: 'Add a passkey. A login with the password then needs a second factor.',
  }),
  renamePasskey: route({
    method: 'PUT',
    path: `${users}/passkeys/:passkeyId`,
    params: PasskeyParams,
    body: z.object({ name: PasskeyName }),
    response: Passkey,
    auth: 'user',
    summary: 'Rename one of your passkeys.',
  }),
  removePasskey: route({
    method: 'DELETE',
    path: `${users}/passkeys/:passkeyId`,
    params: PasskeyParams,
    response: nothing,
    status: 204,
    auth: 'user',
    summary: 'Remove one of your passkeys.',
  }),
  replaceRecoveryCodes: route({
    method: 'POST',
    path: `${users}/second-factor/recovery-codes`,
    response: z.object({ recoveryCodes: z.array(z.string()) }),
    auth: 'user',
    summary: 'Get new recovery codes. The earlier ones are no longer valid.',
  }),
  resetSecondFactor: route({
    method: 'DELETE',
    path: `${users}/:userId/second-factor`,
    params: z.object({ userId: UserId }),
    response: nothing,
    status: 204,
    auth: 'admin',
    summary: 'Remove the authenticator app, passkeys and recovery codes of somebody who has lost them, and end their logins.',
  }),
  endOtherLogins: route({
    method: 'DELETE',
    path: `${users}/logins`,
    response: nothing,
    status: 204,
    auth: 'user',
    summary: 'End all your logins but this one, and all your access tokens. Calendar feeds stay.',
  }),
};
