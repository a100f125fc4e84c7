import { afterEach, beforeEach, expect, it } from 'vitest';
import { ManualClock, silentLogger as logger } from '#engine/testing';
import { providerMetadataMs, providerRetryMs } from '../limits.ts';
import { FakeProvider } from '../testing/index.ts';
import { OidcProvider } from './OidcProvider.ts';
import { ProviderConfig } from './providerConfig.ts';

const redirectUri = 'https://lectern.example.org/sign-in/campus';

let fake: FakeProvider;
let clock: ManualClock;
let provider: OidcProvider;
beforeEach(async () => {
  fake = await FakeProvider.start();
  clock = new ManualClock();
  const config = ProviderConfig.parse({ id: 'campus', name: 'Campus login', issuer: fake.issuer, clientId: 'lectern', clientSecret: 'secret' });
  provider = new OidcProvider({ config, clock, logger, timeoutSeconds: 0.2 });
});
afterEach(() => fake.close());

const discoveries = () => fake.requests.filter((path) => path.includes('.well-known')).length;

it('a provider is asked for its metadata when somebody signs in, once for all who do', async () => {
  expect(fake.requests).toEqual([]);
  await Promise.all([provider.authorizationUrl(redirectUri), provider.authorizationUrl(redirectUri)]);
  await provider.authorizationUrl(redirectUri);
  expect(discoveries()).toBe(1);
  clock.advance(providerMetadataMs);
  await provider.authorizationUrl(redirectUri);
  expect(discoveries()).toBe(2);
});

it('every sign-in has a state, a nonce and a code challenge of its own', async () => {
  const [one, two] = [await provider.authorizationUrl(redirectUri), await provider.authorizationUrl(redirectUri)];
  const asked = new URL(one.url).searchParams;
  expect(asked.get('code_challenge_method')).toBe('S256');
  expect(one.url).not.toContain(one.checks.codeVerifier);
  for (const check of ['state', 'nonce', 'codeVerifier'] as const) expect(one.checks[check]).not.toBe(two.checks[check]);
});

it('a provider that does not answer is given up, and asked again after a while', async () => {
  fake.isHanging = true;
  await expect(provider.authorizationUrl(redirectUri)).rejects.toMatchObject({ code: 'provider.unavailable' });
  fake.isHanging = false;
  await expect(provider.authorizationUrl(redirectUri)).rejects.toMatchObject({ code: 'provider.unavailable' });
  expect(discoveries()).toBe(1);
  clock.advance(providerRetryMs);
  await provider.authorizationUrl(redirectUri);
});

it('a provider that does not answer the request for tokens is unavailable', async () => {
  const { url, checks } = await provider.authorizationUrl(redirectUri);
  const parameters = fake.signIn(url, { sub: 'u-eve' });
  fake.isHanging = true;
  await expect(provider.claimsOf({ redirectUri, parameters, checks })).rejects.toMatchObject({ code: 'provider.unavailable' });
});
