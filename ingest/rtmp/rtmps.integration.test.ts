import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import tls from 'node:tls';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ConfigError } from '#engine/kernel';
import { until } from '#engine/testing';
import { advisedVideo, obsAudio, pushWithFfmpeg, RtmpClient, testVideo, testAudio } from '../testing/index.ts';
import { openTestIngest } from '../testing/openTestIngest.ts';

let folder: string;
const file = (name: string) => path.join(folder, name);

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'lectern-rtmps-'));
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=IP:127.0.0.1'];
  await promisify(execFile)('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2', ...subject, '-keyout', file('key.pem'), '-out', file('cert.pem')]);
});
afterAll(() => rm(folder, { recursive: true }));

it('accepts an encoder over TLS, and closes plain RTMP and weak ciphers on the TLS port', async () => {
  await using station = await openTestIngest({ config: { LECTERN_RTMPS_PORT: 0, LECTERN_TLS_CERT: file('cert.pem'), LECTERN_TLS_KEY: file('key.pem') } });
  const { lecture, key } = await station.openCourse();
  const plain = await RtmpClient.connect(station.ingest.rtmpsPort!);
  plain.handshake();
  await plain.closed;
  await until('the log line', () => station.log.some(({ msg }) => msg === 'rtmp.tlsFailed'));
  const weak = tls.connect({ port: station.ingest.rtmpsPort!, host: '127.0.0.1', rejectUnauthorized: false, maxVersion: 'TLSv1.2', ciphers: 'ECDHE-ECDSA-AES128-SHA' });
  expect(await once(weak, 'secureConnect').catch((err: NodeJS.ErrnoException) => err.code)).toBe('ERR_SSL_SSL/TLS_ALERT_HANDSHAKE_FAILURE');
  const push = pushWithFfmpeg(`rtmps://127.0.0.1:${station.ingest.rtmpsPort}/live/${key}`, [...testVideo, ...testAudio, ...advisedVideo, ...obsAudio]);
  await until('attached', () => lecture.attached.length === 1);
  await push.stop();
});

it.each([
  [{}, 'RTMPS needs LECTERN_TLS_CERT and LECTERN_TLS_KEY'],
  [{ LECTERN_TLS_CERT: '/nowhere/cert.pem', LECTERN_TLS_KEY: '/nowhere/key.pem' }, 'LECTERN_TLS_CERT: /nowhere/cert.pem cannot be read (ENOENT)'],
])('reports what is wrong with the certificate: %j', async (files, problem) => {
  const failure = await openTestIngest({ config: { LECTERN_RTMPS_PORT: 0, ...files } }).catch((err: unknown) => err);
  expect(failure).toBeInstanceOf(ConfigError);
  expect((failure as ConfigError).message).toContain(problem);
});
