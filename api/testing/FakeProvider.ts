// An OpenID Connect provider whose answers a test can make wrong. Sign-in through a real one: player/e2e/signIn.journey.test.ts.
import { createHash, generateKeyPairSync, randomBytes } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import jwt from 'jsonwebtoken';

export interface FakePerson {
  sub: string;
  email?: string;
  email_verified?: unknown;
  name?: string;
  [claim: string]: unknown;
}

interface Grant {
  person: FakePerson;
  nonce: string;
  challenge: string;
  redirectUri: string;
}

export class FakeProvider {
  readonly #server: Server;
  readonly #key = generateKeyPairSync('rsa', { modulusLength: 2048 });
  readonly #grants = new Map<string, Grant>();
  readonly requests: string[] = [];
  /** Changes the claims of the next ID tokens. */
  forge: (claims: Record<string, unknown>) => Record<string, unknown> = (claims) => claims;
  /** Signs the next ID tokens, in place of the provider's key. */
  signingKey: KeyObject;
  /** The next requests get no answer. */
  isHanging = false;
  hasEmailInUserInfoOnly = false;

  private constructor() {
    this.signingKey = this.#key.privateKey;
    this.#server = createServer((request, response) => void this.#respond(request, response));
  }

  static async start(): Promise<FakeProvider> {
    const provider = new FakeProvider();
    await new Promise<void>((resolve) => provider.#server.listen(0, '127.0.0.1', resolve));
    return provider;
  }

  get issuer(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** What the browser brings back after the person has signed in at the address. */
  signIn(authorizationUrl: string, person: FakePerson): Record<string, string> {
    const { searchParams } = new URL(authorizationUrl);
    const code = randomBytes(16).toString('hex');
    const asked = (name: string) => searchParams.get(name) ?? '';
    this.#grants.set(code, { person, nonce: asked('nonce'), challenge: asked('code_challenge'), redirectUri: asked('redirect_uri') });
    return { code, state: asked('state'), iss: this.issuer };
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = request.url ?? '';
    this.requests.push(path);
    if (this.isHanging) return;
    const { status, content } = this.#answer(path, { form: new URLSearchParams(await text(request)), authorization: request.headers.authorization ?? '' });
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(content));
  }

  #answer(path: string, { form, authorization }: { form: URLSearchParams; authorization: string }): { status: number; content: unknown } {
    const { issuer } = this;
    if (path === '/.well-known/openid-configuration') {
      const endpoints = { authorization_endpoint: `${issuer}/auth`, token_endpoint: `${issuer}/token`, userinfo_endpoint: `${issuer}/me`, jwks_uri: `${issuer}/jwks` };
      return { status: 200, content: { issuer, ...endpoints, authorization_response_iss_parameter_supported: true, response_types_supported: ['code'], id_token_signing_alg_values_supported: ['RS256'] } };
    }
    if (path === '/jwks') return { status: 200, content: { keys: [{ ...this.#key.publicKey.export({ format: 'jwk' }), kid: 'k1', use: 'sig', alg: 'RS256' }] } };
    if (path === '/me') return { status: 200, content: JSON.parse(Buffer.from(authorization.replace('Bearer ', ''), 'base64url').toString()) as unknown };
    return this.#token(form);
  }

  #token(form: URLSearchParams): { status: number; content: unknown } {
    const grant = this.#grants.get(form.get('code') ?? '');
    this.#grants.delete(form.get('code') ?? '');
    const isProved = grant?.challenge === createHash('sha256').update(form.get('code_verifier') ?? '').digest('base64url');
    if (!grant || !isProved || grant.redirectUri !== form.get('redirect_uri')) return { status: 400, content: { error: 'invalid_grant' } };
    const now = Math.floor(Date.now() / 1000);
    const { email, email_verified: isVerified, ...rest } = grant.person;
    const inToken = this.hasEmailInUserInfoOnly ? rest : { ...rest, email, email_verified: isVerified };
    const claims = this.forge({ iss: this.issuer, aud: 'lectern', iat: now, exp: now + 60, nonce: grant.nonce, ...inToken });
    const idToken = jwt.sign(claims, this.signingKey, { algorithm: 'RS256', keyid: 'k1' });
    return { status: 200, content: { access_token: Buffer.from(JSON.stringify(grant.person)).toString('base64url'), token_type: 'Bearer', id_token: idToken } };
  }
}
