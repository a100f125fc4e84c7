import type { SegmentRow } from './rows.ts';
import { maxAbsorbedGapMs } from '../limits.ts';

/** A stretch of the lecture's clock. */
export interface TimeRange {
  startMs: number;
  endMs: number;
}

type Timed = Pick<SegmentRow, 'startMs' | 'durationMs'>;

/** Where segments of one track, each behind the other, follow without a hole. */
export function mergeTimeRanges(segments: readonly Timed[]): TimeRange[] {
  const found: TimeRange[] = [];
  for (const segment of segments) extendTimeRanges(found, segment);
  return found;
}

/** The same with one segment more. */
export function extendTimeRanges(found: TimeRange[], { startMs, durationMs }: Timed): void {
  const last = found.at(-1);
  if (last && startMs - last.endMs <= maxAbsorbedGapMs) last.endMs = startMs + durationMs;
  else found.push({ startMs, endMs: startMs + durationMs });
}
