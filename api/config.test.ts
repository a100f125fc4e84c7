import { expect, it } from 'vitest';
import { parseConfig } from '#engine/kernel';
import { apiConfig, checkApiConfig } from './index.ts';

const problemsOf = (environment: Record<string, string>) => {
  const problems: string[] = [];
  checkApiConfig(parseConfig(apiConfig, environment), (setting, message) => problems.push(`${setting}: ${message}`));
  return problems;
};

it('every setting has a default or is optional', () => {
  expect(parseConfig(apiConfig, {})).toMatchObject({ LECTERN_HTTP_PORT: 8080, LECTERN_HTTP_LISTEN_ADDRESS: '0.0.0.0', LECTERN_SIGNUP: 'open', LECTERN_TURN_URLS: [] });
  expect(problemsOf({})).toEqual([]);
});

it('names the settings that are wrong', () => {
  const wrong = { LECTERN_HTTP_PORT: '80000', LECTERN_PUBLIC_URL: 'lectern.example.org', LECTERN_SIGNUP: 'maybe', LECTERN_STUN_URLS: 'http://stun' };
  expect(() => parseConfig(apiConfig, wrong)).toThrow(/4 invalid settings:.*LECTERN_HTTP_PORT.*LECTERN_PUBLIC_URL.*LECTERN_SIGNUP.*LECTERN_STUN_URLS: each must begin with stun:/s);
});

it('accepts addresses, networks and ranges as trusted proxies, and nothing else', () => {
  const good = 'loopback, 10.0.0.0/8, 192.0.2.7, 2001:db8::/32';
  expect(parseConfig(apiConfig, { LECTERN_TRUSTED_PROXIES: good })).toMatchObject({ LECTERN_TRUSTED_PROXIES: good.split(', ') });
  for (const wrong of ['nonsense', '10.0.0.0/33', '10.0.0.0/0', 'true', '1']) expect(() => parseConfig(apiConfig, { LECTERN_TRUSTED_PROXIES: wrong })).toThrow('LECTERN_TRUSTED_PROXIES');
});

it('accepts only IP addresses to listen on', () => {
  expect(() => parseConfig(apiConfig, { LECTERN_HTTP_LISTEN_ADDRESS: '999.1' })).toThrow('LECTERN_HTTP_LISTEN_ADDRESS: must be an IP address');
});

it('requires certificate and key together, and credentials with a TURN server', () => {
  expect(problemsOf({ LECTERN_TLS_CERT: 'cert.pem' })).toEqual([expect.stringMatching(/^LECTERN_TLS_KEY: /)]);
  expect(problemsOf({ LECTERN_TURN_URLS: 'turn:t:3478', LECTERN_TURN_USERNAME: 'u' })).toEqual([expect.stringMatching(/^LECTERN_TURN_URLS: /)]);
  expect(problemsOf({ LECTERN_TURN_URLS: 'turn:t:3478', LECTERN_TURN_USERNAME: 'u', LECTERN_TURN_PASSWORD: 'p' })).toEqual([]);
});

it('refuses a path in the public URL', () => {
  for (const wrong of ['https://example.org/lectern', 'https://example.org/?page=1', 'https://me:secret@example.org']) {
    expect(() => parseConfig(apiConfig, { LECTERN_PUBLIC_URL: wrong })).toThrow(/LECTERN_PUBLIC_URL: must have no path/);
  }
  for (const [given, origin] of [['HTTPS://Example.org/', 'https://example.org'], ['https://example.org:8443//', 'https://example.org:8443']] as const) {
    expect(parseConfig(apiConfig, { LECTERN_PUBLIC_URL: given }).LECTERN_PUBLIC_URL).toBe(origin);
  }
});
