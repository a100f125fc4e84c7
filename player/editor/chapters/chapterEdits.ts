import type { Chapter } from '#recorder/contract';
import { text } from '../../text/index.ts';

/** The chapters with a new one at a moment; the same if one begins there. */
export function addChapterAt(chapters: readonly Chapter[], ms: number): Chapter[] {
  const startMs = Math.floor(ms);
  if (chapters.some((chapter) => chapter.startMs === startMs)) return [...chapters];
  return [...chapters, { startMs, title: text.editor.newChapter(chapters.length + 1) }].sort((a, b) => a.startMs - b.startMs);
}
