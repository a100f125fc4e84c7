import type { ManifestRendition, ManifestSegment } from './Manifest.ts';

/** Where the files of a generation are, relative to the playlists of the video. */
export function renditionFile({ id }: Pick<ManifestRendition, 'id'>, generation: number, file: string): string {
  return `${generation}/${id}/${file}`;
}

/** The media playlist of one rendition. A segment is a byte range of a part. */
export function renditionPlaylist(rendition: ManifestRendition, generation: number): string {
  const { segments } = rendition;
  const lines = segments.map((segment) => entry(rendition, generation, segment));
  return [...head(segments.map(({ durationMs }) => durationMs)), '#EXT-X-INDEPENDENT-SEGMENTS', map(rendition, generation), ...lines, '#EXT-X-ENDLIST', ''].join('\n');
}

/** The name of the playlist of the keyframes of a rendition. */
export function keyframePlaylistName({ id }: Pick<ManifestRendition, 'id'>): string {
  return `${id}-iframes.m3u8`;
}

/** A playlist of keyframes only (RFC 8216bis §4.4.3.6), for images while a viewer seeks; undefined where the manifest does not know them. */
export function keyframePlaylist(rendition: ManifestRendition, generation: number): string | undefined {
  const frames = keyframesOf(rendition);
  if (!frames) return undefined;
  const lines = frames.map(({ segment, keyframeBytes, durationMs }) => entry(rendition, generation, { ...segment, durationMs, bytes: keyframeBytes }));
  return [...head(frames.map(({ durationMs }) => durationMs)), '#EXT-X-I-FRAMES-ONLY', map(rendition, generation), ...lines, '#EXT-X-ENDLIST', ''].join('\n');
}

/** Bits per second of the keyframes, the most and on average. */
export function keyframeBitrates(rendition: ManifestRendition): { peakBps: number; averageBps: number } | undefined {
  const frames = keyframesOf(rendition);
  if (!frames) return undefined;
  const bytes = frames.reduce((sum, frame) => sum + frame.keyframeBytes, 0);
  const totalMs = frames.reduce((sum, frame) => sum + frame.durationMs, 0);
  const peakBps = frames.reduce((most, frame) => Math.max(most, Math.ceil((frame.keyframeBytes * 8000) / frame.durationMs)), 0);
  return { peakBps, averageBps: Math.ceil((bytes * 8000) / totalMs) };
}

interface Keyframe {
  segment: ManifestSegment;
  keyframeBytes: number;
  durationMs: number;
}

function keyframesOf({ kind, segments }: ManifestRendition): Keyframe[] | undefined {
  const frames = segments.flatMap((segment) => (segment.keyframeBytes === undefined ? [] : [{ segment, keyframeBytes: segment.keyframeBytes, durationMs: segment.durationMs }]));
  return kind === 'video' && frames.length === segments.length ? frames : undefined;
}

/** RFC 8216bis §4.4.3.1: every EXTINF, rounded to whole seconds, is at most the target duration. */
function head(durationsMs: readonly number[]): string[] {
  const longestSeconds = durationsMs.reduce((most, durationMs) => Math.max(most, Math.round(durationMs / 1000)), 1);
  return ['#EXTM3U', '#EXT-X-VERSION:7', `#EXT-X-TARGETDURATION:${longestSeconds}`, '#EXT-X-PLAYLIST-TYPE:VOD', '#EXT-X-MEDIA-SEQUENCE:0'];
}

function map(rendition: ManifestRendition, generation: number): string {
  return `#EXT-X-MAP:URI="${renditionFile(rendition, generation, 'init.mp4')}"`;
}

function entry(rendition: ManifestRendition, generation: number, { part, offset, bytes, durationMs, isDiscontinuous }: ManifestSegment): string {
  const discontinuity = isDiscontinuous ? '#EXT-X-DISCONTINUITY\n' : '';
  return `${discontinuity}#EXTINF:${(durationMs / 1000).toFixed(6)},\n#EXT-X-BYTERANGE:${bytes}@${offset}\n${renditionFile(rendition, generation, `${part}.mp4`)}`;
}
