import * as z from 'zod';
import { nearestEditedMs, toEditedSpan } from './editedTime.ts';
import type { Span } from './editedTime.ts';

/** One for every 36 s of a lecture of two hours. The list is a part of each view of the video. */
export const maxChapters = 200;
/** Two lines beside the player. */
export const maxChapterTitleLength = 120;

/** The heading of what begins at a moment, in source time. */
export const Chapter = z.object({
  startMs: z.number().int().min(0),
  title: z.string().trim().min(1, 'Give the chapter a title.').max(maxChapterTitleLength).regex(/^[^\p{Cc}]*$/u, 'A title is one line of text.'),
});
export type Chapter = z.infer<typeof Chapter>;

/**
 * The chapters that viewers see, in edited time. One whose beginning is cut begins at the cut; one that is cut as a whole is left out.
 * `chapters` are in order. `kept`: null while nothing is cut.
 */
export function editedChapters(chapters: readonly Chapter[], kept: readonly Span[] | null): Chapter[] {
  if (kept === null) return [...chapters];
  return chapters.flatMap(({ startMs, title }, index) => {
    const endMs = chapters[index + 1]?.startMs ?? Number.MAX_SAFE_INTEGER;
    return toEditedSpan(kept, { startMs, endMs }) ? [{ startMs: nearestEditedMs(kept, startMs), title }] : [];
  });
}
