// Responsible for having what playlists are made from at hand: read from the journal once, then carried on as segments
// are written. Owns what it remembers.
import type { Journal, JournaledFile } from './Journal.ts';
import { Listing } from './Listing.ts';

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
    const listing = await known.catch((err: unknown) => {
      this.#forgetIf(recordingId, known);
      throw err;
    });
    if (!listing) this.#forgetIf(recordingId, known);
    return listing;
  }

  /** Reads it again next time. */
  forget(recordingId: string): void {
    this.#listings.delete(recordingId);
  }

  /** A file was journaled. What is being read may or may not have its row; what is known goes on from where it is. */
  add(file: JournaledFile): void {
    const { recordingId } = file.row;
    const known = this.#listings.get(recordingId);
    if (!known) return;
    const next = known.then((listing) => listing && this.#carryOn(listing, file));
    this.#listings.set(recordingId, next);
    next.catch(() => this.#forgetIf(recordingId, next));
  }

  async #carryOn(listing: Listing, file: JournaledFile): Promise<Listing> {
    if (file.kind === 'segment') listing.append(file.row);
    // Epochs are journaled before the init segment that belongs to them.
    else listing.begin(file.row, (await this.#journal.recording(file.row.recordingId)) ?? listing.recording);
    return listing;
  }

  async #read(recordingId: string): Promise<Listing | undefined> {
    const recording = await this.#journal.recording(recordingId);
    return recording && new Listing(recording, await this.#journal.extent(recordingId));
  }

  #forgetIf(recordingId: string, what: Promise<Listing | undefined>): void {
    if (this.#listings.get(recordingId) === what) this.#listings.delete(recordingId);
  }
}
