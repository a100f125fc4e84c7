import { createHmac, timingSafeEqual } from 'node:crypto';

/**
 * Issues and reads refresh tokens: `<login id>.<generation>.<HMAC-SHA-256 of both>`. The key is not in the database, so
 * reading the database is not enough to log in. The HMAC shows whether a token is forged, so used tokens need not be stored.
 */
export class RefreshTokens {
  readonly #key: string;

  constructor(key: string) {
    this.#key = key;
  }

  issue(loginId: string, generation: number): string {
    return `${loginId}.${generation}.${this.#mac(loginId, generation)}`;
  }

  /** Undefined for a forged token. */
  read(token: string): { loginId: string; generation: number } | undefined {
    const match = /^(lgn_[0-9a-z]{20})\.([1-9]\d{0,9})\.([\w-]{43})$/.exec(token);
    if (!match) return undefined;
    const [, loginId = '', generation = '', mac = ''] = match;
    const isGenuine = timingSafeEqual(Buffer.from(mac), Buffer.from(this.#mac(loginId, Number(generation))));
    return isGenuine ? { loginId, generation: Number(generation) } : undefined;
  }

  #mac(loginId: string, generation: number): string {
    return createHmac('sha256', this.#key).update(`refresh\n${loginId}\n${generation}`).digest('base64url');
  }
}
