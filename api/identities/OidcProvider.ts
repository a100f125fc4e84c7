// Responsible for one OpenID Connect provider: its metadata, where a browser goes to sign in, and the claims in its answer.
import * as client from 'openid-client';
import { cleanLine, CodedError } from '#engine/contract';
import type { Clock, Logger } from '#engine/kernel';
import { providerClockToleranceSeconds, providerMetadataMs, providerRetryMs, providerTimeoutSeconds } from '../limits.ts';
import { readClaims } from './ProviderClaims.ts';
import type { ProviderClaims } from './ProviderClaims.ts';
import type { ProviderConfig } from './providerConfig.ts';

/** What the answer of the provider has to match. It stays with us, sealed. */
export interface AuthorizationChecks {
  state: string;
  nonce: string;
  codeVerifier: string;
}

export interface OidcProviderOptions {
  config: ProviderConfig;
  clock: Clock;
  logger: Logger;
  /** For each request. Only tests lower it. */
  timeoutSeconds?: number;
}

export class OidcProvider {
  readonly config: ProviderConfig;
  readonly #options: OidcProviderOptions;
  /** Nothing is read before the first person signs in, so that a dead provider delays no start. */
  #metadata: { found: Promise<client.Configuration>; untilMs: number } | undefined;

  constructor(options: OidcProviderOptions) {
    this.config = options.config;
    this.#options = options;
  }

  /** @throws CodedError `provider.unavailable` */
  async authorizationUrl(redirectUri: string): Promise<{ url: string; checks: AuthorizationChecks }> {
    const configuration = await this.#configuration();
    const checks = { state: client.randomState(), nonce: client.randomNonce(), codeVerifier: client.randomPKCECodeVerifier() };
    const url = client.buildAuthorizationUrl(configuration, {
      redirect_uri: redirectUri,
      scope: this.config.scope,
      state: checks.state,
      nonce: checks.nonce,
      code_challenge: await client.calculatePKCECodeChallenge(checks.codeVerifier),
      code_challenge_method: 'S256',
    });
    return { url: url.href, checks };
  }

  /**
   * Checks the answer (state, issuer, code, signature, audience, nonce, times) and reads its claims.
   * @throws CodedError `identity.rejected`, `provider.refused`, `provider.unavailable`
   */
  async claimsOf({ redirectUri, parameters, checks }: { redirectUri: string; parameters: Readonly<Record<string, string>>; checks: AuthorizationChecks }): Promise<ProviderClaims> {
    const configuration = await this.#configuration();
    const url = new URL(redirectUri);
    for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
    try {
      const tokens = await client.authorizationCodeGrant(configuration, url, {
        expectedState: checks.state,
        expectedNonce: checks.nonce,
        pkceCodeVerifier: checks.codeVerifier,
        idTokenExpected: true,
      });
      const claims = tokens.claims();
      if (!claims) throw new CodedError('identity.rejected', 'The answer of the sign-in provider has no ID token.');
      return readClaims(await this.#withUserInfo(configuration, claims, tokens.access_token), configuration.serverMetadata().issuer);
    } catch (err) {
      throw this.#failure(err);
    }
  }

  /** Some providers put the address and further claims only into the UserInfo response (OpenID Connect Core §5.4). */
  async #withUserInfo(configuration: client.Configuration, claims: client.IDToken, accessToken: string): Promise<Record<string, unknown>> {
    const wanted = ['email', this.config.roles?.claim, this.config.courses?.claim].filter((claim) => claim !== undefined);
    if (wanted.every((claim) => claims[claim] !== undefined) || configuration.serverMetadata().userinfo_endpoint === undefined) return claims;
    const info = await client.fetchUserInfo(configuration, accessToken, claims.sub);
    // The address and whether it is verified come from one source.
    const { email, email_verified: isVerified } = claims.email === undefined ? info : claims;
    return { ...info, ...claims, email, email_verified: isVerified };
  }

  #configuration(): Promise<client.Configuration> {
    const nowMs = this.#options.clock.nowMs();
    if (this.#metadata && this.#metadata.untilMs > nowMs) return this.#metadata.found;
    const metadata = { found: this.#discover(), untilMs: nowMs + providerMetadataMs };
    this.#metadata = metadata;
    metadata.found.catch(() => {
      metadata.untilMs = this.#options.clock.nowMs() + providerRetryMs;
    });
    return metadata.found;
  }

  async #discover(): Promise<client.Configuration> {
    const { issuer, clientId, clientSecret, clientAuthentication: method } = this.config;
    const isLoopback = issuer.startsWith('http:');
    try {
      return await client.discovery(
        new URL(issuer),
        clientId,
        { [client.clockTolerance]: providerClockToleranceSeconds },
        clientAuth({ clientSecret, method }),
        { timeout: this.#options.timeoutSeconds ?? providerTimeoutSeconds, execute: [client.enableNonRepudiationChecks, ...(isLoopback ? [client.allowInsecureRequests] : [])] },
      );
    } catch (err) {
      throw this.#unavailable(err);
    }
  }

  /** The codes are those of the library: https://github.com/panva/openid-client/blob/main/docs/README.md. */
  #failure(err: unknown): CodedError {
    if (err instanceof CodedError) return err;
    if (err instanceof client.AuthorizationResponseError) {
      this.#log(err, 'provider.refused');
      const reason = err.error === 'access_denied' ? 'You were not signed in' : `It answered "${cleanLine(err.error).slice(0, 60)}"`;
      return new CodedError('provider.refused', `${this.config.name} did not sign you in. ${reason}. Try again, or sign in another way.`);
    }
    const isReplayed = err instanceof client.ResponseBodyError && err.error === 'invalid_grant';
    if (isReplayed || (err instanceof client.ClientError && !isTransport(err))) {
      this.#log(err, 'identity.rejected');
      return new CodedError('identity.rejected', 'The answer of the sign-in provider was not valid. Start again.');
    }
    return this.#unavailable(err);
  }

  #unavailable(err: unknown): CodedError {
    this.#log(err, 'provider.unavailable');
    return new CodedError('provider.unavailable', `${this.config.name} can’t be reached. Try again in a moment, or sign in another way.`, { details: { retryAfterSeconds: providerRetryMs / 1000 } });
  }

  /** Only texts: the causes of the library hold requests and responses, with codes and tokens. */
  #log(err: unknown, event: string): void {
    const { code, message } = err instanceof Error ? { code: 'code' in err ? String(err.code) : err.name, message: err.message } : { code: 'unknown', message: '' };
    this.#options.logger.warn({ providerId: this.config.id, reason: code, detail: cleanLine(message).slice(0, 200) }, event);
  }
}

const transportCodes: ReadonlySet<string> = new Set(['OAUTH_TIMEOUT', 'OAUTH_ABORT', 'OAUTH_RESPONSE_IS_NOT_CONFORM', 'OAUTH_RESPONSE_IS_NOT_JSON', 'OAUTH_PARSE_ERROR', 'OAUTH_HTTP_REQUEST_FORBIDDEN']);

/** The request or its response failed, before anything in it could be wrong. */
function isTransport({ code }: client.ClientError): boolean {
  return code === undefined || transportCodes.has(code);
}

/** OpenID Connect Core §9. */
function clientAuth({ clientSecret, method }: { clientSecret: string | undefined; method: ProviderConfig['clientAuthentication'] }): client.ClientAuth {
  if (clientSecret === undefined) return client.None();
  return method === 'client_secret_post' ? client.ClientSecretPost(clientSecret) : client.ClientSecretBasic(clientSecret);
}
