import { Secret, TOTP } from 'otpauth';
import * as z from 'zod';
import { CodedError, UserId } from '#engine/contract';
import { toInstant } from '#engine/kernel';
import type { Clock, Sealer } from '#engine/kernel';
import type { Caller, OneTimeTokens, TokenKind } from '../access/index.ts';
import { stepTokenMs, totpSecretBytes, totpWindow } from '../limits.ts';
import type { FactorStore } from './FactorStore.ts';

const offer = { purpose: 'totp', data: z.object({ userId: UserId, secret: z.string() }), lifetimeMs: stepTokenMs } satisfies TokenKind<z.ZodType>;

export interface AuthenticatorAppsOptions {
  store: FactorStore;
  tokens: OneTimeTokens;
  sealer: Sealer;
  clock: Clock;
}

/** The codes of authenticator apps: RFC 6238 with the parameters that every app knows (SHA-1, six digits, 30 s). */
export class AuthenticatorApps {
  readonly #options: AuthenticatorAppsOptions;

  constructor(options: AuthenticatorAppsOptions) {
    this.#options = options;
  }

  /** A new secret. Nothing is stored before `add`. */
  offer({ userId, email }: Caller): { token: string; secret: string; uri: string } {
    const secret = new Secret({ size: totpSecretBytes }).base32;
    const { token } = this.#options.tokens.issue(offer, { userId, secret });
    return { token, secret, uri: totpOf(secret, email).toString() };
  }

  /** Stores an offered secret, when its code shows that the app has it. @throws CodedError `challenge.invalid`, `secondFactor.wrong`, `secondFactor.exists` */
  async add(userId: UserId, token: string, code: string): Promise<void> {
    const { store, tokens, sealer, clock } = this.#options;
    const opened = tokens.open(offer, token);
    if (opened.data.userId !== userId) throw new CodedError('challenge.invalid', 'This step belongs to another account. Start again.');
    const step = this.#stepOf(opened.data.secret, code);
    if (step === undefined) throw wrongCode('This code is wrong. Enter the current code of the app, and check the clock of your phone.');
    await tokens.spend(offer, opened);
    await store.addTotp({ _id: userId, sealedSecret: sealer.seal(opened.data.secret, contextOf(userId)), lastStep: step, createdAt: toInstant(clock.nowMs()) });
  }

  /** Uses up a code. @throws CodedError `secondFactor.wrong` also for a code that was used, or one before it */
  async use(userId: UserId, code: string): Promise<void> {
    const { store, sealer } = this.#options;
    const row = await store.findTotp(userId);
    const step = row && this.#stepOf(sealer.unseal(row.sealedSecret, contextOf(userId)), code);
    if (step === undefined) throw wrongCode('This code is wrong. Enter the current code of the app.');
    if (!(await store.useStep(userId, step))) throw wrongCode('This code was used before. Wait for the next one.');
  }

  /** The time step of the code, if it is one of those that are accepted now. */
  #stepOf(secret: string, code: string): number | undefined {
    const timestamp = this.#options.clock.nowMs();
    const totp = totpOf(secret, '');
    const delta = totp.validate({ token: code, timestamp, window: totpWindow });
    return delta === null ? undefined : totp.counter({ timestamp }) + delta;
  }
}

/** The label is what the app shows for this account. */
function totpOf(secret: string, label: string): TOTP {
  return new TOTP({ issuer: 'Lectern', label, secret: Secret.fromBase32(secret), algorithm: 'SHA1', digits: 6, period: 30 });
}

function contextOf(userId: UserId): string {
  return `totp ${userId}`;
}

function wrongCode(message: string): CodedError {
  return new CodedError('secondFactor.wrong', message);
}
