import { playlistFiles, playlistFormat } from '../hls/playlistFiles.ts';
import type { Journal } from '../journal/Journal.ts';
import { recordingPrefix } from '../journal/keys.ts';
import { contentTypeOf } from '../storage/contentTypeOf.ts';
import type { ObjectStore } from '../storage/ObjectStore.ts';
import { sha256OfBytes } from '../storage/sha256.ts';

/**
 * Stores the playlists of each finished recording whose segments are all stored, which makes the stored video
 * self-contained. Returns the ids of these recordings.
 */
export async function publishPlaylists(journal: Journal, store: ObjectStore): Promise<string[]> {
  const published: string[] = [];
  for (const recording of await journal.finishedButNotStored()) {
    if (!(await journal.isAllStored(recording._id))) continue;
    const listing = { recording, ...(await journal.extent(recording._id)) };
    for (const [name, playlist] of playlistFiles(listing)) {
      const bytes = Buffer.from(playlist);
      await store.put(recordingPrefix(recording._id) + name, { bytes }, { contentType: contentTypeOf(name), sha256: sha256OfBytes(bytes) });
    }
    await journal.markStored(recording, playlistFormat);
    published.push(recording._id);
  }
  return published;
}
