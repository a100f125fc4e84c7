import { createHash, createPrivateKey, createPublicKey } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import jwt from 'jsonwebtoken';
import { LRUCache } from 'lru-cache';
import { CodedError, tokenClaims } from '../contract/index.ts';
import type { TokenAudience, TokenClaims } from '../contract/index.ts';
import type { Clock } from './Clock.ts';
import { maxCachedTokens } from './limits.ts';

const issuer = 'lectern';
/**
 * Audiences whose verified tokens are cached. Browsers send access and playback tokens with every request and segment, and
 * an ES256 check costs more than the rest of such a request. A join ticket is verified only once.
 */
const cachedAudiences: ReadonlySet<TokenAudience> = new Set(['access', 'playback']);

/** A public key on the P-256 curve as a JSON Web Key: RFC 7517 §4 and RFC 7518 §6.2.1. */
export interface PublicJwk {
  kty: string;
  crv: string;
  x: string;
  y: string;
  use: 'sig';
  alg: 'ES256';
  kid: string;
}

/** A key as PEM (PKCS #8), under an id of its own. */
export interface TokenKey {
  id: string;
  value: string;
}

/** The keys of tokens; they change when the site rotates them. `SharedSecret` is one. */
export interface TokenKeys {
  /** It signs. */
  current(): TokenKey;
  /** They verify. */
  accepted(): readonly TokenKey[];
}

interface OpenedKey {
  privateKey: KeyObject;
  publicKey: KeyObject;
  keyId: string;
}

/**
 * Signs and verifies all tokens of Lectern: JSON Web Tokens (RFC 7519) with ES256 (RFC 7518 §3.4). Each audience has its own
 * claims, and a token of one audience is invalid for another.
 */
export class TokenSigner {
  readonly #keys: TokenKeys;
  readonly #clock: Clock;
  /** By the id of the `TokenKey`. */
  readonly #opened = new Map<string, OpenedKey>();
  readonly #verifiedTokens = new LRUCache<string, { claims: object; expiresAtSeconds: number }>({ max: maxCachedTokens });

  /** `keys`: one key that never changes, or those of the site. @throws Error when a key is damaged */
  constructor(keys: KeyObject | TokenKeys, clock: Clock) {
    this.#keys = 'current' in keys ? keys : fixedKey(keys);
    this.#clock = clock;
    this.#open(this.#keys.current());
  }

  /** A signed token that expires `lifetimeSeconds` from now. */
  sign<A extends TokenAudience>(audience: A, claims: TokenClaims<A>, lifetimeSeconds: number): string {
    const iat = Math.floor(this.#clock.nowMs() / 1000);
    const { privateKey, keyId } = this.#open(this.#keys.current());
    return jwt.sign({ ...claims, iat, exp: iat + lifetimeSeconds }, privateKey, {
      algorithm: 'ES256',
      audience,
      issuer,
      keyid: keyId,
    });
  }

  /**
   * Checks signature, issuer, audience, expiry and the schema of the claims, and returns the claims.
   * @throws CodedError `auth.expired` or `auth.invalid`
   */
  verify<A extends TokenAudience>(audience: A, token: string): TokenClaims<A> {
    const clockTimestamp = Math.floor(this.#clock.nowMs() / 1000);
    const key = `${audience} ${token}`;
    const cached = this.#verifiedTokens.get(key);
    if (cached && cached.expiresAtSeconds > clockTimestamp) return cached.claims as TokenClaims<A>;
    try {
      const payload = jwt.verify(token, this.#keyOf(token), { algorithms: ['ES256'], audience, issuer, clockTimestamp });
      const claims = Object.freeze(tokenClaims[audience].parse(payload)) as TokenClaims<A>;
      const { exp } = payload as jwt.JwtPayload;
      if (exp !== undefined && cachedAudiences.has(audience)) this.#verifiedTokens.set(key, { claims, expiresAtSeconds: exp });
      return claims;
    } catch (cause) {
      if (cause instanceof jwt.TokenExpiredError) throw new CodedError('auth.expired', 'This token has expired.', { cause });
      throw new CodedError('auth.invalid', 'This token is not valid.', { cause });
    }
  }

  /** The public keys as a JWK Set (RFC 7517 §5), for `/.well-known/jwks.json`. */
  jwks(): { keys: PublicJwk[] } {
    const keys = this.#keys.accepted().map((key): PublicJwk => {
      const { publicKey, keyId } = this.#open(key);
      const { kty = '', crv = '', x = '', y = '' } = publicKey.export({ format: 'jwk' });
      return { kty, crv, x, y, use: 'sig', alg: 'ES256', kid: keyId };
    });
    return { keys };
  }

  /** The key that the token names. */
  #keyOf(token: string): KeyObject {
    const kid = jwt.decode(token, { complete: true })?.header.kid;
    const accepted = this.#keys.accepted().map((key) => this.#open(key));
    const named = accepted.find(({ keyId }) => keyId === kid);
    if (!named) throw new Error('no accepted key has this id');
    return named.publicKey;
  }

  #open({ id, value }: TokenKey): OpenedKey {
    const known = this.#opened.get(id);
    if (known) return known;
    const privateKey = readKey(value, id);
    const publicKey = createPublicKey(privateKey);
    const opened = { privateKey, publicKey, keyId: thumbprint(publicKey) };
    this.#opened.set(id, opened);
    return opened;
  }
}

/** RFC 7638 §3: the SHA-256 of the required members in lexicographic order, as base64url. */
function thumbprint(publicKey: KeyObject): string {
  const { crv, kty, x, y } = publicKey.export({ format: 'jwk' });
  return createHash('sha256').update(JSON.stringify({ crv, kty, x, y })).digest('base64url');
}

function fixedKey(privateKey: KeyObject): TokenKeys {
  const key = { id: 'fixed', value: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString() };
  return { current: () => key, accepted: () => [key] };
}

function readKey(pem: string, id: string): KeyObject {
  try {
    return createPrivateKey(pem);
  } catch (cause) {
    throw new Error(`The token key ${id} is damaged: restore the database from a backup, or remove the document token-key from its collection secrets. Without the old key everyone has to log in again.`, { cause });
  }
}
