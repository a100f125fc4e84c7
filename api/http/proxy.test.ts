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

it('warns once about a proxy that is not trusted', async () => {
  const warningsOf = async (settings: Record<string, string>, client = '203.0.113.7') => {
    const site = await startTestApi({ settings });
    await fetch(`${site.url}/health/live`);
    for (let request = 0; request < 3; request += 1) await fetch(`${site.url}/health/live`, { headers: { 'x-forwarded-for': client } });
    return site.logLines.filter(({ msg }) => msg === 'proxy.untrusted');
  };
  expect(await warningsOf({})).toMatchObject([{ proxy: '127.0.0.1', hint: expect.stringContaining('LECTERN_TRUSTED_PROXIES') as string }]);
  expect(await warningsOf({ LECTERN_TRUSTED_PROXIES: 'loopback' })).toEqual([]);
  // A person on the machine of the proxy.
  expect(await warningsOf({ LECTERN_TRUSTED_PROXIES: 'loopback' }, '127.0.0.1')).toEqual([]);
});
