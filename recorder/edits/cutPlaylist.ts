import type { Span } from '../contract/index.ts';
import { maxServedOfCutMs } from './limits.ts';
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
 * A media playlist without the segments that are cut. It begins at 0, and has a discontinuity at each join. That of a clip is finished when
 * the end of the clip is recorded, also while the lecture is live.
 */
export function cutPlaylist(text: string, edit: Edit): string {
  const playlist = parseMediaPlaylist(text);
  const endMs = playlist.entries.at(-1)?.endMs ?? 0;
  const isFinished = playlist.isFinished || (edit.within !== undefined && endMs >= edit.within.endMs - maxServedOfCutMs);
  return writeMediaPlaylist({ ...playlist, isFinished }, (entry) => isServed(entry, edit));
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
export function servedFiles(text: string, edit: Edit): Map<string, 'whole' | { first: number; last: number }[]> {
  const served = new Map<string, 'whole' | { first: number; last: number }[]>();
  for (const entry of parseMediaPlaylist(text).entries) {
    if (!isServed(entry, edit)) continue;
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

/** Where segments begin and end: a cut begins and ends at such points, so that nothing of it is served. */
export function cutPointsOf(text: string): number[] {
  const { entries } = parseMediaPlaylist(text);
  return [0, ...entries.map(({ endMs }) => endMs)];
}
