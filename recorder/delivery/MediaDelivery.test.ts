import { generateKeyPairSync } from 'node:crypto';
import { rm, writeFile } from 'node:fs/promises';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { TokenSigner } from '#engine/kernel';
import { claimsOf, loginOf, openDeliveryBench, segmentBytes, segmentSha256 } from './testing/deliveryBench.ts';
import type { DeliveryBench } from './testing/deliveryBench.ts';

let bench: DeliveryBench;
beforeAll(async () => {
  bench = await openDeliveryBench();
});
afterAll(() => bench.close());

function opened() {
  const of = bench.viewer();
  const url = bench.addressOf(of);
  return { of, url, base: url.slice(0, url.lastIndexOf('/')) };
}

describe('A playlist', () => {
  it('is served with its type, compressed for those who accept that', async () => {
    const { url } = opened();
    const plain = await bench.fetchMedia(url);
    expect(plain.status).toBe(200);
    expect(plain.headers).toMatchObject({ 'content-type': 'application/vnd.apple.mpegurl', 'cache-control': 'private, no-cache', vary: 'Accept-Encoding' });
    expect(plain.body.toString()).toContain('#EXTM3U');
    const small = await bench.fetchMedia(url, { headers: { 'accept-encoding': 'br, gzip;q=0.8' } });
    expect(small.headers).toMatchObject({ 'content-encoding': 'gzip', etag: plain.headers.etag });
    expect(small.body.length).toBeLessThan(plain.body.length);
    expect(gunzipSync(small.body).equals(plain.body)).toBe(true);
    const unwanted = await bench.fetchMedia(url, { headers: { 'accept-encoding': 'gzip;q=0' } });
    expect(unwanted.headers['content-encoding']).toBeUndefined();
  });

  it('that grows is asked for again each time, and answered in short while it has not grown', async () => {
    const { of, url } = opened();
    bench.playlists.set(`${of.recordingId}/main.m3u8`, { text: '#EXTM3U\none\n', isFinished: false });
    const first = await bench.fetchMedia(url);
    expect(first.headers['cache-control']).toBe('private, no-cache');
    const again = await bench.fetchMedia(url, { headers: { 'if-none-match': String(first.headers.etag) } });
    expect(again).toMatchObject({ status: 304, body: Buffer.alloc(0) });
    bench.playlists.set(`${of.recordingId}/main.m3u8`, { text: '#EXTM3U\none\ntwo\n', isFinished: false });
    const grown = await bench.fetchMedia(url, { headers: { 'if-none-match': String(first.headers.etag) } });
    expect(grown.status).toBe(200);
    expect(grown.body.toString()).toContain('two');
  });

  it('that grows has an update and a whole, each with its own tag and bodies', async () => {
    const { of, base } = opened();
    const [whole, delta] = [`#EXTM3U\n${'segment\n'.repeat(1000)}`, '#EXTM3U\n#EXT-X-SKIP:SKIPPED-SEGMENTS=990\n'];
    bench.playlists.set(`${of.recordingId}/main-audio.m3u8`, { text: whole, isFinished: false });
    bench.playlists.set(`${of.recordingId}/main-audio.m3u8?delta`, { text: delta, isFinished: false });
    const headers = { 'accept-encoding': 'gzip' };
    for (let round = 0; round < 2; round += 1) {
      const [first, update] = [await bench.fetchMedia(`${base}/main-audio.m3u8`, { headers }), await bench.fetchMedia(`${base}/main-audio.m3u8?_HLS_skip=YES`, { headers })];
      expect([gunzipSync(first.body).toString(), gunzipSync(update.body).toString()]).toEqual([whole, delta]);
      expect(update.headers['cache-control']).toBe('private, no-cache');
      const unchanged = (query: string, etag: unknown) => bench.fetchMedia(`${base}/main-audio.m3u8${query}`, { headers: { 'if-none-match': String(etag) } });
      expect((await unchanged('?_HLS_skip=YES', update.headers.etag)).status).toBe(304);
      expect((await unchanged('?_HLS_skip=YES', first.headers.etag)).status).toBe(200);
      expect((await unchanged('', update.headers.etag)).status).toBe(200);
    }
    expect((await bench.fetchMedia(`${base}/main-audio.m3u8?_HLS_skip=no`)).body.toString()).toBe(whole);
  });

  it('answers HEAD with the headers alone', async () => {
    const { url } = opened();
    const get = await bench.fetchMedia(url);
    const head = await bench.fetchMedia(url, { method: 'HEAD' });
    expect(head).toMatchObject({ status: 200, body: Buffer.alloc(0) });
    expect(head.headers).toMatchObject({ 'content-length': String(get.body.length), etag: get.headers.etag });
  });
});

describe.each(['spool', 'store'])('A segment in the %s', (place) => {
  const file = 'main-video/000001.m4s';
  let base: string;
  beforeAll(async () => {
    const { of, base: address } = opened();
    base = address;
    await (place === 'spool' ? bench.addSegmentFile(of.recordingId, file) : bench.addStoredSegment(of.recordingId, file));
  });

  it('is served whole, to be kept for good', async () => {
    const { status, headers, body } = await bench.fetchMedia(`${base}/${file}`);
    expect(status).toBe(200);
    expect(body.equals(segmentBytes)).toBe(true);
    expect(headers).toMatchObject({
      'content-type': 'video/mp4',
      'content-length': '36',
      'accept-ranges': 'bytes',
      'cache-control': 'private, max-age=86400, immutable',
      etag: `"${segmentSha256.slice(0, 32)}"`,
    });
  });

  it('is served in part', async () => {
    const middle = await bench.fetchMedia(`${base}/${file}`, { headers: { range: 'bytes=10-12' } });
    expect(middle).toMatchObject({ status: 206, body: Buffer.from('abc') });
    expect(middle.headers).toMatchObject({ 'content-range': 'bytes 10-12/36', 'content-length': '3' });
    expect((await bench.fetchMedia(`${base}/${file}`, { headers: { range: 'bytes=-2' } })).body.toString()).toBe('yz');
    const behind = await bench.fetchMedia(`${base}/${file}`, { headers: { range: 'bytes=36-' } });
    expect(behind.status).toBe(416);
    expect(behind.headers['content-range']).toBe('bytes */36');
  });

  it('is served whole when the part was meant of another version', async () => {
    const headers = { range: 'bytes=10-12', 'if-range': '"other"' };
    expect((await bench.fetchMedia(`${base}/${file}`, { headers })).status).toBe(200);
  });

  it('answers HEAD, and 304 to someone who has it', async () => {
    const head = await bench.fetchMedia(`${base}/${file}`, { method: 'HEAD' });
    expect(head).toMatchObject({ status: 200, body: Buffer.alloc(0) });
    expect(head.headers['content-length']).toBe('36');
    const again = await bench.fetchMedia(`${base}/${file}`, { headers: { 'if-none-match': String(head.headers.etag) } });
    expect(again.status).toBe(304);
  });
});

describe('Missing and damaged segments', () => {
  // With nothing in its memory: all segments of these tests are the same bytes.
  beforeEach(async () => {
    await bench.close();
    bench = await openDeliveryBench();
  });

  it('are found in the store when they left the spool in between', async () => {
    const { of, base } = opened();
    const spooled = await bench.addSegmentFile(of.recordingId, 'main-video/000002.m4s');
    const fromSpool = bench.locations.get(`${of.recordingId}/main-video/000002.m4s`);
    await bench.addStoredSegment(of.recordingId, 'main-video/000002.m4s');
    const fromStore = bench.locations.get(`${of.recordingId}/main-video/000002.m4s`);
    await rm(spooled);
    const places = [fromSpool, fromStore];
    Object.defineProperty(bench.locations, 'get', { configurable: true, value: () => places.shift() });
    try {
      expect((await bench.fetchMedia(`${base}/main-video/000002.m4s`)).body.equals(segmentBytes)).toBe(true);
      expect(places).toEqual([]);
    } finally {
      Reflect.deleteProperty(bench.locations, 'get');
    }
  });

  it('are refused in a gap, when truncated on the disk, and when deleted', async () => {
    const { of, base } = opened();
    expect(await bench.refusalCode(`${base}/main-video/000003.m4s`)).toBe('object.notFound');
    const spooled = await bench.addSegmentFile(of.recordingId, 'main-video/000004.m4s');
    await writeFile(spooled, 'half');
    expect(await bench.refusalCode(`${base}/main-video/000004.m4s`)).toBe('object.corrupt');
    await rm(spooled);
    expect(await bench.refusalCode(`${base}/main-video/000004.m4s`)).toBe('object.notFound');
  });

  it('are refused when the spool has other bytes of the same length, small and large, whole and in part', async () => {
    const { of, base } = opened();
    const spooled = await bench.addSegmentFile(of.recordingId, 'main-video/000006.m4s');
    await writeFile(spooled, Buffer.alloc(segmentBytes.length, '!'));
    for (const headers of [undefined, { range: 'bytes=10-12' }]) expect(await bench.refusalCode(`${base}/main-video/000006.m4s`, headers && { headers })).toBe('object.corrupt');
    await writeFile(spooled, segmentBytes);
    expect((await bench.fetchMedia(`${base}/main-video/000006.m4s`)).body.equals(segmentBytes)).toBe(true);

    const large = Buffer.alloc(3 * 2 ** 20, 'large');
    const largeFile = await bench.addSegmentFile(of.recordingId, 'main-video/000007.m4s', large);
    const part = { headers: { range: 'bytes=5-9' } };
    expect((await bench.fetchMedia(`${base}/main-video/000007.m4s`, part)).body.toString()).toBe('large');
    await writeFile(largeFile, Buffer.alloc(large.length, '!'));
    expect(await bench.refusalCode(`${base}/main-video/000007.m4s`, part)).toBe('object.corrupt');
    expect(await bench.refusalCode(`${base}/main-video/000007.m4s`)).toBe('object.corrupt');
  });

  it('are refused when the store has other bytes of the same length', async () => {
    const { of, base } = opened();
    await bench.addStoredSegment(of.recordingId, 'main-video/000005.m4s');
    const other = bench.locations.get(`${of.recordingId}/main-video/000005.m4s`);
    if (other) bench.locations.set(`${of.recordingId}/main-video/000005.m4s`, { ...other, sha256: 'f'.repeat(64) });
    expect(await bench.refusalCode(`${base}/main-video/000005.m4s`)).toBe('object.corrupt');
  });
});

describe('Who gets nothing', () => {
  it('a token that has expired', async () => {
    const { url } = opened();
    bench.clock.advance(6 * 3600 * 1000 + 1000);
    expect(await bench.refusalCode(url)).toBe('auth.expired');
  });

  it('a token that is forged, of another audience, or rubbish', async () => {
    const { of, url } = opened();
    const token = url.split('/')[2] ?? '';
    const [head, claims = '', signature] = token.split('.');
    const changed = Buffer.from(Buffer.from(claims, 'base64url').toString().replace(of.userId, `usr_${'0'.repeat(20)}`)).toString('base64url');
    const stranger = new TokenSigner(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey, bench.clock);
    const playback = claimsOf(of);
    const unsigned = `${Buffer.from('{"alg":"none","typ":"JWT"}').toString('base64url')}.${claims}.`;
    const wrong = [
      `${head}.${changed}.${signature}`,
      unsigned,
      stranger.sign('playback', playback, 60),
      bench.signer.sign('access', { userId: playback.viewer.userId, roles: ['admin'], generation: 1, loginId: 'x' }, 60),
      'rubbish',
      '%00',
    ];
    for (const bad of wrong) expect(await bench.refusalCode(`/media/${bad}/main.m3u8`)).toBe('auth.invalid');
  });

  it("another recording's token: it reaches its own recording and no other", async () => {
    const mine = opened();
    const theirs = opened();
    await bench.addSegmentFile(theirs.of.recordingId, 'main-video/000001.m4s');
    expect((await bench.fetchMedia(`${theirs.base}/main-video/000001.m4s`)).status).toBe(200);
    expect(await bench.refusalCode(`${mine.base}/main-video/000001.m4s`)).toBe('object.notFound');
    expect(await bench.refusalCode(`${mine.base}/${theirs.of.recordingId}/main-video/000001.m4s`)).toBe('object.notFound');
    expect(await bench.refusalCode(`${mine.base}/../${theirs.of.recordingId}/main.m3u8`)).toBe('object.notFound');
  });

  it('someone who was removed: at once where it is known, within ten seconds elsewhere', async () => {
    const { of, url, base } = opened();
    await bench.addSegmentFile(of.recordingId, 'main-video/000001.m4s');
    expect((await bench.fetchMedia(url)).status).toBe(200);
    bench.refusedUsers.add(of.userId);
    bench.clock.advance(9_000);
    expect((await bench.fetchMedia(url)).status).toBe(200);
    bench.clock.advance(1_000);
    expect(await bench.refusalCode(url)).toBe('access.denied');
    bench.refusedUsers.delete(of.userId);
    bench.delivery.forgetUser(of.userId);
    expect((await bench.fetchMedia(url)).status).toBe(200);
    bench.refusedUsers.add(of.userId);
    bench.delivery.forgetVideo(of.videoId);
    for (const gone of [url, `${base}/main-video/000001.m4s`, `${base}/main-video/000001.m4s?x`, `${base}/poster.jpg`]) expect(await bench.refusalCode(gone)).toBe('access.denied');
  });

  it('a login that has ended, at once', async () => {
    const { url, of } = opened();
    expect((await bench.fetchMedia(url)).status).toBe(200);
    bench.endedLogins.add(loginOf(of.userId));
    bench.delivery.forgetLogin(loginOf(of.userId));
    expect(await bench.refusalCode(url)).toBe('access.denied');
  });

  it('anybody while the gate cannot be asked, and they do again when it can', async () => {
    const { url } = opened();
    bench.gateDown.isDown = true;
    await expect(bench.fetchMedia(url)).rejects.toThrow('the gate is down');
    bench.gateDown.isDown = false;
    expect((await bench.fetchMedia(url)).status).toBe(200);
  });

  it('a path out of the recording', async () => {
    const { base } = opened();
    const asked = bench.asked.library;
    const paths = ['../../../etc/passwd', '..%2f..%2f..%2fetc%2fpasswd', 'main-video/../../x', 'main-video/%2e%2e/000001.m4s', '.drafts/x', 'main-video/000001.m4s%00', '', '%c0%ae%c0%ae/x'];
    for (const attempt of paths) expect(await bench.refusalCode(`${base}/${attempt}`)).toBe('object.notFound');
    expect(bench.asked.library).toBe(asked);
  });

  it('another method than GET and HEAD', async () => {
    const { url } = opened();
    const answer = await bench.fetchMedia(url, { method: 'POST' });
    expect(answer.status).toBe(405);
    expect(answer.headers.allow).toBe('GET, HEAD');
  });
});

describe('Many requests of one viewer', () => {
  it('ask the gate once in ten seconds', async () => {
    const { url } = opened();
    const before = bench.asked.gate;
    await Promise.all(Array.from({ length: 20 }, () => bench.fetchMedia(url)));
    expect(bench.asked.gate).toBe(before + 1);
  });
});
