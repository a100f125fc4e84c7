import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import jwt from 'jsonwebtoken';
import { LRUCache } from 'lru-cache';
import { CodedError, tokenClaims } from '../contract/index.ts';
import type { TokenAudience, TokenClaims } from '../contract/index.ts';
import type { Clock } from './Clock.ts';
import { maxCachedTokens } from './limits.ts';
import { writeSecretFile } from './secretFiles.ts';

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

/**
 * Signs and verifies all tokens of Lectern: JSON Web Tokens (RFC 7519) with one ES256 key (RFC 7518 §3.4). Each audience
 * has its own claims, and a token of one audience is invalid for another.
 */
export class TokenSigner {
  readonly #privateKey: KeyObject;
  readonly #publicKey: KeyObject;
  readonly #clock: Clock;
  readonly #keyId: string;
  readonly #verifiedTokens = new LRUCache<string, { claims: object; expiresAtSeconds: number }>({ max: maxCachedTokens });

  constructor(privateKey: KeyObject, clock: Clock) {
    this.#privateKey = privateKey;
    this.#publicKey = createPublicKey(privateKey);
    this.#clock = clock;
    // RFC 7638 §3: the key id is the SHA-256 of the required members in lexicographic order, as base64url.
    const { crv, kty, x, y } = this.#publicKey.export({ format: 'jwk' });
    this.#keyId = createHash('sha256').update(JSON.stringify({ crv, kty, x, y })).digest('base64url');
  }

  /** A signed token that expires `lifetimeSeconds` from now. */
  sign<A extends TokenAudience>(audience: A, claims: TokenClaims<A>, lifetimeSeconds: number): string {
    const iat = Math.floor(this.#clock.nowMs() / 1000);
    return jwt.sign({ ...claims, iat, exp: iat + lifetimeSeconds }, this.#privateKey, {
      algorithm: 'ES256',
      audience,
      issuer,
      keyid: this.#keyId,
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
      const payload = jwt.verify(token, this.#publicKey, { algorithms: ['ES256'], audience, issuer, clockTimestamp });
      const claims = Object.freeze(tokenClaims[audience].parse(payload)) as TokenClaims<A>;
      const { exp } = payload as jwt.JwtPayload;
      if (exp !== undefined && cachedAudiences.has(audience)) this.#verifiedTokens.set(key, { claims, expiresAtSeconds: exp });
      return claims;
    } catch (cause) {
      if (cause instanceof jwt.TokenExpiredError) throw new CodedError('auth.expired', 'This token has expired.', { cause });
      throw new CodedError('auth.invalid', 'This token is not valid.', { cause });
    }
  }

  /** The public key as a JWK Set (RFC 7517 §5), for `/.well-known/jwks.json`. */
  jwks(): { keys: PublicJwk[] } {
    const { kty = '', crv = '', x = '', y = '' } = this.#publicKey.export({ format: 'jwk' });
    return { keys: [{ kty, crv, x, y, use: 'sig', alg: 'ES256', kid: this.#keyId }] };
  }
}

/**
 * Opens the signer with the key in `token-key.pem` (PKCS #8) of the folder. On the first run it generates the key.
 * @throws Error when the key file is damaged
 */
export async function openTokenSigner(secretsFolder: string, clock: Clock): Promise<TokenSigner> {
  const file = path.join(secretsFolder, 'token-key.pem');
  let pem = await readFile(file, 'utf8').catch((err: NodeJS.ErrnoException) => {
    if (err.code === 'ENOENT') return undefined;
    throw err;
  });
  if (pem === undefined) {
    pem = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    await writeSecretFile(file, pem);
  }
  return new TokenSigner(readKey(pem, file), clock);
}

function readKey(pem: string, file: string): KeyObject {
  try {
    return createPrivateKey(pem);
  } catch (cause) {
    throw new Error(`The key ${file} is damaged: restore it from a backup, or delete it. Without the old key everyone has to log in again.`, { cause });
  }
}
