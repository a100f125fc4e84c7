import * as z from 'zod';

/**
 * A part of a video, in milliseconds of its *source time*: the time of the whole recording or uploaded file, which no cut moves. What is
 * stored of a video (cuts, chapters, captions, positions, chat) is in source time. What viewers see is in *edited time*: without the
 * parts that are cut.
 */
export const Span = z
  .object({ startMs: z.number().min(0), endMs: z.number().min(0) })
  .refine(({ startMs, endMs }) => startMs < endMs, { path: ['endMs'], message: 'The end has to be after the start.' });
export type Span = z.infer<typeof Span>;

/** What is left of a video, in order and without overlaps: `within` (by default all of it) without the cuts. */
export function keptSpans(durationMs: number, cuts: readonly Span[], within: Span = { startMs: 0, endMs: durationMs }): Span[] {
  const kept: Span[] = [];
  let startMs = within.startMs;
  for (const cut of cuts.toSorted((a, b) => a.startMs - b.startMs)) {
    if (cut.startMs > startMs) kept.push({ startMs, endMs: Math.min(cut.startMs, within.endMs) });
    startMs = Math.max(startMs, cut.endMs);
    if (startMs >= within.endMs) break;
  }
  if (startMs < within.endMs) kept.push({ startMs, endMs: within.endMs });
  return kept.filter((span) => span.startMs < span.endMs);
}

export function editedDurationMs(kept: readonly Span[]): number {
  return kept.reduce((sum, { startMs, endMs }) => sum + endMs - startMs, 0);
}

/** Where viewers see a moment of source time; null where it is cut. The end of the video belongs to it. */
export function toEditedMs(kept: readonly Span[], sourceMs: number): number | null {
  let beforeMs = 0;
  for (const [index, { startMs, endMs }] of kept.entries()) {
    const isInside = sourceMs >= startMs && (sourceMs < endMs || (sourceMs === endMs && index === kept.length - 1));
    if (isInside) return beforeMs + sourceMs - startMs;
    beforeMs += endMs - startMs;
  }
  return null;
}

/** As `toEditedMs`; a moment that is cut is where viewers see the cut. */
export function nearestEditedMs(kept: readonly Span[], sourceMs: number): number {
  return kept.reduce((sum, { startMs, endMs }) => sum + Math.max(0, Math.min(sourceMs, endMs) - startMs), 0);
}

/** The moment that viewers see at `editedMs`. After the end: the end of what is left. */
export function toSourceMs(kept: readonly Span[], editedMs: number): number {
  let restMs = editedMs;
  for (const { startMs, endMs } of kept) {
    if (restMs < endMs - startMs) return startMs + Math.max(0, restMs);
    restMs -= endMs - startMs;
  }
  return kept.at(-1)?.endMs ?? 0;
}

/** The part of a span that viewers see, in edited time: what is left of it on both sides of a cut is one span. Null if all of it is cut. */
export function toEditedSpan(kept: readonly Span[], { startMs, endMs }: Span): Span | null {
  const edited = { startMs: nearestEditedMs(kept, startMs), endMs: nearestEditedMs(kept, endMs) };
  return edited.startMs < edited.endMs ? edited : null;
}
