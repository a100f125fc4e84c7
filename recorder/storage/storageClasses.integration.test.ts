import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ManualClock, silentLogger } from '#engine/testing';
import type { ObjectStore } from './ObjectStore.ts';
import { openS3ObjectStore } from './openS3ObjectStore.ts';
import { codeOf, sha256 } from './testing/objectStoreConformance.ts';
import { storageClassConformance } from './testing/storageClassConformance.ts';
import { openTestS3Store, testS3Config, testS3Server } from './testing/testS3Server.ts';

const run = randomBytes(4).toString('hex');
const mebibyte = 1024 * 1024;

/**
 * Ceph's gateway (RGW) is a real server with real classes: moves, copies in parts and listings. Its archive is read at once and it has
 * no RestoreObject: it cannot judge restores. moto answers as AWS does, in memory: it judges what has to be restored, and cannot
 * judge that bytes are moved anywhere, nor how long a restore takes. versitygw has one class: it judges that a class it does not have is refused.
 */
const judges = [
  { name: 'Ceph', variable: 'LECTERN_TEST_CEPH_ENDPOINT', script: 'ceph-server', hasToRestore: false },
  { name: 'moto', variable: 'LECTERN_TEST_MOTO_ENDPOINT', script: 'moto-server', hasToRestore: true },
] as const;

for (const { name, variable, script, hasToRestore } of judges) {
  const endpoint = process.env[variable];
  if (!endpoint) {
    process.stderr.write(`\nNOT TESTED: storage classes of ${name}. Set ${variable} (see .ci/${script}).\n`);
    describe(name, () => it.skip(`NOT TESTED: ${variable} is not set`));
    continue;
  }
  const config = testS3Config({ LECTERN_S3_ENDPOINT: endpoint, LECTERN_S3_ACCESS_KEY_ID: 'lectern', LECTERN_S3_SECRET_ACCESS_KEY: 'lectern-secret' });
  const options = { config, bucket: `lectern-classes-${run}`, clock: new ManualClock(), logger: silentLogger, multipartThresholdBytes: 5 * mebibyte, copyPartBytes: 5 * mebibyte };
  storageClassConformance(name, { open: () => openS3ObjectStore(options), largeBytes: 12_000_000, hasToRestore });
}

const server = testS3Server();
if (server) {
  describe('An S3 server that has one class', () => {
    const key = 'recordings/rec_1/main-video/000001.m4s';
    let store: ObjectStore;
    beforeAll(async () => {
      store = await openTestS3Store(`lectern-oneclass-${run}`);
    });
    afterAll(() => store.close());

    it('refuses to move objects to another one, and keeps them', async () => {
      const bytes = Buffer.from('content');
      await store.put(key, { bytes }, { contentType: 'video/mp4', sha256: sha256(bytes) });
      expect(await codeOf(store.setClass(key, 'infrequent'))).toBe('storageClass.unsupported');
      expect(await store.head(key)).toMatchObject({ storageClass: 'standard', bytes: bytes.length, contentType: 'video/mp4', sha256: sha256(bytes) });
    });
  });
} else {
  process.stderr.write('\nNOT TESTED: a server with one storage class. Set LECTERN_TEST_S3_ENDPOINT (see .ci/s3-server).\n');
}
