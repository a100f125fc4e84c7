// Responsible for the tokens between two steps of one procedure: a login that waits for its second factor, a passkey that a browser
// is asked for, a sign-in that has left for a provider. The token holds what the second step needs, so no process has to remember it.
import * as z from 'zod';
import { CodedError } from '#engine/contract';
import { newId, toInstant } from '#engine/kernel';
import type { Clock, OneTimeTickets, Sealer } from '#engine/kernel';
import { clockDifferenceMs } from '../limits.ts';

/** A kind of token. A token of one purpose is invalid for another. */
export interface TokenKind<S extends z.ZodType> {
  purpose: string;
  data: S;
  lifetimeMs: number;
}

export interface OpenedToken<T> {
  id: string;
  data: T;
}

export interface OneTimeTokensOptions {
  sealer: Sealer;
  tickets: OneTimeTickets;
  clock: Clock;
}

/** Issues and opens sealed tokens: encrypted, bound to a purpose, short-lived, and valid once on the whole site. */
export class OneTimeTokens {
  readonly #options: OneTimeTokensOptions;

  constructor(options: OneTimeTokensOptions) {
    this.#options = options;
  }

  issue<S extends z.ZodType>(kind: TokenKind<S>, data: z.input<S>): { token: string; expiresAt: string } {
    const expiresAtMs = this.#options.clock.nowMs() + kind.lifetimeMs;
    const text = JSON.stringify({ id: newId('otk'), expiresAtMs, data });
    return { token: this.#options.sealer.seal(text, contextOf(kind)), expiresAt: toInstant(expiresAtMs) };
  }

  /** The contents of a token that is not used yet, as far as this can be known before `spend`. @throws CodedError `challenge.invalid` */
  open<S extends z.ZodType>(kind: TokenKind<S>, token: string): OpenedToken<z.output<S>> {
    const { id, expiresAtMs, data } = Sealed.parse(this.#unseal(kind, token));
    if (expiresAtMs <= this.#options.clock.nowMs()) throw invalid();
    return { id, data: kind.data.parse(data) };
  }

  /** Uses a token up. @throws CodedError `challenge.invalid` for all but the first caller on the site */
  async spend({ lifetimeMs }: Pick<TokenKind<z.ZodType>, 'lifetimeMs'>, { id }: Pick<OpenedToken<unknown>, 'id'>): Promise<void> {
    if (!(await this.#options.tickets.use(id, lifetimeMs + clockDifferenceMs))) throw invalid();
  }

  /** Opens a token and uses it up. @throws CodedError `challenge.invalid` */
  async redeem<S extends z.ZodType>(kind: TokenKind<S>, token: string): Promise<z.output<S>> {
    const opened = this.open(kind, token);
    await this.spend(kind, opened);
    return opened.data;
  }

  #unseal(kind: TokenKind<z.ZodType>, token: string): unknown {
    try {
      return JSON.parse(this.#options.sealer.unseal(token, contextOf(kind)));
    } catch (cause) {
      throw invalid(cause);
    }
  }
}

const Sealed = z.object({ id: z.string(), expiresAtMs: z.number(), data: z.unknown() });

function contextOf({ purpose }: Pick<TokenKind<z.ZodType>, 'purpose'>): string {
  return `step ${purpose}`;
}

function invalid(cause?: unknown): CodedError {
  return new CodedError('challenge.invalid', 'This took too long or was used before. Start again.', { cause });
}
