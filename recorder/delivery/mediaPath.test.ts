import { describe, expect, it } from 'vitest';
import { parseMediaPath } from './mediaPath.ts';

describe('A path within a recording', () => {
  it.each([
    ['main.m3u8', { kind: 'playlist', name: 'main.m3u8' }],
    ['screen-video.m3u8', { kind: 'playlist', name: 'screen-video.m3u8' }],
    ['main-video-iframes.m3u8', { kind: 'playlist', name: 'main-video-iframes.m3u8' }],
    ['main-video/init-0.mp4', { kind: 'segment', path: 'main-video/init-0.mp4', contentType: 'video/mp4' }],
    ['main-audio/init-12.mp4', { kind: 'segment', path: 'main-audio/init-12.mp4', contentType: 'audio/mp4' }],
    ['main-audio/000123.m4s', { kind: 'segment', path: 'main-audio/000123.m4s', contentType: 'audio/mp4' }],
    ['screen-video/1000000.m4s', { kind: 'segment', path: 'screen-video/1000000.m4s', contentType: 'video/mp4' }],
    ['poster.jpg', { kind: 'poster', contentType: 'image/jpeg' }],
  ])('%s is parsed', (path, parsed) => {
    expect(parseMediaPath(path)).toEqual(parsed);
  });

  it.each([
    'main-audio-iframes.m3u8', '', '/', 'main.m3u8/', '/main.m3u8', './main.m3u8', 'main.M3U8', 'main.m3u8\n', 'main-video/1.m4s', 'main-video/../main.m3u8',
    'main-video/..%2f..%2fsecret', '..%2f..%2fetc%2fpasswd', '../../etc/passwd', 'main-video/000001.m4s%00.jpg', 'other-video/000001.m4s',
    'main-video//000001.m4s', 'main-video\\000001.m4s', 'journal.json', 'main-video/init-.mp4', 'main-video/init-0.mp4.draft',
  ])('%j is refused', (path) => {
    expect(parseMediaPath(path)).toBeUndefined();
  });
});
