// Responsible for having what playlists are made from at hand: read from the journal once, then carried on as segments
// are written. Owns what it remembers.
import type { Journal, JournaledFile } from './Journal.ts';
import type { InitSegmentRow, RecordingRow, SegmentRow } from './rows.ts';

interface Listing {
  recording: RecordingRow;
  inits: InitSegmentRow[];
  segments: SegmentRow[];
  /** Texts made from it, by name. */
  texts: Map<string, string | undefined>;
}

const rememberedListings = 32;

export class Listings {
  readonly #journal: Journal;
  /** The least recently used first. */
  readonly #listings = new Map<string, Promise<Listing | undefined>>();

  constructor(journal: Journal) {
    this.#journal = journal;
  }

  async get(recordingId: string): Promise<Listing | undefined> {
    const known = this.#listings.get(recordingId) ?? this.#read(recordingId);
    this.#listings.delete(recordingId);
    this.#listings.set(recordingId, known);
    for (const oldest of this.#listings.keys()) {
      if (this.#listings.size <= rememberedListings) break;
      this.#listings.delete(oldest);
    }
    const listing = await known;
    if (!listing) this.#listings.delete(recordingId);
    return listing;
  }

  /** Reads it again next time. */
  forget(recordingId: string): void {
    this.#listings.delete(recordingId);
  }

  /** A file was journaled. */
  add(file: JournaledFile): void {
    const { recordingId } = file.row;
    // Epochs change with a new init segment, and one that is being read may or may not see this row.
    if (file.kind === 'init') return this.forget(recordingId);
    const known = this.#listings.get(recordingId);
    void known?.then(
      (listing) => {
        if (listing) appendTo(listing, file.row);
      },
      () => this.forget(recordingId),
    );
  }

  async #read(recordingId: string): Promise<Listing | undefined> {
    const recording = await this.#journal.recording(recordingId);
    return recording && { recording, ...(await this.#journal.extent(recordingId)), texts: new Map() };
  }
}

function appendTo(listing: Listing, row: SegmentRow): void {
  if (listing.segments.findLast((segment) => segment.track === row.track && segment.sequence >= row.sequence)) return;
  listing.segments.push(row);
  listing.texts.clear();
}
