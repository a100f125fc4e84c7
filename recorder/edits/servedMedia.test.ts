import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Cut } from '../library/index.ts';
import { openDeliveryBench, segmentBytes, segmentSha256 } from '../delivery/testing/deliveryBench.ts';
import type { DeliveryBench } from '../delivery/testing/deliveryBench.ts';

let bench: DeliveryBench;
beforeAll(async () => {
  bench = await openDeliveryBench({ isRedirecting: true });
});
afterAll(() => bench.close());

const cut = (startMs: number, endMs: number): Cut => ({ id: 'cut_1', startMs, endMs, cutAt: '2030-01-01T00:00:00.000Z', cutBy: null, purgedAt: null });

const playlist = `#EXTM3U
#EXT-X-TARGETDURATION:4
#EXT-X-PLAYLIST-TYPE:VOD
#EXT-X-MAP:URI="main-video/init-0.mp4"
#EXTINF:4.000000,
main-video/000000.m4s
#EXTINF:4.000000,
main-video/000001.m4s
#EXTINF:4.000000,
main-video/000002.m4s
#EXT-X-ENDLIST
`;

it('A part of a recording that is cut is in no playlist and is served to nobody, and comes back when that is undone', async () => {
  const of = bench.viewer();
  const base = bench.addressOf(of).replace(/\/main\.m3u8$/, '');
  bench.playlists.set(`${of.recordingId}/main-video.m3u8`, { text: playlist, isFinished: true });
  for (const file of ['init-0.mp4', '000000.m4s', '000001.m4s', '000002.m4s']) await bench.addStoredSegment(of.recordingId, `main-video/${file}`);
  const get = (path: string, headers = {}) => bench.fetchMedia(`${base}/${path}`, { headers });
  expect((await get('main-video.m3u8')).body.toString()).toBe(playlist);

  bench.cuts.set(of.videoId, [cut(4000, 8000)]);
  bench.delivery.forgetVideo(of.videoId);
  expect((await get('main-video.m3u8')).body.toString()).toContain('000000.m4s\n#EXT-X-DISCONTINUITY\n#EXTINF:4.000000,\nmain-video/000002.m4s');
  expect(await bench.refusalCode(`${base}/main-video/000001.m4s`)).toBe('video.edited');
  expect(await bench.refusalCode(`${base}/main-video/000001.m4s`, { headers: { range: 'bytes=0-1' } })).toBe('video.edited');
  for (const file of ['init-0.mp4', '000000.m4s', '000002.m4s']) expect((await get(`main-video/${file}`)).status).toBeLessThan(400);

  bench.cuts.delete(of.videoId);
  bench.delivery.forgetVideo(of.videoId);
  expect((await get('main-video.m3u8')).body.toString()).toBe(playlist);
  expect(await bench.refusalCode(`${base}/main-video/000001.m4s`)).toBeUndefined();
});

it('Of a file that has parts that are cut, only the other bytes are served, and never by an address of the store', async () => {
  const of = bench.viewer();
  const base = bench.addressOf(of).replace(/\/main\.m3u8$/, '');
  const [half, bytes] = [Math.floor(segmentBytes.length / 2), segmentBytes.length];
  const text = `#EXTM3U\n#EXT-X-MAP:URI="1/v720/init.mp4"\n#EXTINF:4.000000,\n#EXT-X-BYTERANGE:${half}@0\n1/v720/0.mp4\n#EXTINF:4.000000,\n#EXT-X-BYTERANGE:${bytes - half}@${half}\n1/v720/0.mp4\n#EXT-X-ENDLIST\n`;
  const key = `videos/${of.videoId}/1/v720/0.mp4`;
  await bench.store.put(key, { bytes: segmentBytes }, { contentType: 'video/mp4', sha256: segmentSha256 });
  bench.renditions.playlists.set(`${of.videoId}/v720.m3u8`, { text, isFinished: true });
  bench.renditions.files.set(`${of.videoId}/1/v720/0.mp4`, { kind: 'stored', key, bytes, sha256: segmentSha256 });
  bench.cuts.set(of.videoId, [cut(4000, 8000)]);
  const ask = (range?: string) => bench.refusalCode(`${base}/v/1/v720/0.mp4`, range === undefined ? {} : { headers: { range } });
  const kept = await bench.fetchMedia(`${base}/v/1/v720/0.mp4`, { headers: { range: `bytes=0-${half - 1}` } });
  expect([kept.status, kept.body.equals(segmentBytes.subarray(0, half))]).toEqual([206, true]);
  for (const range of [undefined, `bytes=0-${half}`, `bytes=${half}-`, 'bytes=-1', 'bytes=0-', 'bytes=0-1,4-5']) expect(await ask(range), range).toBe('video.edited');
});
