import { mkdtempDisposable } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it } from 'vitest';
import { renderEnvExample } from './engine/setup/renderEnvExample.ts';
import { settings, startLectern } from './main.ts';

it('.env.example matches the settings (update it with: npx vitest run main.test -u)', async () => {
  // The number of media workers is that of this machine's cores.
  const text = renderEnvExample(settings).replace(/(LECTERN_RTC_WORKERS=)\d+/, '$1');
  await expect(text).toMatchFileSnapshot('./.env.example');
});

it('invalid settings stop the start and are all reported at once', async () => {
  await using folder = await mkdtempDisposable(path.join(tmpdir(), 'lectern-'));
  const environment = { LECTERN_DATA_DIR: folder.path, LECTERN_HTTP_PORT: 'eighty', LECTERN_GRACE_SECONDS: '1', LECTERN_TLS_CERT: '/cert.pem', LECTERN_RTMPS_PORT: '1936', LECTERN_TRUSTED_PROXIES: 'nonsense', LECTERN_DATABASE_URL: 'postgres://db/lectern' };
  const failure = await startLectern(environment).catch((error: unknown) => error);
  expect(failure).toMatchObject({ name: 'ConfigError' });
  expect(String(failure)).toContain('LECTERN_HTTP_PORT');
  for (const setting of ['LECTERN_GRACE_SECONDS', 'LECTERN_TLS_KEY: ', 'LECTERN_RTMPS_PORT: ', 'LECTERN_TRUSTED_PROXIES: ', 'LECTERN_DATABASE_URL: must be an address like mongodb://']) expect(String(failure)).toContain(setting);
});

it('an ffmpeg that does not run stops the start with its name', async () => {
  await using folder = await mkdtempDisposable(path.join(tmpdir(), 'lectern-'));
  const environment = { LECTERN_DATA_DIR: folder.path, LECTERN_LOG_LEVEL: 'silent', LECTERN_FFMPEG: '/nowhere/ffmpeg' };
  await expect(startLectern(environment)).rejects.toThrow('/nowhere/ffmpeg cannot be run');
});

it('a process with fewer than all roles names every setting of the site that it lacks', async () => {
  await using folder = await mkdtempDisposable(path.join(tmpdir(), 'lectern-'));
  const failure = await startLectern({ LECTERN_DATA_DIR: folder.path, LECTERN_ROLES: 'live' }).catch((error: unknown) => error);
  expect(failure).toMatchObject({ name: 'ConfigError' });
  for (const setting of ['DATABASE_URL', 'REDIS_URL', 'S3_BUCKET', 'SECRET', 'SIGNALING_PATH', 'RTMP_ADDRESS']) expect(String(failure)).toContain(`LECTERN_${setting}: must be`);
});
