export interface MediaSpan {
  startSeconds: number;
  endSeconds: number;
}

interface PlaylistSegment {
  start: number;
  duration: number;
  gap?: boolean;
}

/** Segments closer than this are joined, because playlists round durations. */
const joinWithinSeconds = 0.2;
/** A growing playlist lags behind: media this far past its end may exist already. */
const growingSeconds = 15;

/** The time ranges with media: all segments except gaps (RFC 8216bis §4.4.4.7). */
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

/** The first time from `seconds` on at which every track has media. Undefined when there is none. */
export function nextMediaAt(tracks: readonly (readonly MediaSpan[])[], seconds: number): number | undefined {
  const starts = tracks.flatMap((spans) => spans.map(({ startSeconds }) => startSeconds)).filter((start) => start > seconds);
  return [seconds, ...starts.sort((a, b) => a - b)].find((at) => tracks.every((spans) => hasMediaAt(spans, at, false)));
}
