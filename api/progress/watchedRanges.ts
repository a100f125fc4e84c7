/** A part of a video, seconds: from the first, up to the second. */
export type WatchedRange = readonly [startSeconds: number, endSeconds: number];

/** To a tenth of a second, which is finer than players report positions. */
const rounded = (seconds: number) => Math.round(seconds * 10) / 10;

/** Gaps up to this are no gaps: a player reports positions about four times a second, and sends them in tenths. */
const joinSeconds = 0.3;

/**
 * The union of ranges in order. When it has more than `most` ranges, the smallest gaps are closed: someone who skips a second at a
 * time has watched the video.
 */
export function mergeRanges(ranges: readonly WatchedRange[], most: number): WatchedRange[] {
  const sorted = ranges.map(([start, end]) => [rounded(start), rounded(end)] as const).filter(([start, end]) => start < end).sort(([a], [b]) => a - b);
  const merged = joined(sorted, joinSeconds);
  if (merged.length <= most) return merged;
  const gaps = merged.slice(1).map(([start], index) => start - (merged[index]?.[1] ?? 0)).sort((a, b) => a - b);
  return joined(merged, gaps[merged.length - most - 1] ?? Infinity);
}

function joined(sorted: readonly WatchedRange[], gapSeconds: number): WatchedRange[] {
  const result: WatchedRange[] = [];
  for (const [start, end] of sorted) {
    const last = result.at(-1);
    if (last && start - last[1] <= gapSeconds + 1e-9) result[result.length - 1] = [last[0], Math.max(last[1], end)];
    else result.push([start, end]);
  }
  return result;
}

/** The watched seconds of a video of this length. */
export function watchedSeconds(ranges: readonly WatchedRange[], durationSeconds: number): number {
  return ranges.reduce((sum, [start, end]) => sum + Math.max(0, Math.min(end, durationSeconds) - start), 0);
}
