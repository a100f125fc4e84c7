// Responsible for what delivery asks: playlists as the journal has them, and where each of their files lies.
import type { MediaLocation, PlaylistText, RecordingLibrary } from './delivery/RecordingLibrary.ts';
import { playlistNamed } from './hls/playlistFiles.ts';
import type { Spool } from './capture/Spool.ts';
import type { Journal } from './journal/Journal.ts';
import { recordingPrefix } from './journal/keys.ts';
import type { Listings } from './journal/Listings.ts';
import type { RecordingTrack, SegmentRow } from './journal/rows.ts';
import { stretches } from './journal/stretches.ts';
import type { Stretch } from './journal/stretches.ts';

export class JournalLibrary implements RecordingLibrary {
  readonly #journal: Journal;
  readonly #listings: Listings;
  readonly #spool: Spool;

  constructor(journal: Journal, listings: Listings, spool: Spool) {
    this.#journal = journal;
    this.#listings = listings;
    this.#spool = spool;
  }

  async playlist(recordingId: string, name: string): Promise<PlaylistText | undefined> {
    const listing = await this.#listings.get(recordingId);
    if (!listing) return undefined;
    if (!listing.texts.has(name)) listing.texts.set(name, playlistNamed(listing, name));
    const text = listing.texts.get(name);
    return text === undefined ? undefined : { text, isFinished: listing.recording.state === 'finished' };
  }

  /** A `file` may be gone when it is opened, because it has just been stored: then ask again. */
  async locate(recordingId: string, path: string): Promise<MediaLocation | undefined> {
    const known = await this.#journal.byKey(recordingPrefix(recordingId) + path);
    if (!known || known.row.state === 'lost') return undefined;
    const { key, bytes, sha256, state } = known.row;
    return state === 'stored' ? { kind: 'stored', key, bytes, sha256 } : { kind: 'file', file: this.#spool.fileOf(key), bytes, sha256 };
  }

  /** Where a track shows or sounds what was published, and not black or silence made here. */
  async presence(recordingId: string, track: RecordingTrack): Promise<Stretch[]> {
    const listing = await this.#listings.get(recordingId);
    return stretches((listing?.segments ?? []).filter((segment) => segment.track === track && !segment.isFiller && segment.state !== 'lost'));
  }

  async segments(recordingId: string): Promise<readonly SegmentRow[]> {
    return (await this.#listings.get(recordingId))?.segments ?? [];
  }
}
