import { readFile } from 'node:fs/promises';
import https from 'node:https';
import path from 'node:path';
import tls from 'node:tls';
import { expect, it } from 'vitest';
import { startTestApi } from '../testing/index.ts';

const file = (name: string) => path.join(import.meta.dirname, '..', 'testing', name);

it('names the certificate file that cannot be read or is invalid', async () => {
  const key = file('localhost-key.pem');
  await expect(startTestApi({ settings: { LECTERN_TLS_CERT: '/no/cert.pem', LECTERN_TLS_KEY: key } })).rejects.toThrow('LECTERN_TLS_CERT: /no/cert.pem cannot be read (ENOENT)');
  await expect(startTestApi({ settings: { LECTERN_TLS_CERT: import.meta.filename, LECTERN_TLS_KEY: key } })).rejects.toThrow('not a certificate and its private key');
});

it('refuses cipher suites without forward secrecy or authenticated encryption, and TLS 1.1', async () => {
  const settings = { LECTERN_TLS_CERT: file('localhost-cert.pem'), LECTERN_TLS_KEY: file('localhost-key.pem') };
  const site = await startTestApi({ settings });
  const attempt = (options: tls.ConnectionOptions) =>
    new Promise<string>((resolve) => {
      const socket = tls.connect({ port: Number(new URL(site.url).port), host: '127.0.0.1', rejectUnauthorized: false, ...options }, () => {
        resolve(socket.getCipher().name);
        socket.destroy();
      });
      socket.once('error', () => resolve('refused'));
    });
  for (const ciphers of ['ECDHE-ECDSA-AES128-SHA', 'AES128-GCM-SHA256:AES256-SHA']) expect(await attempt({ maxVersion: 'TLSv1.2', ciphers })).toBe('refused');
  expect(await attempt({ minVersion: 'TLSv1.1', maxVersion: 'TLSv1.1', ciphers: 'ALL:@SECLEVEL=0' })).toBe('refused');
  expect(await attempt({ maxVersion: 'TLSv1.2' })).toMatch(/^ECDHE-ECDSA-.*(GCM|POLY1305)/);
});

it('reports a taken port in a sentence', async () => {
  const first = await startTestApi();
  const { port } = new URL(first.url);
  await expect(startTestApi({ settings: { LECTERN_HTTP_PORT: port } })).rejects.toThrow(`LECTERN_HTTP_PORT: port ${port} is taken by another program.`);
});

it('serves HTTPS with a certificate, sends HSTS, and marks the refresh cookie Secure', async () => {
  const settings = { LECTERN_TLS_CERT: file('localhost-cert.pem'), LECTERN_TLS_KEY: file('localhost-key.pem') };
  const site = await startTestApi({ settings });
  const ca = await readFile(settings.LECTERN_TLS_CERT);
  const body = JSON.stringify({ email: 'sam@example.org', displayName: 'Sam', password: 'long enough' });
  const headers = await new Promise<Record<string, string | string[] | undefined>>((resolve, reject) => {
    const options = { ca, method: 'POST', headers: { 'content-type': 'application/json', 'content-length': body.length } };
    const request = https.request(`${site.url.replace('http:', 'https:')}/api/v1/users/signup`, options, (response) => resolve(response.resume().headers));
    request.on('error', reject).end(body);
  });
  expect(headers['set-cookie']?.[0]).toMatch(/^__Secure-lectern_refresh=.*; Path=\/api\/v1\/users; .*HttpOnly; Secure; SameSite=Strict$/);
  expect(headers['strict-transport-security']).toMatch(/^max-age=/);
});
