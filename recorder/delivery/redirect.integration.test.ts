import { randomBytes } from 'node:crypto';
import { get } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestS3Store, testS3Server } from '../storage/testing/testS3Server.ts';
import { openDeliveryBench, segmentBytes } from './testing/deliveryBench.ts';
import type { DeliveryBench } from './testing/deliveryBench.ts';

const file = 'main-video/000001.m4s';

if (!testS3Server()) {
  process.stderr.write('\nNOT TESTED: redirects to S3. Set LECTERN_TEST_S3_ENDPOINT, _ACCESS_KEY and _SECRET_KEY (see .ci/s3-server).\n');
  describe('Redirects to S3', () => it.skip('NOT TESTED, as LECTERN_TEST_S3_ENDPOINT names no server'));
} else {
  describe.each([{ isRedirecting: true }, { isRedirecting: false }])('Media in S3, redirecting: $isRedirecting,', ({ isRedirecting }) => {
    let bench: DeliveryBench;
    let url: string;
    let recordingId: string;
    beforeAll(async () => {
      const store = await openTestS3Store(`lectern-delivery-${randomBytes(4).toString('hex')}`);
      bench = await openDeliveryBench({ store, isRedirecting });
      const of = bench.viewer();
      recordingId = of.recordingId;
      await bench.addStoredSegment(recordingId, file);
      url = bench.addressOf(of).replace('main.m3u8', file);
    });
    afterAll(() => bench.close());

    it('reaches the viewer', async () => {
      const answer = await bench.fetchMedia(url, { headers: { range: 'bytes=10-12' } });
      if (!isRedirecting) {
        expect(answer).toMatchObject({ status: 206, body: Buffer.from('abc') });
        return;
      }
      expect(answer.status).toBe(302);
      expect(answer.headers['cache-control']).toBe('private, max-age=15');
      const address = String(answer.headers.location);
      expect(Number(new URL(address).searchParams.get('X-Amz-Expires'))).toBe(45);
      const body = await new Promise<Buffer>((resolve, reject) => {
        get(address, (followed) => void buffer(followed).then(resolve, reject)).on('error', reject);
      });
      expect(body.equals(segmentBytes)).toBe(true);
    });

    it('answers HEAD itself, as an address is signed for GET alone', async () => {
      const head = await bench.fetchMedia(url, { method: 'HEAD' });
      expect(head.status).toBe(200);
      expect(head.headers['content-length']).toBe('36');
    });

    it('comes from the spool while it is not stored yet', async () => {
      await bench.addSegmentFile(recordingId, 'main-video/000002.m4s');
      expect((await bench.fetchMedia(url.replace('000001', '000002'))).body.equals(segmentBytes)).toBe(true);
    });

    it('is 404 or a signed address that leads nowhere when the object is gone', async () => {
      const name = `${recordingId}/main-video/000003.m4s`;
      await bench.store.delete(await bench.addStoredSegment(recordingId, 'main-video/000003.m4s'));
      // Bytes of its own: those of the other segments are in the delivery's memory.
      const location = bench.locations.get(name);
      if (location) bench.locations.set(name, { ...location, sha256: 'a'.repeat(64) });
      const missing = url.replace('000001', '000003');
      if (isRedirecting) expect((await bench.fetchMedia(missing)).status).toBe(302);
      else expect(await bench.refusalCode(missing)).toBe('object.notFound');
    });
  });

  it('An unavailable store is reported as such', async () => {
    const store = await openTestS3Store('lectern-away', { LECTERN_S3_ENDPOINT: 'http://127.0.0.1:9' });
    const bench = await openDeliveryBench({ store });
    const of = bench.viewer();
    bench.locations.set(`${of.recordingId}/${file}`, { kind: 'stored', key: 'recordings/x/y.m4s', bytes: 36, sha256: 'a'.repeat(64) });
    const url = bench.addressOf(of);
    expect(await bench.refusalCode(url.replace('main.m3u8', file))).toBe('store.unavailable');
    await bench.close();
  });
}
