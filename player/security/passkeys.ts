import { browserSupportsWebAuthn, startAuthentication, startRegistration, WebAuthnError } from '@simplewebauthn/browser';
import type { PasskeyAnswer, PasskeyRegistration } from '#api/contract';
import { PasskeyAssertion, PasskeyRegistration as Registration } from '#api/contract';
import { CodedError } from '#engine/contract';
import { api } from '../app/services.ts';
import { text } from '../text/index.ts';

/** A page on an IP address has no passkeys: they belong to a domain (Web Authentication Level 3 §5.1.3). */
export const canUsePasskeys = browserSupportsWebAuthn() && !/^[\d.]+$|:/.test(location.hostname);

/** Asks the person for a passkey. @throws CodedError `passkey.wrong` when the person cancels */
export async function askForPasskey(): Promise<PasskeyAnswer> {
  const { token, options } = await api.offerPasskeyLogin();
  const given = await ceremony(() => startAuthentication({ optionsJSON: options as unknown as Parameters<typeof startAuthentication>[0]['optionsJSON'] }));
  return { token, assertion: PasskeyAssertion.parse(given) };
}

/** Creates a passkey on this device, or on another one that the person chooses. @throws CodedError `passkey.wrong`, `passkey.exists` */
export async function createPasskey(): Promise<{ token: string; registration: PasskeyRegistration }> {
  const { token, options } = await api.offerPasskey();
  const given = await ceremony(() => startRegistration({ optionsJSON: options as unknown as Parameters<typeof startRegistration>[0]['optionsJSON'] }));
  return { token, registration: Registration.parse(given) };
}

async function ceremony<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (cause) {
    if (cause instanceof WebAuthnError && cause.code === 'ERROR_AUTHENTICATOR_PREVIOUSLY_REGISTERED') throw new CodedError('passkey.wrong', text.security.passkeyExists, { cause });
    throw new CodedError('passkey.wrong', text.security.passkeyCancelled, { cause });
  }
}
