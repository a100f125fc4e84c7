import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { Upload } from '@tus/server';
import { describe, expect, it } from 'vitest';
import { newId } from '#engine/kernel';
import { ManualClock } from '#engine/testing';
import { testS3Config, testS3Server, openTestS3Store } from '../storage/testing/testS3Server.ts';
import { s3ClientConfig } from '../storage/s3ClientConfig.ts';
import { KnownHashes } from './KnownHashes.ts';
import { S3Incoming } from './S3Incoming.ts';
import { incomingStoreConformance } from './testing/incomingStoreConformance.ts';
import { Transfer } from './Transfer.ts';
import { Transfers } from './Transfers.ts';
import { sourceKeyOf } from './UploadRow.ts';

const server = testS3Server();
if (!server) {
  process.stderr.write('\nNOT TESTED: uploads to S3. Set LECTERN_TEST_S3_ENDPOINT, _ACCESS_KEY and _SECRET_KEY (see .ci/s3-server).\n');
  describe('Uploads to S3', () => it.skip('NOT TESTED: LECTERN_TEST_S3_ENDPOINT is not set'));
} else {
  const bucket = `lectern-incoming-${randomBytes(4).toString('hex')}`;
  const partBytes = 5 * 2 ** 20;
  incomingStoreConformance('S3', async ({ transferOf }) => {
    const store = await openTestS3Store(bucket);
    const open = () => new S3Incoming({ bucket, client: s3ClientConfig({ config: testS3Config() }), transferOf, partBytes });
    return { incoming: open(), reopened: open(), store, close: () => store.close() };
  }, { largeBytes: 2 * partBytes + 1_000_000 });

  it('Of two parts in flight of which the first is not stored, none counts, and the file is complete in the end', async () => {
    const store = await openTestS3Store(`${bucket}-hole`);
    const transfers = new Transfers();
    const incoming = new S3Incoming({ bucket: `${bucket}-hole`, client: s3ClientConfig({ config: testS3Config() }), transferOf: (id) => transfers.of(id), partBytes });
    const file = Buffer.concat([Buffer.from('\0\0\0\x20ftypisom\0\0\x02\0isomiso2avc1mp41', 'latin1'), randomBytes(3 * partBytes)]);
    const place = { _id: newId('upl'), videoId: newId('vid') };
    const id = incoming.idOf(place);
    await incoming.data.create(new Upload({ id, size: file.length, offset: 0 }));
    const parts = incoming.data as unknown as { uploadPart(metadata: unknown, part: Buffer, number: number): Promise<string> };
    const send = parts.uploadPart.bind(parts);
    const second = Promise.withResolvers<void>();
    parts.uploadPart = async (metadata, part, number) => {
      if (number === 1) await second.promise.then(() => Promise.reject(new Error('the store was away')));
      const tag = await send(metadata, part, number);
      if (number === 2) second.resolve();
      return tag;
    };
    const append = (offset: number) => {
      const transfer = new Transfer({ uploadId: place._id, userId: '', loginId: '', source: Readable.from([file.subarray(offset)]), bytes: file.length, clock: new ManualClock(), hashes: new KnownHashes() });
      return transfers.run(id, transfer, () => incoming.data.write(Readable.from([]), id, offset));
    };
    await expect(append(0)).rejects.toMatchObject({ code: 'store.unavailable' });
    expect((await incoming.data.getUpload(id)).offset).toBe(0);
    parts.uploadPart = send;
    expect(await append(0)).toBe(file.length);
    await incoming.finish(place, file.length);
    expect((await buffer((await store.get(sourceKeyOf(place))).body)).equals(file)).toBe(true);
    await store.close();
  });
}

