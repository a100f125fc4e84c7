import { playlistFiles, playlistFormat } from '../hls/playlistFiles.ts';
import type { Journal } from '../journal/Journal.ts';
import { recordingPrefix } from '../journal/keys.ts';
import { contentTypeOf } from '../storage/contentTypeOf.ts';
import type { ObjectStore } from '../storage/ObjectStore.ts';
import { sha256OfBytes } from '../storage/sha256.ts';

export interface PublishedPlaylists {
  /** Ids of the recordings whose playlists were stored. */
  published: string[];
  /** How many finished recordings have segments that are not stored. */
  remaining: number;
}

/**
 * Stores the playlists of each finished recording whose segments are all stored, which makes the stored video
 * self-contained.
 */
export async function publishPlaylists(journal: Journal, store: ObjectStore): Promise<PublishedPlaylists> {
  const published: string[] = [];
  const finished = await journal.finishedButNotStored();
  for (const recording of finished) {
    if (!(await journal.isAllStored(recording._id))) continue;
    const listing = { recording, ...(await journal.extent(recording._id)) };
    for (const [name, playlist] of playlistFiles(listing)) {
      const bytes = Buffer.from(playlist);
      await store.put(recordingPrefix(recording._id) + name, { bytes }, { contentType: contentTypeOf(name), sha256: sha256OfBytes(bytes) });
    }
    await journal.markStored(recording, playlistFormat);
    published.push(recording._id);
  }
  return { published, remaining: finished.length - published.length };
}
