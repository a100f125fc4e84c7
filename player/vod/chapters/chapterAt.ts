import type { VideoView } from '#api/contract';

export type ViewedChapter = VideoView['chapters'][number];

/** Going to the previous chapter this soon after its beginning goes to the one before it, as with songs. */
const restartSeconds = 3;

/** The index of the chapter at a position; -1 before the first. `chapters` are in order. */
export function chapterIndexAt(chapters: readonly ViewedChapter[], positionSeconds: number): number {
  return chapters.findLastIndex(({ startSeconds }) => startSeconds <= positionSeconds);
}

/** Where the next (1) or the previous (-1) chapter begins. The beginning of the current one, unless it has only just begun. Undefined without one. */
export function chapterStartBy(chapters: readonly ViewedChapter[], { positionSeconds, step }: { positionSeconds: number; step: 1 | -1 }): number | undefined {
  if (step === 1) return chapters.find(({ startSeconds }) => startSeconds > positionSeconds)?.startSeconds;
  if (chapters.length === 0) return undefined;
  return chapters.findLast(({ startSeconds }) => startSeconds <= positionSeconds - restartSeconds)?.startSeconds ?? 0;
}
