import { keptSpans, toEditedSpan } from '../contract/index.ts';
import type { Cue, Span } from '../contract/index.ts';
import type { VideoRow } from '../library/VideoRow.ts';

/** What viewers see of captions, in edited time and in order. A cue more than half of which is cut is left out; others are shortened. */
export function editedCues(cues: readonly Cue[], kept: readonly Span[]): Cue[] {
  return cues.flatMap((cue) => {
    const span = toEditedSpan(kept, cue);
    if (!span || (span.endMs - span.startMs) * 2 < cue.endMs - cue.startMs) return [];
    return [{ startMs: Math.round(span.startMs), endMs: Math.round(span.endMs), text: cue.text }];
  }).filter(({ startMs, endMs }) => startMs < endMs);
}

/** What viewers see of a video, in source time. `untilMs`: at least until then, for a video whose length is not known yet. */
export function keptOfVideo({ durationSeconds, cuts, clipOf }: Pick<VideoRow, 'durationSeconds' | 'cuts' | 'clipOf'>, untilMs = 0): Span[] {
  return keptSpans(Math.max(durationSeconds * 1000, untilMs), cuts, clipOf ?? undefined);
}
