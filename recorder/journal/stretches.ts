import type { SegmentRow } from './rows.ts';

/** A stretch of the lecture's clock. */
export interface Stretch {
  startMs: number;
  endMs: number;
}

const tolerableHoleMs = 100;

type Timed = Pick<SegmentRow, 'startMs' | 'durationMs'>;

/** Where segments of one track, each behind the other, follow without a hole. */
export function stretches(segments: readonly Timed[]): Stretch[] {
  const found: Stretch[] = [];
  for (const segment of segments) lengthen(found, segment);
  return found;
}

/** The same with one segment more. */
export function lengthen(found: Stretch[], { startMs, durationMs }: Timed): void {
  const last = found.at(-1);
  if (last && startMs - last.endMs <= tolerableHoleMs) last.endMs = startMs + durationMs;
  else found.push({ startMs, endMs: startMs + durationMs });
}
