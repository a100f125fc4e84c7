import type { PlaybackView } from '#api/contract';
import { nearestEditedMs, toEditedMs, toSourceMs } from '#recorder/contract';
import type { Span } from '#recorder/contract';

type Kept = PlaybackView['kept'];

export function toSpans(kept: NonNullable<Kept>): Span[] {
  return kept.map(({ startSeconds, endSeconds }) => ({ startMs: startSeconds * 1000, endMs: endSeconds * 1000 }));
}

/** The same moment of the lecture in a video that was cut in another way. */
export function movedPosition(seconds: number, { from, to }: { from: Kept; to: Kept }): number {
  const sourceMs = from ? toSourceMs(toSpans(from), seconds * 1000) : seconds * 1000;
  return (to ? nearestEditedMs(toSpans(to), sourceMs) : sourceMs) / 1000;
}

/** Where viewers see a moment of the whole video, in ms; null where it is cut. */
export function shownMs(kept: Kept, sourceMs: number): number | null {
  return kept ? toEditedMs(toSpans(kept), sourceMs) : sourceMs;
}
