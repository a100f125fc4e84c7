import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, mkdtempDisposable, rename, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import tls from 'node:tls';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { until } from '../testing/until.ts';
import { createLogger } from './Logger.ts';
import { readTls, reloadTls } from './tlsFiles.ts';

async function issueCertificate(folder: string, name: string): Promise<{ certFile: string; keyFile: string }> {
  const files = { certFile: path.join(folder, `${name}-cert.pem`), keyFile: path.join(folder, `${name}-key.pem`) };
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', files.keyFile];
  await promisify(execFile)('openssl', ['req', '-x509', ...key, '-days', '2', '-subj', `/CN=${name}`, '-out', files.certFile]);
  return files;
}

/** The name in the server's certificate; `refused` if there is no handshake. */
function handshake(server: tls.Server, options: tls.ConnectionOptions = {}): Promise<string> {
  return new Promise((resolve) => {
    const socket = tls.connect({ port: (server.address() as AddressInfo).port, host: '127.0.0.1', rejectUnauthorized: false, ...options }, () => {
      resolve(String(socket.getPeerCertificate().subject.CN));
      socket.destroy();
    });
    socket.once('error', () => resolve('refused'));
  });
}

const withoutForwardSecrecy = { maxVersion: 'TLSv1.2', ciphers: 'AES128-GCM-SHA256:AES256-SHA' } as const;
const withoutAuthentication = { maxVersion: 'TLSv1.2', ciphers: 'ECDHE-ECDSA-AES128-SHA' } as const;
const old = { minVersion: 'TLSv1.1', maxVersion: 'TLSv1.1', ciphers: 'ALL:@SECLEVEL=0' } as const;

it('serves a renewed certificate, keeps the old one while the files are no pair, and refuses weak ciphers throughout', async () => {
  await using folder = await mkdtempDisposable(path.join(tmpdir(), 'lectern-certificate-'));
  const [first, renewed] = [await issueCertificate(folder.path, 'first'), await issueCertificate(folder.path, 'renewed')];
  const used = { certFile: path.join(folder.path, 'cert.pem'), keyFile: path.join(folder.path, 'key.pem') };
  await copyFile(first.certFile, used.certFile);
  await copyFile(first.keyFile, used.keyFile);
  const server = tls.createServer(await readTls(used)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const events: unknown[] = [];
  const logger = createLogger({ level: 'info', destination: { write: (line: string) => void events.push((JSON.parse(line) as { msg: unknown }).msg) } });
  reloadTls(server, { ...used, logger, checkEveryMs: 10 });
  const expectStrong = async () => {
    for (const weak of [withoutForwardSecrecy, withoutAuthentication, old]) expect(await handshake(server, weak)).toBe('refused');
  };
  expect(await handshake(server)).toBe('first');
  await expectStrong();

  await writeFile(used.certFile, 'half a certificate');
  await until('the broken file to be refused', () => events.includes('certificate.notReloaded'));
  expect(await handshake(server)).toBe('first');

  // Neither file fits the other one until both are replaced.
  await rename(renewed.certFile, used.certFile);
  await rename(renewed.keyFile, used.keyFile);
  await until('the renewed certificate', () => events.includes('certificate.reloaded'));
  expect(await handshake(server)).toBe('renewed');
  await expectStrong();
  server.close();
});
