import { contentTypeOf } from '../storage/contentTypeOf.ts';

/** A file of a video that can be requested: of its recording, or of its renditions (`video…`). */
export type MediaPath =
  | { kind: 'playlist'; name: string }
  | { kind: 'segment'; path: string; contentType: string }
  | { kind: 'poster'; contentType: string }
  | { kind: 'videoPlaylist'; name: string }
  | { kind: 'videoSegment'; path: string; contentType: string }
  | { kind: 'videoImage'; path: string; contentType: string }
  | CaptionPlaylistPath
  | { kind: 'captionFile'; captionId: string; name: string };

/** The playlist of captions beside the media playlist `beside`. */
export interface CaptionPlaylistPath {
  kind: 'captionPlaylist';
  captionId: string;
  beside: { kind: 'playlist' | 'videoPlaylist'; name: string };
}

const track = '(?:main-video|main-audio|screen-video)';
const playlist = new RegExp(`^(?:main|screen|${track}|(?:main|screen)-video-iframes)\\.m3u8$`);
const segment = new RegExp(`^${track}/(?:init-\\d{1,5}\\.mp4|\\d{6,8}\\.m4s)$`);
const rendition = '[a-z0-9][a-z0-9-]{0,31}';
const videoPlaylist = new RegExp(`^v/(${rendition}(?:-iframes)?\\.m3u8)$`);
const videoSegment = new RegExp(`^v/(\\d{1,6}/${rendition}/(?:init|\\d{1,6})\\.mp4)$`);
const videoImage = /^v\/(storyboard\.vtt|storyboard-\d{1,4}\.jpg|waveform\.json)$/;

const captions = /^c\/(cap_[0-9a-z]{20})\/(.+)$/;
/** Segments are beside their playlist, and that of a rendition is in `v/`. */
const captionFile = /^(?:v\/)?(cues\.json|\d{1,10}-\d{1,10}-\d{1,10}\.vtt)$/;

/** Parses the names that a video can have; undefined for everything else. */
export function parseMediaPath(path: string): MediaPath | undefined {
  if (playlist.test(path)) return { kind: 'playlist', name: path };
  if (segment.test(path)) return { kind: 'segment', path, contentType: contentTypeOf(path) };
  if (path === 'poster.jpg') return { kind: 'poster', contentType: contentTypeOf(path) };
  return parseVideoPath(path) ?? parseCaptionPath(path);
}

function parseCaptionPath(path: string): MediaPath | undefined {
  const [, captionId, name] = captions.exec(path) ?? [];
  if (captionId === undefined || name === undefined) return undefined;
  const file = captionFile.exec(name)?.[1];
  if (file !== undefined) return { kind: 'captionFile', captionId, name: file };
  const beside = playlist.test(name) ? ({ kind: 'playlist', name } as const) : parseVideoPath(name);
  return beside?.kind === 'playlist' || beside?.kind === 'videoPlaylist' ? { kind: 'captionPlaylist', captionId, beside } : undefined;
}

function parseVideoPath(path: string): MediaPath | undefined {
  const [playlistName, segmentPath, imagePath] = [videoPlaylist, videoSegment, videoImage].map((pattern) => pattern.exec(path)?.[1]);
  if (playlistName !== undefined) return { kind: 'videoPlaylist', name: playlistName };
  if (segmentPath !== undefined) return { kind: 'videoSegment', path: segmentPath, contentType: contentTypeOf(segmentPath) };
  if (imagePath !== undefined) return { kind: 'videoImage', path: imagePath, contentType: contentTypeOf(imagePath) };
  return undefined;
}
