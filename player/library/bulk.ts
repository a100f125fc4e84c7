import type { BulkAction } from '#api/contract';
import { text } from '../text/index.ts';
import { failureSentence } from '../uploads/failureSentence.ts';
import type { BulkOutcome } from './libraryApi.ts';
import type { Move } from './VideoMenu.tsx';

/** What was done, in one sentence: for all videos, or for some with the reason of the first that was not. */
export function outcomeSentence(action: BulkAction, { done, failed }: BulkOutcome): string {
  const first = failed[0];
  if (first) return text.library.partly(done.length, failed.length, failureSentence(first));
  switch (action.kind) {
    case 'delete':
      return text.library.deleted(done.length);
    case 'restore':
      return text.library.restored(done.length);
    case 'transcode':
      return text.library.started(done.length);
    default:
      return text.library.changed(done.length);
  }
}

/** The place of a video, from 0, after a move; undefined if it is there already. */
export function placeAfter(move: Move, { index, count }: { index: number; count: number }): number | undefined {
  const place = { first: 0, up: index - 1, down: index + 1, last: count - 1 }[move];
  return place === index || place < 0 || place >= count ? undefined : place;
}
