// Responsible for the signed part of media URLs. A viewer gets the same URL of a recording again for a while, so that the
// browser's cache knows a poster that a page requests every few seconds. Owns the tokens that it has signed.
import { LRUCache } from 'lru-cache';
import type { LectureId, RecordingId, UserId } from '#engine/contract';
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

interface Viewing {
  userId: UserId;
  loginId: string;
  lectureId: LectureId;
  recordingId: RecordingId;
}

export class MediaTokens {
  readonly #options: MediaTokensOptions;
  readonly #signed = new LRUCache<string, MediaToken>({ max: maxRememberedMediaTokens });

  constructor(options: MediaTokensOptions) {
    this.#options = options;
  }

  /** Valid for at least three quarters of the lifetime. */
  of({ userId, loginId, lectureId, recordingId }: Viewing): MediaToken {
    const { tokens, clock, lifetimeSeconds } = this.#options;
    const key = `${userId} ${loginId} ${recordingId}`;
    const lifetimeMs = lifetimeSeconds * 1000;
    const nowMs = clock.nowMs();
    const known = this.#signed.get(key);
    if (known && known.expiresAtMs - nowMs > lifetimeMs * (1 - mediaTokenReuse)) return known;
    const signed = { token: tokens.sign('playback', { userId, loginId, lectureId, recordingId }, lifetimeSeconds), expiresAtMs: nowMs + lifetimeMs };
    this.#signed.set(key, signed);
    return signed;
  }
}
