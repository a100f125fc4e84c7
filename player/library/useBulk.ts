import type { BulkAction } from '#api/contract';
import { api } from '../app/services.ts';
import { useToastedAction } from '../app/useAction.ts';
import { showToast } from '../design/index.ts';
import { text } from '../text/index.ts';
import { uploads } from '../uploads/uploads.ts';
import { outcomeSentence, placeAfter } from './bulk.ts';
import { actOn } from './libraryApi.ts';
import type { LibraryVideo } from './libraryApi.ts';
import type { Move } from './VideoMenu.tsx';

interface BulkOptions {
  /** In their order. */
  videos: readonly LibraryVideo[];
  /** The selection has been used. */
  onDone: () => void;
  onChanged: () => void;
}

/** Actions on one or several videos. Deleting can be undone from the toast. */
export function useBulk({ videos, onDone, onChanged }: BulkOptions) {
  const act = useToastedAction(async (ids: readonly string[], action: BulkAction) => {
    const outcome = await actOn(ids, action);
    if (action.kind === 'transcode') followWork(videos.filter(({ id }) => outcome.done.includes(id)));
    const undo = action.kind === 'delete' && outcome.done.length > 0 ? { label: text.library.undo, onSelect: () => act.run(outcome.done, { kind: 'restore' }) } : undefined;
    showToast({ text: outcomeSentence(action, outcome), ...(outcome.failed.length > 0 && { tone: 'danger' as const }), ...(undo && { action: undo }) });
    onDone();
    onChanged();
  });
  const move = useToastedAction(async (video: LibraryVideo, where: Move) => {
    const place = placeAfter(where, { index: videos.findIndex(({ id }) => id === video.id), count: videos.length });
    if (place === undefined) return;
    await api.moveVideo({ params: { videoId: video.id }, body: { position: place } });
    showToast({ text: text.library.moved(video.title, place + 1) });
    onChanged();
  });
  return { run: act.run, move: move.run, isBusy: act.isBusy || move.isBusy };
}

/** The dock shows the work, and says when it ends. */
function followWork(videos: readonly LibraryVideo[]): void {
  for (const { id, courseId, title } of videos) uploads.peek()?.watch.follow({ videoId: id, courseId, title, uploadId: null });
}
