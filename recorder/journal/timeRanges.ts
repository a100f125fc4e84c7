import type { SegmentRow } from './rows.ts';
import { maxAbsorbedGapMs } from '../limits.ts';

/** A range of time on the lecture's clock. */
export interface TimeRange {
  startMs: number;
  endMs: number;
}

type Timed = Pick<SegmentRow, 'startMs' | 'durationMs'>;

/** The ranges in which consecutive segments of one track have no gap. */
export function mergeTimeRanges(segments: readonly Timed[]): TimeRange[] {
  const ranges: TimeRange[] = [];
  for (const segment of segments) extendTimeRanges(ranges, segment);
  return ranges;
}

/** Adds one segment to the ranges. */
export function extendTimeRanges(ranges: TimeRange[], { startMs, durationMs }: Timed): void {
  const last = ranges.at(-1);
  if (last && startMs - last.endMs <= maxAbsorbedGapMs) last.endMs = startMs + durationMs;
  else ranges.push({ startMs, endMs: startMs + durationMs });
}
