import type { BulkAction, LibraryVideo as Listed, VideoView } from '#api/contract';
import { VideoId } from '#engine/contract';
import { api } from '../app/services.ts';
import type { PageOfRows } from '../app/usePages.ts';
import type { queryOf } from './libraryView.ts';

/** A video of the library. `progress` is that of the person who looks; undefined where it is not known. */
export interface LibraryVideo extends VideoView {
  progress?: Listed['progress'];
}

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
  const { results } = await api.changeVideos({ body: { videoIds: videoIds.map((id) => VideoId.parse(id)), action } });
  return {
    done: results.filter(({ problem }) => problem === null).map(({ videoId }) => videoId),
    failed: results.flatMap(({ videoId, problem }) => (problem === null ? [] : [{ videoId, ...problem }])),
  };
}
