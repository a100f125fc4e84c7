import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import jwt from 'jsonwebtoken';
import { LRUCache } from 'lru-cache';
import { CodedError, tokenClaims } from '../contract/index.ts';
import type { TokenAudience, TokenClaims } from '../contract/index.ts';
import type { Clock } from './Clock.ts';
import { writeSecretFile } from './secretFiles.ts';

const issuer = 'lectern';
/** Of some 1000 bytes each. */
const maxCachedTokens = 10_000;
/** A page sends these with every request and every segment, and checking a signature costs more than the rest; a join ticket comes once. */
const cachedAudiences: ReadonlySet<TokenAudience> = new Set(['access', 'playback']);

/** A public key as RFC 7517 has it. */
export interface PublicJwk {
  kty: string;
  crv: string;
  x: string;
  y: string;
  use: 'sig';
  alg: 'ES256';
  kid: string;
}

/** Signs and verifies every token Lectern gives out, ES256 with one key; each audience has its own claims. */
export class TokenSigner {
  readonly #privateKey: KeyObject;
  readonly #publicKey: KeyObject;
  readonly #clock: Clock;
  readonly #keyId: string;
  readonly #verified = new LRUCache<string, { claims: object; expiresAt: number }>({ max: maxCachedTokens });

  constructor(privateKey: KeyObject, clock: Clock) {
    this.#privateKey = privateKey;
    this.#publicKey = createPublicKey(privateKey);
    this.#clock = clock;
    // RFC 7638: the thumbprint is the SHA-256 of the required members in lexicographic order.
    const { crv, kty, x, y } = this.#publicKey.export({ format: 'jwk' });
    this.#keyId = createHash('sha256').update(JSON.stringify({ crv, kty, x, y })).digest('base64url');
  }

  sign<A extends TokenAudience>(audience: A, claims: TokenClaims<A>, lifetimeSeconds: number): string {
    const iat = Math.floor(this.#clock.nowMs() / 1000);
    return jwt.sign({ ...claims, iat, exp: iat + lifetimeSeconds }, this.#privateKey, {
      algorithm: 'ES256',
      audience,
      issuer,
      keyid: this.#keyId,
    });
  }

  /** @throws CodedError `auth.expired` or `auth.invalid` */
  verify<A extends TokenAudience>(audience: A, token: string): TokenClaims<A> {
    const clockTimestamp = Math.floor(this.#clock.nowMs() / 1000);
    const key = `${audience} ${token}`;
    const known = this.#verified.get(key);
    if (known && known.expiresAt > clockTimestamp) return known.claims as TokenClaims<A>;
    try {
      const payload = jwt.verify(token, this.#publicKey, { algorithms: ['ES256'], audience, issuer, clockTimestamp });
      const claims = Object.freeze(tokenClaims[audience].parse(payload)) as TokenClaims<A>;
      const { exp } = payload as jwt.JwtPayload;
      if (exp !== undefined && cachedAudiences.has(audience)) this.#verified.set(key, { claims, expiresAt: exp });
      return claims;
    } catch (cause) {
      if (cause instanceof jwt.TokenExpiredError) throw new CodedError('auth.expired', 'This token has expired.', { cause });
      throw new CodedError('auth.invalid', 'This token is not valid here.', { cause });
    }
  }

  /** For `/.well-known/jwks.json`. */
  jwks(): { keys: PublicJwk[] } {
    const { kty = '', crv = '', x = '', y = '' } = this.#publicKey.export({ format: 'jwk' });
    return { keys: [{ kty, crv, x, y, use: 'sig', alg: 'ES256', kid: this.#keyId }] };
  }
}

/** Reads the signing key from the folder, or makes it on the first run. */
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
    throw new Error(`The key ${file} is damaged: restore it from a backup, or delete it, and everyone logs in again.`, { cause });
  }
}
