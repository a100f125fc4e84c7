// Responsible for having what playlists are made from at hand: read from the journal once, then carried on as segments
// are written. Owns what it remembers.
import type { Journal, JournaledFile } from './Journal.ts';
import { RecordingIndex } from './RecordingIndex.ts';
import type { RecordingRow } from './rows.ts';

const rememberedListings = 32;

export class RecordingIndexes {
  readonly #journal: Journal;
  /** The least recently used first. */
  readonly #listings = new Map<string, Promise<RecordingIndex | undefined>>();

  constructor(journal: Journal) {
    this.#journal = journal;
  }

  async get(recordingId: string): Promise<RecordingIndex | undefined> {
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
    if (file.kind === 'segment') return this.#carryOn(file.row.recordingId, (listing) => listing.append(file.row));
    const init = file.row;
    // Epochs are journaled before the init segment that belongs to them.
    this.#carryOn(init.recordingId, async (listing) => listing.begin(init, await this.#recordingOf(listing)));
  }

  /** The recording's own row has changed. */
  renew(recordingId: string): void {
    this.#carryOn(recordingId, async (listing) => listing.renew(await this.#recordingOf(listing)));
  }

  #carryOn(recordingId: string, change: (listing: RecordingIndex) => void | Promise<void>): void {
    const known = this.#listings.get(recordingId);
    if (!known) return;
    const next = known.then(async (listing) => {
      if (listing) await change(listing);
      return listing;
    });
    this.#listings.set(recordingId, next);
    next.catch(() => this.#forgetIf(recordingId, next));
  }

  async #recordingOf({ recording }: RecordingIndex): Promise<RecordingRow> {
    return (await this.#journal.recording(recording._id)) ?? recording;
  }

  async #read(recordingId: string): Promise<RecordingIndex | undefined> {
    const recording = await this.#journal.recording(recordingId);
    return recording && new RecordingIndex(recording, await this.#journal.extent(recordingId));
  }

  #forgetIf(recordingId: string, what: Promise<RecordingIndex | undefined>): void {
    if (this.#listings.get(recordingId) === what) this.#listings.delete(recordingId);
  }
}
