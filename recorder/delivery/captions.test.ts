import { afterAll, beforeAll, expect, it } from 'vitest';
import { openDeliveryBench } from './testing/deliveryBench.ts';
import type { DeliveryBench } from './testing/deliveryBench.ts';

let bench: DeliveryBench;
beforeAll(async () => {
  bench = await openDeliveryBench();
});
afterAll(() => bench.close());

const captionId = `cap_${'0'.repeat(20)}`;
const multivariant = '#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\nmain-video.m3u8\n';

function opened() {
  const of = bench.viewer();
  const url = bench.addressOf(of);
  bench.captions.tracks.set(of.videoId, [{ id: captionId, language: 'en', label: 'English' }]);
  return { of, base: url.slice(0, url.lastIndexOf('/')) };
}

it('Captions are listed in the multivariant playlists of a recording and of its renditions, not in those of its screen', async () => {
  const { of, base } = opened();
  for (const name of ['main', 'screen']) bench.playlists.set(`${of.recordingId}/${name}.m3u8`, { text: multivariant, isFinished: true });
  bench.renditions.playlists.set(`${of.videoId}/main.m3u8`, { text: multivariant.replace('main-video', 'v720'), isFinished: true });
  const textOf = async (path: string) => (await bench.fetchMedia(`${base}/${path}`)).body.toString();
  expect(await textOf('main.m3u8')).toContain(`URI="c/${captionId}/main-video.m3u8"`);
  expect(await textOf('v/main.m3u8')).toContain(`URI="../c/${captionId}/v/v720.m3u8"`);
  expect(await textOf('screen.m3u8')).toBe(multivariant);
});

it('The playlist of captions follows the media playlist beside it', async () => {
  const { of, base } = opened();
  bench.playlists.set(`${of.recordingId}/main-video.m3u8`, { text: 'media', isFinished: true });
  bench.renditions.playlists.set(`${of.videoId}/v720.m3u8`, { text: 'rendition', isFinished: true });
  const answer = await bench.fetchMedia(`${base}/c/${captionId}/main-video.m3u8`);
  expect(answer.headers).toMatchObject({ 'content-type': 'application/vnd.apple.mpegurl', 'cache-control': 'private, no-cache' });
  expect(answer.body.toString()).toBe(`captions ${captionId} beside media`);
  expect((await bench.fetchMedia(`${base}/c/${captionId}/v/v720.m3u8`)).body.toString()).toBe(`captions ${captionId} beside rendition`);
  expect(await bench.refusalCode(`${base}/c/${captionId}/v/v480.m3u8`)).toBe('object.notFound');
});

it('A file of captions is served with its type and a tag, to those who may watch', async () => {
  const { of, base } = opened();
  bench.captions.files.set(`${of.videoId}/${captionId}/0-1000-0.vtt`, { text: 'WEBVTT\n', contentType: 'text/vtt; charset=utf-8' });
  const url = `${base}/c/${captionId}/0-1000-0.vtt`;
  // Beside the playlist of a recording, and beside that of a rendition.
  expect((await bench.fetchMedia(`${base}/c/${captionId}/v/0-1000-0.vtt`)).body.toString()).toBe('WEBVTT\n');
  const { status, headers, body } = await bench.fetchMedia(url);
  expect([status, body.toString()]).toEqual([200, 'WEBVTT\n']);
  expect(headers).toMatchObject({ 'content-type': 'text/vtt; charset=utf-8', 'cache-control': 'private, no-cache' });
  expect((await bench.fetchMedia(url, { headers: { 'if-none-match': String(headers.etag) } })).status).toBe(304);
  bench.refusedUsers.add(of.userId);
  bench.delivery.forgetVideo(of.videoId);
  expect(bench.captions.forgotten).toContain(of.videoId);
  expect(await bench.refusalCode(url)).toBe('access.denied');
});

it('What is no file of captions does not exist', async () => {
  const { base } = opened();
  const paths = [`c/${captionId}/1000-2000-0.vtt`, `c/${captionId}/cues.json`, `c/${captionId}/../main.m3u8`, `c/cap_1/0-1000-0.vtt`, `c/${captionId}/x.vtt`, `c/${captionId}/v/storyboard.vtt`, `c/${captionId}/poster.jpg`, `c/${captionId}/-1-2-3.vtt`, 'c/', `c/${captionId}/`];
  for (const path of paths) expect(await bench.refusalCode(`${base}/${path}`), path).toBe('object.notFound');
});
