// Responsible for what delivery serves of edited videos: playlists without what is cut, and only those files and bytes that are left.
// Owns which bytes may be served, by playlist, and remembers for some seconds what is cut of a video.
import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { CodedError } from '#engine/contract';
import type { Clock } from '#engine/kernel';
import type { MediaEdit, MediaEdits, MediaLocation, MediaPiece, PlaylistText } from '../delivery/RecordingLibrary.ts';
import type { VideoRow, VideoStore } from '../library/index.ts';
import type { ObjectStore } from '../storage/index.ts';
import { knownVideoMs, maxKnownVideos } from '../limits.ts';
import type { ByteRange } from '../storage/ObjectStore.ts';
import { cutPlaylist, keptOfEntry, servedFiles } from './cutPlaylist.ts';
import type { Edit } from './cutPlaylist.ts';
import { EditedImages } from './EditedImages.ts';
import { maxServedPlaylists } from './limits.ts';
import { parseMediaPlaylist } from './mediaPlaylistEntries.ts';
import { trimSegment } from './trimSegment.ts';

type Served = ReturnType<typeof servedFiles>;

export interface EditsOptions {
  videos: Pick<VideoStore, 'find'>;
  store: Pick<ObjectStore, 'get'>;
  clock: Clock;
}

/** What is cut of a video, and all that is outside of a clip; undefined while all of it is played. */
export function editOf({ cuts, clipOf }: Pick<VideoRow, 'cuts' | 'clipOf'>): Edit | undefined {
  if (clipOf !== null) return { cuts, within: { startMs: clipOf.startMs, endMs: clipOf.endMs } };
  return cuts.length === 0 ? undefined : { cuts };
}

export class Edits implements MediaEdits {
  readonly #options: EditsOptions;
  readonly #known = new LRUCache<string, { edit: Promise<MediaEdit | undefined>; untilMs: number; originalId: string | undefined }>({ max: maxKnownVideos });
  /** By the hash of a playlist before it is cut, and what is cut of it. */
  readonly #served = new LRUCache<string, Served>({ max: maxServedPlaylists });

  readonly #images: EditedImages;

  constructor(options: EditsOptions) {
    this.#options = options;
    this.#images = new EditedImages(options.store);
  }

  async of(videoId: string): Promise<MediaEdit | undefined> {
    const { clock } = this.#options;
    const nowMs = clock.nowMs();
    const known = this.#known.get(videoId);
    if (known && known.untilMs > nowMs) return known.edit;
    const entry = { edit: this.#read(videoId, (originalId) => (entry.originalId = originalId)), untilMs: nowMs + knownVideoMs, originalId: undefined as string | undefined };
    this.#known.set(videoId, entry);
    try {
      return await entry.edit;
    } catch (err) {
      // A failure is not remembered.
      if (this.#known.get(videoId) === entry) this.#known.delete(videoId);
      throw err;
    }
  }

  /** Also its clips, which are cut where it is. */
  forget(videoId: string): void {
    this.#known.delete(videoId);
    for (const [clipId, { originalId }] of this.#known.entries()) if (originalId === videoId) this.#known.delete(clipId);
  }

  forgetAll(): void {
    this.#known.clear();
  }

  async #read(videoId: string, onClip: (originalId: string) => void): Promise<MediaEdit | undefined> {
    const row = await this.#options.videos.find(videoId);
    // Without its row, nothing says which part of a recording may be served.
    if (!row) throw new CodedError('object.notFound', 'There is no such file in this video.');
    if (row.clipOf) onClip(row.clipOf.videoId);
    const edit = editOf(row);
    if (!edit) return undefined;
    const key = JSON.stringify(edit);
    return {
      key,
      playlist: (text, isAudio) => (isMediaPlaylist(text) ? cutPlaylist(text, edit, isAudio) : text),
      restrict: (location, { path, playlist }) => restricted(location, path, this.#servedOf(playlist, { edit, key })),
      piece: ({ path, playlist }, asked) => pieceOf(playlist.text, edit, { path, ...asked }),
      image: (path) => this.#images.image(row, path, edit),
    };
  }

  #servedOf({ text, isAudio = false }: PlaylistText, { edit, key }: { edit: Edit; key: string }): Served {
    const id = createHash('sha256').update(key).update(text).digest('base64url');
    const served = this.#served.get(id) ?? servedFiles(text, edit, isAudio);
    this.#served.set(id, served);
    return served;
  }
}

/** @throws CodedError `video.edited` for a file of which nothing is left */
function restricted(location: MediaLocation, path: string, served: Served): MediaLocation {
  const ranges = served.get(path);
  if (ranges === undefined) throw new CodedError('video.edited', 'This part of the video was cut. Load the video again.');
  return ranges === 'whole' ? location : { ...location, served: ranges };
}

/** The segment and its init segment, if that part of it is left. @throws CodedError `video.edited` */
function pieceOf(playlist: string, edit: Edit, asked: { path: string; startMs: number; endMs: number; bytes: ByteRange | undefined }): MediaPiece {
  const entry = parseMediaPlaylist(playlist).entries.find(({ uri, range }) => uri === asked.path && (asked.bytes === undefined || (range?.first === asked.bytes.first && range.last === asked.bytes.last)));
  const init = /URI="([^"]+)"/.exec(entry?.map ?? '')?.[1];
  const kept = entry && keptOfEntry(entry, edit).find(({ startMs, endMs }) => Math.abs(startMs - asked.startMs) < 1 && Math.abs(endMs - asked.endMs) < 1);
  if (!entry || init === undefined || !kept) throw new CodedError('video.edited', 'This part of the video was cut. Load the video again.');
  return { init, bytes: entry.range, make: (files) => trimSegment({ ...files, startMs: entry.startMs }, kept) };
}

function isMediaPlaylist(text: string): boolean {
  return text.includes('#EXTINF:');
}
