export interface MediaSpan {
  startSeconds: number;
  endSeconds: number;
}

interface PlaylistSegment {
  start: number;
  duration: number;
  gap?: boolean;
}

/** PlaylistSegment that lie closer than this belong together: playlists round durations. */
const joinWithinSeconds = 0.2;
/** A growing playlist learns of its newest segment late; so much past its end may well exist already. */
const growingSeconds = 15;

/** Where a playlist has media: its segments without those marked as a gap (RFC 8216bis §4.4.4.7). */
export function spansOf(segments: Iterable<PlaylistSegment | null>): MediaSpan[] {
  const spans: MediaSpan[] = [];
  for (const segment of segments) {
    if (segment && !segment.gap) extend(spans, segment);
  }
  return spans;
}

function extend(spans: MediaSpan[], { start, duration }: PlaylistSegment): void {
  const last = spans.at(-1);
  if (last && start - last.endSeconds <= joinWithinSeconds) last.endSeconds = start + duration;
  else spans.push({ startSeconds: start, endSeconds: start + duration });
}

export function hasMediaAt(spans: readonly MediaSpan[], seconds: number, isGrowing: boolean): boolean {
  const last = spans.at(-1);
  if (isGrowing && last && seconds >= last.startSeconds && seconds < last.endSeconds + growingSeconds) return true;
  return spans.some((span) => seconds >= span.startSeconds - joinWithinSeconds && seconds < span.endSeconds);
}
