import type { Span } from '../contract/index.ts';

/** The smallest span between cut points that includes all of this one; undefined if it is outside of the video. */
export function widenToCutPoints(points: readonly number[], { startMs, endMs }: Span): Span | undefined {
  const start = points.findLast((point) => point <= startMs + 1);
  const end = points.find((point) => point >= endMs - 1) ?? points.at(-1);
  return start === undefined || end === undefined || start >= end ? undefined : { startMs: start, endMs: end };
}
