import type { Progress, VideoView } from '#api/contract';
import { VideoId } from '#engine/contract';
import type { VideoVisibility } from '#recorder/contract';
import { api } from '../app/services.ts';
import type { queryOf } from './libraryView.ts';

/** A video of the library, with the progress of the person who looks. */
export interface LibraryVideo extends VideoView {
  progress?: Progress | null;
}

/** What is done to several videos at once. */
export type BulkAction =
  | { kind: 'visibility'; visibility: VideoVisibility }
  | { kind: 'download'; isDownloadable: boolean }
  | { kind: 'category'; categoryId: string | null }
  | { kind: 'move'; to: 'first' | 'last' }
  | { kind: 'transcode' }
  | { kind: 'delete' }
  | { kind: 'restore' };

export interface BulkOutcome {
  done: string[];
  failed: { videoId: string; code: string; message: string }[];
}

/** A page of the library. */
export async function loadLibrary(query: ReturnType<typeof queryOf>, cursor: string | undefined, signal: AbortSignal) {
  const { videos, nextCursor } = await api.listLibrary({ query: { ...query, ...(cursor === undefined ? {} : { cursor }) } }, { signal });
  return { rows: videos as readonly LibraryVideo[], nextCursor };
}

/** Does one thing to all of the videos, and says for which of them it could not be done. */
export async function actOn(videoIds: readonly string[], action: BulkAction): Promise<BulkOutcome> {
  const { results } = await api.changeVideos({ body: { videoIds: videoIds.map((id) => VideoId.parse(id)), action } });
  return {
    done: results.filter(({ problem }) => problem === null).map(({ videoId }) => videoId),
    failed: results.flatMap(({ videoId, problem }) => (problem === null ? [] : [{ videoId, ...problem }])),
  };
}
