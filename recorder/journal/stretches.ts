import type { SegmentRow } from './rows.ts';

/** A stretch of the lecture's clock. */
export interface Stretch {
  startMs: number;
  endMs: number;
}

const tolerableHoleMs = 100;

/** Where segments of one track, each behind the other, follow without a hole. */
export function stretches(segments: readonly Pick<SegmentRow, 'startMs' | 'durationMs'>[]): Stretch[] {
  const found: Stretch[] = [];
  for (const { startMs, durationMs } of segments) {
    const last = found.at(-1);
    if (last && startMs - last.endMs <= tolerableHoleMs) last.endMs = startMs + durationMs;
    else found.push({ startMs, endMs: startMs + durationMs });
  }
  return found;
}
