import { keptSpans } from '../contract/index.ts';
import type { Span } from '../contract/index.ts';
import { maxServedOfCutMs, minTrimmedMs } from './limits.ts';
import { parseMediaPlaylist, writeMediaPlaylist } from './mediaPlaylistEntries.ts';
import type { PlaylistEntry } from './mediaPlaylistEntries.ts';

/** What is taken of a video: `cuts`, and everything outside of `within`. All in source time. */
export interface Edit {
  cuts: readonly Span[];
  within?: Span | undefined;
}

/** Whether a segment is served: it overlaps what is cut by no more than segments of audio and video are apart. */
export function isServed({ startMs, endMs }: Pick<PlaylistEntry, 'startMs' | 'endMs'>, { cuts, within }: Edit): boolean {
  const overlapMs = (span: Span) => Math.min(endMs, span.endMs) - Math.max(startMs, span.startMs);
  const limitMs = Math.min(maxServedOfCutMs, (endMs - startMs) / 2);
  if (cuts.some((cut) => overlapMs(cut) > limitMs)) return false;
  return within === undefined || overlapMs(within) >= endMs - startMs - limitMs;
}

/**
 * A media playlist without what is cut. It begins at 0, and has a discontinuity at each join. Of video, whole segments are left out. Audio
 * has its segments at other times: of those that are cut in part, the rest is served by an address of its own (`trimmedAddress`). The
 * playlist of a clip is finished when the end of the clip is recorded, also while the lecture is live.
 */
export function cutPlaylist(text: string, edit: Edit, isAudio = false): string {
  const { entries, head, isFinished } = parseMediaPlaylist(text);
  const left = isAudio ? entries.flatMap((entry) => piecesOf(entry, edit)) : entries.filter((entry) => isServed(entry, edit));
  const isWhole = isFinished || (edit.within !== undefined && (entries.at(-1)?.endMs ?? 0) >= edit.within.endMs - maxServedOfCutMs);
  return writeMediaPlaylist({ head, entries: left, isFinished: isWhole });
}

/** What is left of a segment of audio: all of it, or parts that are served as segments of their own. */
function piecesOf(entry: PlaylistEntry, edit: Edit): PlaylistEntry[] {
  const kept = keptOfEntry(entry, edit);
  const [first] = kept;
  if (kept.length === 1 && first && first.startMs === entry.startMs && first.endMs === entry.endMs) return [entry];
  return kept.map(({ startMs, endMs }) => {
    const isStart = startMs === entry.startMs;
    const uri = trimmedAddress(entry, { startMs, endMs });
    return {
      ...entry,
      startMs,
      endMs,
      uri,
      range: undefined,
      lines: [`#EXTINF:${((endMs - startMs) / 1000).toFixed(6)},`, uri],
      discontinuities: isStart ? entry.discontinuities : 0,
      dateMs: entry.dateMs === undefined ? undefined : entry.dateMs + startMs - entry.startMs,
      hasDate: isStart && entry.hasDate,
    };
  });
}

/** The parts of a segment that are not cut, without those that are shorter than a frame or two. A gap has no media to trim. */
export function keptOfEntry(entry: Pick<PlaylistEntry, 'startMs' | 'endMs'> & Partial<PlaylistEntry>, { cuts, within }: Edit): Span[] {
  if (entry.lines?.includes('#EXT-X-GAP')) return isServed(entry, { cuts, within }) ? [{ startMs: entry.startMs, endMs: entry.endMs }] : [];
  const clipped = within ? { startMs: Math.max(within.startMs, entry.startMs), endMs: Math.min(within.endMs, entry.endMs) } : { startMs: entry.startMs, endMs: entry.endMs };
  return keptSpans(entry.endMs, cuts, clipped).filter(({ startMs, endMs }) => endMs - startMs >= minTrimmedMs);
}

/** The file, which of its bytes are the segment, and which part of it is left, in source time. */
export function trimmedAddress({ uri, range }: Pick<PlaylistEntry, 'uri' | 'range'>, { startMs, endMs }: Span): string {
  return `${uri}?from=${startMs}&to=${endMs}${range ? `&bytes=${range.first}-${range.last}` : ''}`;
}

/** What is left of a track, in source time. */
export function keptOfPlaylist(text: string, edit: Edit): Span[] {
  const kept: Span[] = [];
  for (const { startMs, endMs } of parseMediaPlaylist(text).entries.filter((entry) => isServed(entry, edit))) {
    const last = kept.at(-1);
    if (last && last.endMs === startMs) last.endMs = endMs;
    else kept.push({ startMs, endMs });
  }
  return kept;
}

/** The bytes of each file that may be served; `'whole'` where all of it may. Files that are missing here are cut. */
export function servedFiles(text: string, edit: Edit, isAudio = false): Map<string, 'whole' | { first: number; last: number }[]> {
  const served = new Map<string, 'whole' | { first: number; last: number }[]>();
  for (const entry of parseMediaPlaylist(text).entries) {
    if (!(isAudio ? isWhole(entry, edit) : isServed(entry, edit))) continue;
    if (!entry.range) {
      served.set(entry.uri, 'whole');
      continue;
    }
    const ranges = served.get(entry.uri);
    const last = Array.isArray(ranges) ? ranges.at(-1) : undefined;
    if (last && last.last + 1 === entry.range.first) last.last = entry.range.last;
    else if (Array.isArray(ranges)) ranges.push({ ...entry.range });
    else served.set(entry.uri, [{ ...entry.range }]);
  }
  return served;
}

/** Nothing of a segment is cut, but for less than a frame or two. */
function isWhole(entry: PlaylistEntry, edit: Edit): boolean {
  const [first, ...others] = keptOfEntry(entry, edit);
  return first !== undefined && others.length === 0 && first.startMs === entry.startMs && first.endMs === entry.endMs;
}

/** Where segments begin and end: a cut begins and ends at such points, so that nothing of it is served. */
export function cutPointsOf(text: string): number[] {
  const { entries } = parseMediaPlaylist(text);
  return [0, ...entries.map(({ endMs }) => endMs)];
}
