import { nearestEditedMs, toEditedMs, toSourceMs } from '#recorder/contract';
import type { Span } from '#recorder/contract';

/** What is left of a video; null while nothing is cut. */
type Kept = readonly Span[] | null;

/** Source time of a position that a viewer sees, in seconds. */
export function sourceSeconds(kept: Kept, shownSeconds: number): number {
  return kept ? toSourceMs(kept, shownSeconds * 1000) / 1000 : shownSeconds;
}

/** The position that viewers see of a moment of source time; for one that is cut, where the cut is. */
export function shownSeconds(kept: Kept, seconds: number): number {
  return kept ? nearestEditedMs(kept, seconds * 1000) / 1000 : seconds;
}

/** The parts of source time that somebody saw who watched this part of the edited video. */
export function sourceSpans(kept: Kept, { startSeconds, endSeconds }: { startSeconds: number; endSeconds: number }): (readonly [number, number])[] {
  if (!kept) return [[startSeconds, endSeconds]];
  const spans: (readonly [number, number])[] = [];
  let beforeMs = 0;
  for (const { startMs, endMs } of kept) {
    const from = Math.max(0, startSeconds * 1000 - beforeMs);
    const to = Math.min(endMs - startMs, endSeconds * 1000 - beforeMs);
    if (from < to) spans.push([(startMs + from) / 1000, (startMs + to) / 1000]);
    beforeMs += endMs - startMs;
  }
  return spans;
}

/** Whether viewers see this moment of source time. */
export function isLeft(kept: Kept, seconds: number): boolean {
  return kept === null || toEditedMs(kept, seconds * 1000) !== null;
}
