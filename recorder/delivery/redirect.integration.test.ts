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
  describe('Redirects to S3', () => it.skip('NOT TESTED: LECTERN_TEST_S3_ENDPOINT is not set'));
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
      url = bench.urlOf(of).replace('main.m3u8', file);
    });
    afterAll(() => bench.close());

    it('reaches the viewer', async () => {
      const response = await bench.fetchMedia(url, { headers: { range: 'bytes=10-12' } });
      if (!isRedirecting) {
        expect(response).toMatchObject({ status: 206, body: Buffer.from('abc') });
        return;
      }
      expect(response.status).toBe(302);
      expect(response.headers['cache-control']).toBe('private, max-age=15');
      const signedUrl = String(response.headers.location);
      expect(Number(new URL(signedUrl).searchParams.get('X-Amz-Expires'))).toBe(45);
      const body = await new Promise<Buffer>((resolve, reject) => {
        get(signedUrl, (followed) => void buffer(followed).then(resolve, reject)).on('error', reject);
      });
      expect(body.equals(segmentBytes)).toBe(true);
    });

    it('answers HEAD itself, because a signed URL is valid for GET only', async () => {
      const head = await bench.fetchMedia(url, { method: 'HEAD' });
      expect(head.status).toBe(200);
      expect(head.headers['content-length']).toBe('36');
    });

    it('comes from the spool while it is not stored yet', async () => {
      await bench.addSegmentFile(recordingId, 'main-video/000002.m4s');
      expect((await bench.fetchMedia(url.replace('000001', '000002'))).body.equals(segmentBytes)).toBe(true);
    });

    it('responds with 404, or redirects to a missing object, when the object is gone', async () => {
      const name = `${recordingId}/main-video/000003.m4s`;
      await bench.store.delete(await bench.addStoredSegment(recordingId, 'main-video/000003.m4s'));
      // Another hash, because the bytes of the other segments are cached.
      const location = bench.locations.get(name);
      if (location) bench.locations.set(name, { ...location, sha256: 'a'.repeat(64) });
      expect((await bench.fetchMedia(url.replace('000001', '000003'))).status).toBe(isRedirecting ? 302 : 404);
    });
  });

  it('An unavailable store results in 503 with a retry time', async () => {
    const store = await openTestS3Store('lectern-away', { LECTERN_S3_ENDPOINT: 'http://127.0.0.1:9' });
    const bench = await openDeliveryBench({ store });
    const of = bench.viewer();
    bench.locations.set(`${of.recordingId}/${file}`, { kind: 'stored', key: 'recordings/x/y.m4s', bytes: 36, sha256: 'a'.repeat(64) });
    const url = bench.urlOf(of);
    const response = await bench.fetchMedia(url.replace('main.m3u8', file));
    expect(response.status).toBe(503);
    expect(response.headers['retry-after']).toBe('2');
    await bench.close();
  });
}
