import { expect, it } from 'vitest';
import { startTestApi } from '../testing/index.ts';

async function addressSeen(settings: Record<string, string>): Promise<string | undefined> {
  const site = await startTestApi({ settings });
  const sam = await site.signup('sam');
  const body = JSON.stringify({ email: 'sam@example.org', password: 'sam-password' });
  await fetch(`${site.url}/api/v1/users/login`, { method: 'POST', headers: { 'content-type': 'application/json', 'x-forwarded-for': '203.0.113.7' }, body });
  const { logins } = await sam.api.listLogins();
  return logins.find(({ isCurrent }) => !isCurrent)?.address;
}

it('trusts X-Forwarded-For from the configured proxies only', async () => {
  expect(await addressSeen({})).toBe('127.0.0.1');
  expect(await addressSeen({ LECTERN_TRUSTED_PROXIES: 'loopback' })).toBe('203.0.113.7');
});
