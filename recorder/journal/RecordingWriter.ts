// Responsible for the rows that the owner of a lecture adds to its recording. The rows of init segments and of segments are
// two logs, each with entries that are written in order (`appendFenced`); the recording's own row is written under the
// number of the same lease. Owns the numbers of the next entries.
import { appendFenced, FencedError } from '#engine/kernel';
import type { Collection } from '#engine/kernel';
import { initEntryId, segmentEntryId } from './keys.ts';
import type { EpochStart, InitSegmentRow, JournaledFile, RecordingRow, SegmentRow, TrackGroup } from './rows.ts';

export interface RecordingWriterOptions {
  recordings: Collection<RecordingRow>;
  inits: Collection<InitSegmentRow>;
  segments: Collection<SegmentRow>;
  /** The recording as it was when its owner took it. */
  row: RecordingRow;
  /** The number of the owner's lease. */
  fence: number;
  /** The node on whose disk the files are. */
  nodeId: string;
  /** The first free entries. */
  next: { init: number; segment: number };
}

/** Writes of an owner that has lost the lecture reject with a FencedError. */
export class RecordingWriter {
  readonly row: RecordingRow;
  readonly #options: RecordingWriterOptions;
  #nextInit: number;
  #nextSegment: number;

  constructor(options: RecordingWriterOptions) {
    this.#options = options;
    this.row = options.row;
    this.#nextInit = options.next.init;
    this.#nextSegment = options.next.segment;
  }

  get recordingId(): string {
    return this.row._id;
  }

  /**
   * Adds files in order, and returns them with the rows that were written. Call it again only when it has settled. When it
   * rejects, the caller adds the same files again: those that were written meanwhile are not written twice.
   */
  async add(files: readonly JournaledFile[]): Promise<JournaledFile[]> {
    const { inits, segments, fence, nodeId } = this.#options;
    let [nextInit, nextSegment] = [this.#nextInit, this.#nextSegment];
    const [initRows, segmentRows]: [InitSegmentRow[], SegmentRow[]] = [[], []];
    const written = files.map((file): JournaledFile => {
      if (file.kind === 'init') {
        const row = { ...file.row, _id: initEntryId(this.recordingId, nextInit), entry: nextInit++, fence, nodeId };
        initRows.push(row);
        return { kind: 'init', row };
      }
      const row = { ...file.row, _id: segmentEntryId(this.recordingId, nextSegment), entry: nextSegment++, fence, nodeId };
      segmentRows.push(row);
      return { kind: 'segment', row };
    });
    // A segment is in the journal only with its init segment.
    if (initRows.length > 0) await appendFenced(inits, initRows);
    if (segmentRows.length > 0) await appendFenced(segments, segmentRows);
    [this.#nextInit, this.#nextSegment] = [nextInit, nextSegment];
    return written;
  }

  async change(change: Partial<Omit<RecordingRow, '_id' | 'epochs' | 'fence'>>): Promise<void> {
    await this.#update({ $set: change });
  }

  async setEpochs(group: TrackGroup, starts: readonly EpochStart[]): Promise<void> {
    await this.#update({ $set: group === 'main' ? { 'epochs.main': [...starts] } : { 'epochs.screen': [...starts] } });
  }

  async #update(change: Parameters<Collection<RecordingRow>['updateOne']>[1]): Promise<void> {
    const { recordings, fence } = this.#options;
    const { matchedCount } = await recordings.updateOne({ _id: this.recordingId, fence }, change);
    if (matchedCount === 0) throw new FencedError(this.recordingId, fence);
  }
}
