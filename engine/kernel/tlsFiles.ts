import { unwatchFile, watchFile } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createSecureContext } from 'node:tls';
import type { SecureContextOptions, Server } from 'node:tls';
import { background } from './background.ts';
import type { Logger } from './Logger.ts';
import { certificateCheckIntervalMs } from './limits.ts';
import { ConfigError } from './parseConfig.ts';

/** PEM files: the certificate chain and its private key. */
export interface TlsFiles {
  certFile: string;
  keyFile: string;
}

/** TLS 1.2 with forward secrecy, and TLS 1.3 (Mozilla's intermediate configuration, 5.7, without DHE). */
const ciphers = [
  'TLS_AES_128_GCM_SHA256',
  'TLS_AES_256_GCM_SHA384',
  'TLS_CHACHA20_POLY1305_SHA256',
  'ECDHE-ECDSA-AES128-GCM-SHA256',
  'ECDHE-RSA-AES128-GCM-SHA256',
  'ECDHE-ECDSA-AES256-GCM-SHA384',
  'ECDHE-RSA-AES256-GCM-SHA384',
  'ECDHE-ECDSA-CHACHA20-POLY1305',
  'ECDHE-RSA-CHACHA20-POLY1305',
].join(':');

/** The certificate and the protocol of every TLS port. @throws ConfigError with the setting whose file is wrong */
export async function readTls({ certFile, keyFile }: TlsFiles): Promise<SecureContextOptions> {
  const [cert, key] = [await readPem(certFile, 'LECTERN_TLS_CERT'), await readPem(keyFile, 'LECTERN_TLS_KEY')];
  const options: SecureContextOptions = { cert, key, ciphers, minVersion: 'TLSv1.2' };
  try {
    createSecureContext(options);
    return options;
  } catch (cause) {
    throw new ConfigError([`LECTERN_TLS_CERT, LECTERN_TLS_KEY: these are not a certificate and its private key in PEM (${(cause as Error).message})`]);
  }
}

/** Applies a renewed certificate to new connections, until the server closes. Files that are not a pair are logged, and the old pair stays in use. */
export function reloadTls(server: Server, { logger, checkEveryMs = certificateCheckIntervalMs, ...files }: TlsFiles & { logger: Logger; checkEveryMs?: number }): void {
  const reload = async () => {
    try {
      // It replaces all options: those that it does not get return to their defaults.
      server.setSecureContext(await readTls(files));
      logger.info({ certFile: files.certFile }, 'certificate.reloaded');
    } catch (err) {
      logger.warn({ err, certFile: files.certFile }, 'certificate.notReloaded');
    }
  };
  const onChange = () => background('certificate.reload', reload(), logger);
  const watched = [files.certFile, files.keyFile];
  // Polling also sees a file that is replaced through a symbolic link, as certbot and Kubernetes do.
  for (const file of watched) watchFile(file, { interval: checkEveryMs, persistent: false }, onChange);
  server.once('close', () => watched.forEach((file) => unwatchFile(file, onChange)));
}

async function readPem(file: string, setting: string): Promise<Buffer> {
  try {
    return await readFile(file);
  } catch (cause) {
    throw new ConfigError([`${setting}: ${file} cannot be read (${(cause as NodeJS.ErrnoException).code ?? 'unknown error'})`]);
  }
}
