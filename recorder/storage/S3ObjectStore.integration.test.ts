import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { get } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { buffer } from 'node:stream/consumers';
import { GetBucketCorsCommand, PutBucketCorsCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ManualClock, silentLogger, until } from '#engine/testing';
import { browserOrigin } from './browserOrigin.ts';
import type { ObjectStore } from './ObjectStore.ts';
import { openS3ObjectStore, readS3ObjectStore } from './openS3ObjectStore.ts';
import { alteringProxy } from './testing/alteringProxy.ts';
import { codeOf, objectStoreConformance, sha256 } from './testing/objectStoreConformance.ts';
import { openTestS3Store, testS3Config, testS3Server, toLoopback } from './testing/testS3Server.ts';

const server = testS3Server();
const run = randomBytes(4).toString('hex');
const contentType = 'video/mp4';
const largeBytes = 20_000_000;

if (!server) {
  process.stderr.write('\nNOT TESTED: S3. Set LECTERN_TEST_S3_ENDPOINT, _ACCESS_KEY and _SECRET_KEY (see .ci/s3-server).\n');
  describe('S3', () => it.skip('NOT TESTED: LECTERN_TEST_S3_ENDPOINT is not set'));
}

function request(url: string, headers: Record<string, string> = {}): Promise<{ status: number; headers: IncomingMessage['headers']; body: Buffer }> {
  return new Promise((resolve, reject) => {
    get(url, { ...toLoopback, headers }, (response) => {
      buffer(response).then((body) => resolve({ status: response.statusCode ?? 0, headers: response.headers, body }), reject);
    }).on('error', reject);
  });
}

if (server) {
  const virtualHost = { LECTERN_S3_ADDRESSING: 'virtual-host', LECTERN_S3_ENDPOINT: server.virtualHostEndpoint };
  objectStoreConformance('S3, path style,', () => openTestS3Store(`lectern-path-${run}`), { largeBytes });
  objectStoreConformance('S3, virtual-host style,', () => openTestS3Store(`lectern-vhost-${run}`, virtualHost), { largeBytes });

  describe.each([
    { style: 'path', settings: {}, start: `${server.endpoint}/lectern-signed-path-${run}/` },
    { style: 'virtual-host', settings: virtualHost, start: server.virtualHostEndpoint.replace('//', `//lectern-signed-virtual-host-${run}.`) },
  ])('A signed URL, $style style', ({ style, settings, start }) => {
    const key = 'recordings/rec_1/main-video/000001.m4s';
    const bytes = Buffer.from('0123456789');
    let store: ObjectStore;
    beforeAll(async () => {
      store = await openTestS3Store(`lectern-signed-${style}-${run}`, settings);
      await store.put(key, { bytes }, { contentType, sha256: sha256(bytes) });
    });
    afterAll(() => store.close());

    it('returns the object, or a range of it, to anybody, and to pages of other origins', async () => {
      const url = (await store.presignGet(key, 60)) ?? '';
      expect(url.startsWith(start)).toBe(true);
      const whole = await request(url, { origin: 'https://lectern.example.org' });
      expect(whole).toMatchObject({ status: 200, body: bytes });
      expect(whole.headers['content-type']).toBe(contentType);
      expect(whole.headers['access-control-allow-origin']).toBeTruthy();
      const part = await request(url, { range: 'bytes=2-4' });
      expect(part).toMatchObject({ status: 206, body: Buffer.from('234') });
    });

    it('is refused for another object, when forged, and without its signature', async () => {
      const url = (await store.presignGet(key, 60)) ?? '';
      expect((await request(url.replace('000001', '000002'))).status).toBe(403);
      expect((await request(url.replace(/Signature=..../, 'Signature=0000'))).status).toBe(403);
      expect((await request(url.split('?')[0] ?? '')).status).toBe(403);
    });

    it('expires', async () => {
      const url = (await store.presignGet(key, 1)) ?? '';
      await expect.poll(async () => (await request(url)).status, { timeout: 30_000 }).toBe(403);
    });
  });

  describe('S3', () => {
    it('uploads a file above the threshold in parts, and one below it in one request', async () => {
      const store = await openTestS3Store(`lectern-parts-${run}`);
      const folder = await mkdtemp(path.join(tmpdir(), 'lectern-parts-'));
      for (const [name, length] of [['small', 5_000_000], ['large', 20_000_000]] as const) {
        const file = path.join(folder, name);
        const bytes = randomBytes(length);
        await writeFile(file, bytes);
        await store.put(name, { file }, { contentType, sha256: sha256(bytes) });
      }
      // The etag of a multipart upload ends with the number of parts: 20 MB in parts of 8 MiB.
      expect((await store.head('small')).etag).not.toContain('-');
      expect((await store.head('large')).etag).toMatch(/-3$/);
      await rm(folder, { recursive: true });
      await store.close();
    });

    it('returns the origin from which browsers fetch', async () => {
      const store = await openTestS3Store(`lectern-parts-${run}`, { LECTERN_S3_PUBLIC_ENDPOINT: 'https://media.example.org' });
      expect(await browserOrigin(store)).toBe('https://media.example.org');
      await store.close();
    });
  });

  describe('The CORS rules of the bucket', () => {
    it('keep those of others, and allow the pages of Lectern', async () => {
      const bucket = `lectern-cors-${run}`;
      const open = (pageOrigin: string) => openS3ObjectStore({ config: testS3Config(), bucket, pageOrigin, clock: new ManualClock(), logger: silentLogger });
      await (await open('https://old.example.org')).close();
      const credentials = { accessKeyId: server.accessKey, secretAccessKey: server.secretKey };
      const client = new S3Client({ endpoint: server.endpoint, region: 'us-east-1', credentials, forcePathStyle: true });
      const upload = { ID: 'upload', AllowedOrigins: ['https://upload.example.org'], AllowedMethods: ['PUT'] };
      await client.send(new PutBucketCorsCommand({ Bucket: bucket, CORSConfiguration: { CORSRules: [upload] } }));
      const rules = async () => (await client.send(new GetBucketCorsCommand({ Bucket: bucket }))).CORSRules?.flatMap(({ AllowedOrigins }) => AllowedOrigins ?? []);
      for (let start = 0; start < 2; start += 1) {
        await (await open('https://lectern.example.org')).close();
        expect(await rules()).toEqual(['https://upload.example.org', 'https://lectern.example.org']);
      }
      client.destroy();
    });
  });

  describe('S3 that fails', () => {
    it('opens when the server refuses the key, and reports that', async () => {
      const store = await openTestS3Store(`lectern-refused-${run}`, { LECTERN_S3_SECRET_ACCESS_KEY: 'wrong' });
      const bytes = Buffer.from('x');
      await expect(store.put('a/b.m4s', { bytes }, { contentType, sha256: sha256(bytes) })).rejects.toMatchObject({ code: 'store.unavailable', details: { trouble: 'accessRefused' } });
      await store.close();
    });

    it('reports a missing bucket when an object cannot be stored', async () => {
      const store = readS3ObjectStore({ config: testS3Config(), bucket: `lectern-missing-${run}` });
      const bytes = Buffer.from('x');
      await expect(store.put('a/b.m4s', { bytes }, { contentType, sha256: sha256(bytes) })).rejects.toMatchObject({ code: 'store.unavailable', details: { trouble: 'bucketMissing' } });
      await store.close();
    });

    it('opens while the server is unavailable, and reports that', async () => {
      const store = await openTestS3Store(`lectern-away-${run}`, { LECTERN_S3_ENDPOINT: 'http://127.0.0.1:9' });
      expect(await codeOf(store.head('a/b.m4s'))).toBe('store.unavailable');
      await store.close();
    });

    it('prepares its bucket when the server becomes available after the start', async () => {
      const unaltered = { from: 'none', to: 'none' };
      const before = await alteringProxy(server.endpoint, unaltered);
      await before.close();
      const clock = new ManualClock();
      const store = await openTestS3Store(`lectern-late-${run}`, { LECTERN_S3_ENDPOINT: before.endpoint }, clock);
      const after = await alteringProxy(server.endpoint, { ...unaltered, port: Number(new URL(before.endpoint).port) });
      const bytes = Buffer.from('late');
      const put = () => codeOf(store.put('a/b.m4s', { bytes }, { contentType, sha256: sha256(bytes) }));
      expect(await put()).toBe('store.unavailable');
      await until('the bucket', async () => {
        clock.advance(5000);
        return (await put()) === 'no error';
      });
      await store.close();
      await after.close();
    });

    it.each([{ size: 'small', length: 1000 }, { size: 'in parts', length: 6_000_000 }])('refuses content that was altered on its way ($size)', async ({ length }) => {
      const proxy = await alteringProxy(server.endpoint, { from: 'UNALTERED-MARKER', to: 'ALTERED-MARKER--' });
      const folder = await mkdtemp(path.join(tmpdir(), 'lectern-altered-'));
      const store = await openTestS3Store(`lectern-altered-${run}`, { LECTERN_S3_ENDPOINT: proxy.endpoint });
      try {
        const bytes = Buffer.concat([Buffer.alloc(length, 'x'), Buffer.from('UNALTERED-MARKER')]);
        const file = path.join(folder, 'segment.m4s');
        await writeFile(file, bytes);
        expect(await codeOf(store.put('a/b.m4s', { file }, { contentType, sha256: sha256(bytes) }))).toBe('object.corrupt');
        expect(proxy.alterations()).toBeGreaterThan(0);
        expect(await codeOf(store.head('a/b.m4s'))).toBe('object.notFound');
      } finally {
        await store.close();
        await proxy.close();
        await rm(folder, { recursive: true, force: true });
      }
    });
  });
}
