import { ApiError } from '#api/contract';
import type { BulkAction as SharedAction, LibraryVideo as Listed, VideoView } from '#api/contract';
import { VideoId } from '#engine/contract';
import { api } from '../app/services.ts';
import type { PageOfRows } from '../app/usePages.ts';
import type { queryOf } from './libraryView.ts';

/** A video of the library. `progress` is that of the person who looks; undefined where it is not known. */
export interface LibraryVideo extends VideoView {
  progress?: Listed['progress'];
}

/** What is done to several videos at once. */
export type BulkAction = SharedAction | { kind: 'transcode' } | { kind: 'delete' } | { kind: 'restore' };

export interface BulkOutcome {
  done: string[];
  failed: { videoId: string; code: string; message: string }[];
}

/** Rows that a page of the library has at least, if there are as many. */
const enoughRows = 12;
/** Requests for one page. */
const maxRequests = 5;

/** A page of the library. The server may answer with few videos and a cursor: then more are loaded at once. */
export async function loadLibrary(query: ReturnType<typeof queryOf>, cursor: string | undefined, signal: AbortSignal): Promise<PageOfRows<LibraryVideo>> {
  const rows: LibraryVideo[] = [];
  let next: string | null = cursor ?? null;
  for (let request = 0; request < maxRequests; request += 1) {
    const page: { videos: Listed[]; nextCursor: string | null } = await api.listLibrary({ query: { ...query, ...(next === null ? {} : { cursor: next }) } }, { signal });
    rows.push(...page.videos);
    next = page.nextCursor;
    if (next === null || rows.length >= enoughRows) break;
  }
  return { rows, nextCursor: next };
}

/** Does one thing to all of the videos, and says for which of them it could not be done. */
export async function actOn(videoIds: readonly string[], action: BulkAction): Promise<BulkOutcome> {
  const ids = videoIds.map((id) => VideoId.parse(id));
  switch (action.kind) {
    case 'transcode':
      return oneByOne(ids, (videoId) => api.transcodeVideo({ params: { videoId }, body: {} }));
    case 'delete':
      return oneByOne(ids, (videoId) => api.deleteVideo({ params: { videoId } }));
    case 'restore':
      return oneByOne(ids, (videoId) => api.restoreVideo({ params: { videoId } }));
    default: {
      const { results } = await api.changeVideos({ body: { videoIds: ids, action } });
      return {
        done: results.filter(({ problem }) => problem === null).map(({ videoId }) => videoId),
        failed: results.flatMap(({ videoId, problem }) => (problem === null ? [] : [{ videoId, ...problem }])),
      };
    }
  }
}

/** @throws ApiUnreachableError if the server cannot be reached: the others would fail as well */
async function oneByOne(videoIds: readonly VideoId[], act: (videoId: VideoId) => Promise<unknown>): Promise<BulkOutcome> {
  const outcome: BulkOutcome = { done: [], failed: [] };
  for (const videoId of videoIds) {
    try {
      await act(videoId);
      outcome.done.push(videoId);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      outcome.failed.push({ videoId, code: error.code, message: error.problem.detail });
    }
  }
  return outcome;
}
