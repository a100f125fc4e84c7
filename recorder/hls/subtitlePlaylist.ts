import { toSourceMs } from '../contract/index.ts';
import type { Span } from '../contract/index.ts';

/** A rendition of captions in a multivariant playlist. HLS calls it subtitles. */
export interface SubtitleRendition {
  /** BCP 47. */
  language: string;
  label: string;
  /** Of its playlist, relative to the multivariant playlist. */
  uri: string;
}

/** A segment of captions: `fromMs` to `toMs` of the playlist, whose media have timestamps that are `shiftMs` later. */
export interface SubtitleSegment {
  fromMs: number;
  toMs: number;
  shiftMs: number;
}

const group = 'captions';
/** Seconds of a segment. RFC 8216bis §6.2.4 allows subtitles another target duration than the media have. */
const segmentSeconds = 60;
/** A shorter rest belongs to the segment before it. */
const minSegmentSeconds = 1;

/** Adds captions to a multivariant playlist: to each of its variants (RFC 8216bis §4.4.6.1). */
export function withSubtitles(multivariant: string, renditions: readonly SubtitleRendition[]): string {
  if (renditions.length === 0) return multivariant;
  const names = new Set<string>();
  const media = renditions.map(({ language, label, uri }) => `#EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID="${group}",NAME="${uniqueName(label, names)}",LANGUAGE="${language}",DEFAULT=NO,AUTOSELECT=YES,FORCED=NO,URI="${uri}"`);
  const lines = multivariant.split('\n').map((line) => (line.startsWith('#EXT-X-STREAM-INF:') ? `${line},SUBTITLES="${group}"` : line));
  const first = lines.findIndex((line) => line.startsWith('#EXT-X-STREAM-INF:'));
  return first === -1 ? multivariant : [...lines.slice(0, first), ...media, ...lines.slice(first)].join('\n');
}

/** The media playlist of the first variant, which the segments of captions follow. */
export function firstVariant(multivariant: string): string | undefined {
  return /^#EXT-X-STREAM-INF:[^\n]*\n([^#\n]+)$/m.exec(multivariant)?.[1];
}

/**
 * The playlist of captions beside a complete media playlist: with the same discontinuities and the same length. Its segments are in edited
 * time, like the media playlist. `kept`: what the media playlist has left of the source. Undefined beside a playlist that still grows.
 */
export function subtitlePlaylist(mediaPlaylist: string, kept: readonly Span[]): string | undefined {
  if (!mediaPlaylist.includes('#EXT-X-ENDLIST')) return undefined;
  const lines: string[] = [];
  let longestSeconds = 1;
  let fromUs = 0;
  for (const { discontinuities, durationUs } of regionsOf(mediaPlaylist)) {
    lines.push(...Array.from({ length: discontinuities }, () => '#EXT-X-DISCONTINUITY'));
    const shiftMs = shiftAt(kept, { fromMs: fromUs / 1000, toMs: (fromUs + durationUs) / 1000 });
    for (const [startUs, endUs] of piecesOf(fromUs, durationUs)) {
      longestSeconds = Math.max(longestSeconds, Math.round((endUs - startUs) / 1e6));
      lines.push(`#EXTINF:${((endUs - startUs) / 1e6).toFixed(6)},`, subtitleFile({ fromMs: Math.round(startUs / 1000), toMs: Math.round(endUs / 1000), shiftMs }));
    }
    fromUs += durationUs;
  }
  return ['#EXTM3U', '#EXT-X-VERSION:7', `#EXT-X-TARGETDURATION:${longestSeconds}`, '#EXT-X-PLAYLIST-TYPE:VOD', '#EXT-X-MEDIA-SEQUENCE:0', ...lines, '#EXT-X-ENDLIST', ''].join('\n');
}

/** By how much the source is later than edited time in a part of the playlist that has no cut in it. */
export function shiftAt(kept: readonly Span[], { fromMs, toMs }: Pick<SubtitleSegment, 'fromMs' | 'toMs'>): number {
  // In the middle: the ends of playlists and of cuts differ by some microseconds.
  const middleMs = (fromMs + toMs) / 2;
  return Math.max(0, Math.round(toSourceMs(kept, middleMs) - middleMs));
}

export function subtitleFile({ fromMs, toMs, shiftMs }: SubtitleSegment): string {
  return `${fromMs}-${toMs}-${shiftMs}.vtt`;
}

/** Maps edited time to the timestamps of the media (RFC 8216bis §3.1.4), which have 33 bits and a clock of 90 kHz. */
export function timestampMap({ fromMs, shiftMs }: SubtitleSegment, local: string): string {
  return `X-TIMESTAMP-MAP=LOCAL:${local},MPEGTS:${((fromMs + shiftMs) * 90) % 2 ** 33}`;
}

interface Region {
  /** That begin here. */
  discontinuities: number;
  durationUs: number;
}

/** The parts of a media playlist between its discontinuities. */
function regionsOf(mediaPlaylist: string): Region[] {
  const regions: Region[] = [];
  let discontinuities = 0;
  for (const line of mediaPlaylist.split('\n')) {
    if (line === '#EXT-X-DISCONTINUITY') discontinuities += 1;
    const seconds = /^#EXTINF:([\d.]+)/.exec(line)?.[1];
    if (seconds === undefined) continue;
    if (regions.length === 0 || discontinuities > 0) regions.push({ discontinuities, durationUs: 0 });
    discontinuities = 0;
    const region = regions.at(-1);
    if (region) region.durationUs += Math.round(Number(seconds) * 1e6);
  }
  return regions;
}

function* piecesOf(fromUs: number, durationUs: number): Generator<[startUs: number, endUs: number]> {
  const endUs = fromUs + durationUs;
  for (let startUs = fromUs; startUs < endUs; ) {
    const nextUs = startUs + segmentSeconds * 1e6;
    const pieceEndUs = endUs - nextUs < minSegmentSeconds * 1e6 ? endUs : nextUs;
    yield [startUs, pieceEndUs];
    startUs = pieceEndUs;
  }
}

function uniqueName(label: string, names: Set<string>): string {
  const plain = label.replaceAll('"', "'");
  let name = plain;
  for (let count = 2; names.has(name); count += 1) name = `${plain} ${count}`;
  names.add(name);
  return name;
}
