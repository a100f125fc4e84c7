import type { Span } from '#recorder/contract';

/** What a cut of this range takes: the segments that it touches. Undefined if it is outside of the video. `cutPoints` are in order. */
export function widenedRange(cutPoints: readonly number[], { startMs, endMs }: Span): Span | undefined {
  const start = cutPoints.findLast((point) => point <= startMs);
  const end = cutPoints.find((point) => point >= endMs) ?? cutPoints.at(-1);
  return start !== undefined && end !== undefined && start < end ? { startMs: start, endMs: end } : undefined;
}

/** The range between the marks in and out, in either order; undefined while one of them is missing. */
export function markedRange(inMs: number | undefined, outMs: number | undefined): Span | undefined {
  if (inMs === undefined || outMs === undefined || inMs === outMs) return undefined;
  return { startMs: Math.min(inMs, outMs), endMs: Math.max(inMs, outMs) };
}

/** All cuts of the video with this one, which takes in those that it touches, as far as they can still be undone. */
export function withCut(cuts: readonly (Span & { undoUntil: string | null })[], cut: Span): Span[] {
  const touched = cuts.filter(({ startMs, endMs, undoUntil }) => undoUntil !== null && startMs < cut.endMs && endMs > cut.startMs);
  const startMs = Math.min(cut.startMs, ...touched.map((each) => each.startMs));
  const endMs = Math.max(cut.endMs, ...touched.map((each) => each.endMs));
  const others = cuts.filter((each) => !touched.includes(each)).map((each) => ({ startMs: each.startMs, endMs: each.endMs }));
  return [...others, { startMs, endMs }].sort((a, b) => a.startMs - b.startMs);
}
