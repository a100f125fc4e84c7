import { readFile } from 'node:fs/promises';
import https from 'node:https';
import path from 'node:path';
import { expect, it } from 'vitest';
import { startTestApi } from '../testing/index.ts';

const file = (name: string) => path.join(import.meta.dirname, '..', 'testing', name);

it('speaks HTTPS with a certificate, keeps browsers to it, and sends the refresh cookie there only', async () => {
  const settings = { LECTERN_TLS_CERT: file('localhost-cert.pem'), LECTERN_TLS_KEY: file('localhost-key.pem') };
  const site = await startTestApi({ settings });
  try {
    const ca = await readFile(settings.LECTERN_TLS_CERT);
    const body = JSON.stringify({ email: 'sam@example.org', displayName: 'Sam', password: 'long enough' });
    const headers = await new Promise<Record<string, string | string[] | undefined>>((resolve, reject) => {
      const options = { ca, method: 'POST', headers: { 'content-type': 'application/json', 'content-length': body.length } };
      const request = https.request(`${site.url.replace('http:', 'https:')}/api/v1/users/signup`, options, (response) => resolve(response.resume().headers));
      request.on('error', reject).end(body);
    });
    expect(headers['set-cookie']?.[0]).toMatch(/^lectern_refresh=.*; Path=\/api\/v1\/users; .*HttpOnly; Secure; SameSite=Strict$/);
    expect(headers['strict-transport-security']).toMatch(/^max-age=/);
  } finally {
    await site.close();
  }
});
