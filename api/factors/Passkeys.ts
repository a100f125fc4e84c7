import { generateAuthenticationOptions, generateRegistrationOptions, verifyAuthenticationResponse, verifyRegistrationResponse } from '@simplewebauthn/server';
import * as z from 'zod';
import { CodedError, UserId } from '#engine/contract';
import { toInstant } from '#engine/kernel';
import type { Clock, Logger } from '#engine/kernel';
import type { Caller, Client, OneTimeTokens, TokenKind } from '../access/index.ts';
import { maxPasskeysPerAccount } from '../contract/index.ts';
import type { Passkey, PasskeyAnswer, PasskeyRegistration } from '../contract/index.ts';
import { stepTokenMs } from '../limits.ts';
import type { FactorStore, PasskeyRow } from './FactorStore.ts';

/** EdDSA, ES256 and RS256 (RFC 9053 §2, RFC 8812 §2): every authenticator has one of them. */
const supportedAlgorithmIDs = [-8, -7, -257];

const ceremony = z.object({ challenge: z.string(), origin: z.string() });
const assertionOffer = { purpose: 'passkey', data: ceremony, lifetimeMs: stepTokenMs } satisfies TokenKind<z.ZodType>;
const registrationOffer = { purpose: 'new passkey', data: ceremony.extend({ userId: UserId }), lifetimeMs: stepTokenMs } satisfies TokenKind<z.ZodType>;

export interface PasskeysOptions {
  store: FactorStore;
  tokens: OneTimeTokens;
  clock: Clock;
  logger: Logger;
}

/**
 * Registers and checks passkeys (Web Authentication Level 3). A passkey verifies its user by a fingerprint, a face or a PIN, so it
 * counts as two factors; and it can name its account, so it needs no e-mail address.
 */
export class Passkeys {
  readonly #options: PasskeysOptions;

  constructor(options: PasskeysOptions) {
    this.#options = options;
  }

  /** @throws CodedError `passkey.exists` when the account has as many as it may have */
  async offerRegistration(caller: Caller, { origin }: Client): Promise<{ token: string; options: Record<string, unknown> }> {
    const known = await this.#options.store.passkeysOf(caller.userId);
    if (known.length >= maxPasskeysPerAccount) throw new CodedError('passkey.exists', `An account has at most ${maxPasskeysPerAccount} passkeys. Remove one first.`);
    const options = await generateRegistrationOptions({
      rpName: 'Lectern',
      rpID: rpIdOf(origin),
      userID: new TextEncoder().encode(caller.userId),
      userName: caller.email,
      userDisplayName: caller.displayName,
      timeout: stepTokenMs,
      supportedAlgorithmIDs,
      excludeCredentials: known.map(({ credentialId, transports }) => ({ id: credentialId, transports })),
      authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
    });
    const { token } = this.#options.tokens.issue(registrationOffer, { challenge: options.challenge, origin, userId: caller.userId });
    return { token, options: { ...options } };
  }

  /** @throws CodedError `challenge.invalid`, `passkey.wrong`, `passkey.exists` */
  async register(userId: UserId, { token, name, registration }: { token: string; name: string; registration: PasskeyRegistration }): Promise<PasskeyRow> {
    const { store, tokens, clock } = this.#options;
    const offered = await tokens.redeem(registrationOffer, token);
    if (offered.userId !== userId) throw new CodedError('challenge.invalid', 'This step belongs to another account. Start again.');
    const response = { ...registration, clientExtensionResults: {} };
    const checked = await this.#check(() =>
      verifyRegistrationResponse({ response, supportedAlgorithmIDs, expectedChallenge: offered.challenge, expectedOrigin: offered.origin, expectedRPID: rpIdOf(offered.origin) }),
    );
    if (!checked.registrationInfo) throw notAccepted();
    const { credential, credentialBackedUp } = checked.registrationInfo;
    return store.addPasskey({
      userId,
      credentialId: credential.id,
      publicKey: Buffer.from(credential.publicKey).toString('base64url'),
      counter: credential.counter,
      transports: registration.response.transports ?? [],
      name,
      createdAt: toInstant(clock.nowMs()),
      lastUsedAt: null,
      isSynced: credentialBackedUp,
    });
  }

  /** For any account: the passkey names it. */
  async offerAssertion({ origin }: Client): Promise<{ token: string; options: Record<string, unknown> }> {
    const options = await generateAuthenticationOptions({ rpID: rpIdOf(origin), userVerification: 'required', timeout: stepTokenMs });
    const { token } = this.#options.tokens.issue(assertionOffer, { challenge: options.challenge, origin });
    return { token, options: { ...options } };
  }

  /** The account whose passkey has answered. @throws CodedError `challenge.invalid`, `passkey.wrong` */
  async verify({ token, assertion }: PasskeyAnswer): Promise<UserId> {
    const { store, tokens, clock } = this.#options;
    const offered = await tokens.redeem(assertionOffer, token);
    const row = await store.findPasskey(assertion.id);
    if (!row) throw new CodedError('passkey.wrong', 'This passkey is not on any account here. It may have been removed.');
    const userId = UserId.parse(row.userId);
    const response = { ...assertion, clientExtensionResults: {} };
    const { verified, authenticationInfo } = await this.#check(() =>
      verifyAuthenticationResponse({
        response,
        expectedChallenge: offered.challenge,
        expectedOrigin: offered.origin,
        expectedRPID: rpIdOf(offered.origin),
        credential: { id: row.credentialId, publicKey: new Uint8Array(Buffer.from(row.publicKey, 'base64url')), counter: row.counter, transports: row.transports },
      }),
    );
    if (!verified) throw notAccepted();
    const change = { counter: authenticationInfo.newCounter, lastUsedAt: toInstant(clock.nowMs()), isSynced: authenticationInfo.credentialBackedUp };
    await store.updatePasskey({ passkeyId: row._id, userId }, change);
    return userId;
  }

  /** The library throws plain errors at whatever is wrong with an answer. */
  async #check<T>(verify: () => Promise<T>): Promise<T> {
    try {
      return await verify();
    } catch (err) {
      this.#options.logger.info({ detail: err instanceof Error ? err.message.slice(0, 200) : '' }, 'passkey.refused');
      throw notAccepted(err);
    }
  }
}

/** The passkey as the contract describes it. */
export function passkeyView({ _id, name, createdAt, lastUsedAt, isSynced }: PasskeyRow): Passkey {
  return { id: _id, name, createdAt, lastUsedAt, isSynced };
}

/** Web Authentication Level 3 §4: the domain of the pages. */
function rpIdOf(origin: string): string {
  return new URL(origin).hostname;
}

function notAccepted(cause?: unknown): CodedError {
  return new CodedError('passkey.wrong', 'This passkey was not accepted. Try again, or sign in another way.', { cause });
}
