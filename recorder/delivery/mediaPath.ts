import { contentTypeOf } from '../storage/contentTypeOf.ts';

/** A file of a recording that can be requested. */
export type MediaPath =
  | { kind: 'playlist'; name: string }
  | { kind: 'segment'; path: string; contentType: string }
  | { kind: 'poster'; contentType: string };

const track = '(?:main-video|main-audio|screen-video)';
const playlist = new RegExp(`^(?:main|screen|${track}|(?:main|screen)-video-iframes)\\.m3u8$`);
const segment = new RegExp(`^${track}/(?:init-\\d{1,5}\\.mp4|\\d{6,8}\\.m4s)$`);

/** Parses the names that a recording can have; undefined for everything else. */
export function parseMediaPath(path: string): MediaPath | undefined {
  if (playlist.test(path)) return { kind: 'playlist', name: path };
  if (segment.test(path)) return { kind: 'segment', path, contentType: contentTypeOf(path) };
  if (path === 'poster.jpg') return { kind: 'poster', contentType: contentTypeOf(path) };
  return undefined;
}
