// Responsible for keeping indexes of recordings in memory: read from the journal once, then updated as segments are
// written. Owns the most recently used ones, up to a number of segments.
import type { Journal } from './Journal.ts';
import { RecordingIndex } from './RecordingIndex.ts';
import type { JournaledFile, RecordingRow, SegmentRow } from './rows.ts';
import { maxIndexedSegments } from '../limits.ts';

export class RecordingIndexes {
  readonly #journal: Journal;
  readonly #maxSegments: number;
  /** The least recently used first. */
  readonly #indexes = new Map<string, Promise<RecordingIndex | undefined>>();
  /** Segments in each index. */
  readonly #sizes = new Map<string, number>();
  #totalSize = 0;

  constructor(journal: Journal, maxSegments = maxIndexedSegments) {
    this.#journal = journal;
    this.#maxSegments = maxSegments;
  }

  async get(recordingId: string): Promise<RecordingIndex | undefined> {
    const known = this.#indexes.get(recordingId) ?? this.#read(recordingId);
    this.#indexes.delete(recordingId);
    this.#indexes.set(recordingId, known);
    const index = await known.catch((err: unknown) => {
      this.#forgetIf(recordingId, known);
      throw err;
    });
    if (index) this.#measure(recordingId, index);
    else this.#forgetIf(recordingId, known);
    return index;
  }

  /** The next `get` reads the journal. */
  forget(recordingId: string): void {
    this.#indexes.delete(recordingId);
    this.#totalSize -= this.#sizes.get(recordingId) ?? 0;
    this.#sizes.delete(recordingId);
  }

  /**
   * Reads finished recordings again that had segments on other nodes: they may be stored now. A growing one keeps its gaps,
   * because the entries of its playlists do not change.
   */
  async forgetIncomplete(): Promise<void> {
    for (const [recordingId, known] of [...this.#indexes]) {
      const index = await known.catch(() => undefined);
      if (index && !index.isComplete && index.recording.state === 'finished') this.#forgetIf(recordingId, known);
    }
  }

  /** Adds a file that was journaled. An index that is being read may have its row or not. */
  add(file: JournaledFile): void {
    if (file.kind === 'segment') return this.#update(file.row.recordingId, (index) => index.append(file.row));
    const init = file.row;
    // Epochs are journaled before the init segment that belongs to them.
    this.#update(init.recordingId, async (index) => index.addInit(init, await this.#recordingOf(index)));
  }

  /** Reads the recording's own row again. */
  refresh(recordingId: string): void {
    this.#update(recordingId, async (index) => index.replaceRecording(await this.#recordingOf(index)));
  }

  #update(recordingId: string, change: (index: RecordingIndex) => void | Promise<void>): void {
    const known = this.#indexes.get(recordingId);
    if (!known) return;
    const next = known.then(async (index) => {
      if (index) await change(index);
      return index;
    });
    this.#indexes.set(recordingId, next);
    next.catch(() => this.#forgetIf(recordingId, next));
  }

  async #recordingOf({ recording }: RecordingIndex): Promise<RecordingRow> {
    return (await this.#journal.recording(recording._id)) ?? recording;
  }

  async #read(recordingId: string): Promise<RecordingIndex | undefined> {
    const recording = await this.#journal.recording(recordingId);
    if (!recording) return undefined;
    const { segments, inits } = await this.#journal.extent(recordingId);
    const isElsewhere = (row: SegmentRow) => this.#journal.isElsewhere(row);
    // It cannot be played from here.
    const here = segments.map((row): SegmentRow => (isElsewhere(row) ? { ...row, state: 'lost' } : row));
    return new RecordingIndex(recording, { inits, segments: here, isComplete: !segments.some(isElsewhere) });
  }

  /** Drops the least recently used indexes until the others fit. */
  #measure(recordingId: string, { segments }: RecordingIndex): void {
    if (!this.#indexes.has(recordingId)) return;
    this.#totalSize += segments.length - (this.#sizes.get(recordingId) ?? 0);
    this.#sizes.set(recordingId, segments.length);
    for (const oldest of this.#indexes.keys()) {
      if (this.#totalSize <= this.#maxSegments || oldest === recordingId) break;
      this.forget(oldest);
    }
  }

  #forgetIf(recordingId: string, index: Promise<RecordingIndex | undefined>): void {
    if (this.#indexes.get(recordingId) === index) this.forget(recordingId);
  }
}
