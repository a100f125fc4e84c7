// Responsible for the signed part of media URLs. A viewer gets the same URL of a video again for a while, so that the
// browser's cache knows a poster that a page requests every few seconds. Owns the tokens that it has signed.
import { LRUCache } from 'lru-cache';
import type { PlaybackClaims } from '#engine/contract';
import type { Clock, TokenSigner } from '#engine/kernel';
import { maxRememberedMediaTokens, mediaTokenReuse } from '../limits.ts';

export interface MediaTokensOptions {
  tokens: TokenSigner;
  clock: Clock;
  /** Seconds for which a token is valid. */
  lifetimeSeconds: number;
}

export interface MediaToken {
  token: string;
  expiresAtMs: number;
}

export class MediaTokens {
  readonly #options: MediaTokensOptions;
  readonly #signed = new LRUCache<string, MediaToken>({ max: maxRememberedMediaTokens });

  constructor(options: MediaTokensOptions) {
    this.#options = options;
  }

  /** Valid for at least three quarters of the lifetime. */
  of({ videoId, recordingId, viewer }: PlaybackClaims): MediaToken {
    const { tokens, clock, lifetimeSeconds } = this.#options;
    const key = `${'linkId' in viewer ? viewer.linkId : `${viewer.userId} ${viewer.loginId}`} ${videoId}`;
    const lifetimeMs = lifetimeSeconds * 1000;
    const nowMs = clock.nowMs();
    const known = this.#signed.get(key);
    if (known && known.expiresAtMs - nowMs > lifetimeMs * (1 - mediaTokenReuse)) return known;
    const signed = { token: tokens.sign('playback', { videoId, recordingId, viewer }, lifetimeSeconds), expiresAtMs: nowMs + lifetimeMs };
    this.#signed.set(key, signed);
    return signed;
  }
}
