import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { CourseId, LectureId, VideoId } from '#engine/contract';
import type { PlaybackView } from '#api/contract';
import { ApiError, ApiUnreachableError, PlaybackView as PlaybackSchema } from '#api/contract';
import { exampleVideo } from '../testing/exampleVideo.ts';
import { MediaUrls } from './MediaUrls.ts';

const nowMs = Date.parse('2026-11-20T10:00:00.000Z');
const origin = 'https://lectern.example';

beforeEach(() => {
  vi.useFakeTimers({ now: nowMs });
});
afterEach(() => {
  vi.useRealTimers();
});

function playback(token: string, validSeconds = 3600): PlaybackView {
  const common = { hasAudio: true, hasVideo: true, startOffsetSeconds: 0, kept: null, durationSeconds: 60, pictures: [] };
  return PlaybackSchema.parse({
    video: exampleVideo({ id: VideoId.parse('vid_00000000000000000001'), courseId: CourseId.parse('crs_00000000000000000001'), lectureId: LectureId.parse('lec_00000000000000000001'), title: 'Lecture' }),
    isLive: false,
    tracks: [
      { ...common, source: 'camera', masterUrl: `/media/${token}/main.m3u8` },
      { ...common, source: 'screen', masterUrl: `/media/${token}/screen.m3u8` },
    ],
    kept: null,
    chatOffsetSeconds: 0,
    expiresAt: new Date(Date.now() + validSeconds * 1000).toISOString(),
  });
}

function refusal(status: number) {
  return new ApiError({ type: 'about:blank', title: 'No', status, detail: 'No.', instance: '/', code: 'access.denied' });
}

it('returns the URLs as they were signed', async () => {
  const urls = new MediaUrls({ playback: playback('one'), load: () => Promise.reject(new Error('not expected')), origin, nowMs: Date.now });
  expect(urls.multivariantUrl('screen')).toBe('https://lectern.example/media/one/screen.m3u8');
  expect(urls.multivariantUrl('program')).toBeUndefined();
  expect(await urls.current('/media/one/video/12.m4s')).toBe('https://lectern.example/media/one/video/12.m4s');
  urls.close();
});

it('translates URLs with an earlier signature, after any number of renewals', async () => {
  const tokens = ['two', 'three'];
  const urls = new MediaUrls({ playback: playback('one'), load: async () => playback(tokens.shift() ?? 'none'), origin, nowMs: Date.now });
  expect(await urls.renew()).toBe(true);
  expect(await urls.current('https://lectern.example/media/one/video/12.m4s')).toBe('https://lectern.example/media/two/video/12.m4s');
  await urls.renew();
  expect(await urls.current('/media/one/video/12.m4s')).toBe('https://lectern.example/media/three/video/12.m4s');
  expect(await urls.current('/media/two/screen.m3u8')).toBe('https://lectern.example/media/three/screen.m3u8');
  urls.close();
});

it('renews a minute before the URLs expire, and again the next time', async () => {
  const load = vi.fn(async () => playback('two', 600));
  const urls = new MediaUrls({ playback: playback('one', 600), load, origin, nowMs: Date.now });
  await vi.advanceTimersByTimeAsync(539_000);
  expect(load).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(2_000);
  expect(load).toHaveBeenCalledTimes(1);
  await vi.advanceTimersByTimeAsync(541_000);
  expect(load).toHaveBeenCalledTimes(2);
  urls.close();
});

it('renews once for any number of requests refused at the same time', async () => {
  const load = vi.fn(async () => playback('two'));
  const urls = new MediaUrls({ playback: playback('one'), load, origin, nowMs: Date.now });
  await Promise.all([urls.renew(), urls.renew(), urls.renew()]);
  expect(load).toHaveBeenCalledTimes(1);
  urls.close();
});

it.each([401, 403, 404, 410])('treats status %i as revoked access', async (status) => {
  const urls = new MediaUrls({ playback: playback('one'), load: () => Promise.reject(refusal(status)), origin, nowMs: Date.now });
  expect(await urls.renew()).toBe(false);
  expect(urls.isDenied.value).toBe(true);
  urls.close();
});

it('does not treat an unreachable server as revoked access', async () => {
  const urls = new MediaUrls({ playback: playback('one'), load: () => Promise.reject(new ApiUnreachableError(new Error('offline'))), origin, nowMs: Date.now });
  expect(await urls.renew()).toBe(false);
  expect(urls.isDenied.value).toBe(false);
  expect(await urls.current('/media/one/video/12.m4s')).toBe('https://lectern.example/media/one/video/12.m4s');
  urls.close();
});

it('renews when the URLs expire on the clock of the server, however wrong the clock of the device is', async () => {
  const dayMs = 24 * 60 * 60 * 1000;
  for (const wrongByMs of [-3 * dayMs, 3 * dayMs]) {
    const load = vi.fn(async () => playback('two', 3600 - wrongByMs / 1000));
    const first = playback('one');
    vi.setSystemTime(nowMs + wrongByMs);
    const urls = new MediaUrls({ playback: first, load, origin, nowMs: () => Date.now() - wrongByMs });
    await vi.advanceTimersByTimeAsync(3_500_000);
    expect(load).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(load).toHaveBeenCalledTimes(1);
    urls.close();
    vi.setSystemTime(nowMs);
  }
});

it('translates the URLs of a recording into the ones of its renditions when it is played from those', async () => {
  const [recorded, ladder] = [playback('one'), playback('two')];
  const tracks = ladder.tracks.map((track) => ({ ...track, masterUrl: track.masterUrl.replace('/two/', '/two/v/') }));
  const urls = new MediaUrls({ playback: recorded, load: () => Promise.resolve({ ...ladder, tracks }), origin, nowMs: Date.now });
  await urls.renew();
  expect(await urls.current(`${origin}/media/one/main-video/000001.m4s`)).toBe(`${origin}/media/two/main-video/000001.m4s`);
  urls.close();
});
