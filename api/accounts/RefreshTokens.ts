import type { MacKeys } from '../access/index.ts';

/**
 * Issues and reads refresh tokens: `<login id>.<generation>.<HMAC-SHA-256 of both>`. The key is not in the database, so
 * reading the database is not enough to log in. The HMAC shows whether a token is forged, so used tokens need not be stored.
 */
export class RefreshTokens {
  readonly #keys: MacKeys;

  constructor(keys: MacKeys) {
    this.#keys = keys;
  }

  issue(loginId: string, generation: number): string {
    return `${loginId}.${generation}.${this.#keys.mac(signed(loginId, generation))}`;
  }

  /** Undefined for a forged token. */
  read(token: string): { loginId: string; generation: number } | undefined {
    const match = /^(lgn_[0-9a-z]{20})\.([1-9]\d{0,9})\.([\w-]{43})$/.exec(token);
    if (!match) return undefined;
    const [, loginId = '', generation = '', mac = ''] = match;
    return this.#keys.isGenuine(mac, signed(loginId, Number(generation))) ? { loginId, generation: Number(generation) } : undefined;
  }
}

function signed(loginId: string, generation: number): string {
  return `refresh\n${loginId}\n${generation}`;
}
