// Responsible for folding: the rows of the files of a recording that is finished and stored become one object in the store, named in the
// recording's row. Then they are deleted. A fold that is interrupted is continued by the next one; until the recording's row names the
// object, nothing has changed, and from then on, nobody reads the rows.
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { Collection, Database, Filter, StoredDocument } from '#engine/kernel';
import { foldBatchRows } from '../../limits.ts';
import type { ObjectStore } from '../../storage/ObjectStore.ts';
import { sha256OfBytes } from '../../storage/sha256.ts';
import { asFinished, initsDefinition, recordingsDefinition, segmentsDefinition } from '../collections.ts';
import { foldKey } from '../keys.ts';
import type { InitSegmentRow, RecordingRow, RowFold, SealRow, SegmentRow } from '../rows.ts';
import { FoldedRows } from './FoldedRows.ts';
import type { FoldedContent } from './FoldedRows.ts';

export interface RecordingFolderOptions {
  database: Database;
  store: ObjectStore;
  /** Between two writes, so that others come first. */
  pause: () => Promise<void>;
}

const zip = promisify(gzip);

interface FoldableRow extends StoredDocument {
  recordingId: string;
  refold?: number;
}

export class RecordingFolder {
  readonly #options: RecordingFolderOptions;
  readonly #recordings: Collection<RecordingRow>;
  readonly #inits: Collection<InitSegmentRow>;
  readonly #segments: Collection<SegmentRow>;

  constructor(options: RecordingFolderOptions) {
    const { database } = options;
    this.#options = options;
    this.#recordings = database.collection<RecordingRow>(recordingsDefinition);
    this.#inits = database.collection<InitSegmentRow>(initsDefinition);
    this.#segments = database.collection<SegmentRow>(segmentsDefinition);
  }

  /** Recordings that can be folded: finished, stored, shown by their video, and ended before this instant. The oldest first. */
  async due(endedBefore: string, limit: number): Promise<RecordingRow[]> {
    const isDone: Filter<RecordingRow> = { state: 'finished', isStored: true, isShown: true, endedAt: { $lt: endedBefore } };
    const oldestFirst = { sort: { startedAt: 1 }, limit } as const;
    const rows = await this.#recordings.find({ isFolded: false, ...isDone }, oldestFirst);
    // Those of older versions.
    return rows.length >= limit ? rows : [...rows, ...(await this.#recordings.find({ isFolded: null, ...isDone }, { ...oldestFirst, limit: limit - rows.length }))];
  }

  /**
   * Folds one recording, or goes on where an earlier run was interrupted. False when it cannot be folded now, because it continues, or a
   * file of it is not stored. @throws CodedError `store.unavailable`, `database.unavailable`
   */
  async fold(recordingId: string): Promise<boolean> {
    const row = await this.#recordings.findOne({ _id: recordingId });
    if (!row || row.state !== 'finished' || row.isFolded) return row?.isFolded === true;
    const fold = row.fold ?? (await this.#write(row));
    if (!fold) return false;
    await this.#deleteRows(fold);
    const { modifiedCount } = await this.#recordings.updateOne({ _id: recordingId, 'fold.generation': fold.generation }, { $set: { isFolded: true } });
    return modifiedCount > 0;
  }

  /** Writes the object, then names it in the recording's row. From then on, it is read instead of the rows. */
  async #write(row: RecordingRow): Promise<RowFold | undefined> {
    const { store } = this.#options;
    const recordingId = row._id;
    if (!row.isStored) return undefined;
    const content = await this.#content(recordingId);
    const files = [...content.inits, ...content.segments];
    if (files.some(({ state }) => state === 'written')) return undefined;
    const stored = files.filter((file): file is InitSegmentRow | SegmentRow => file.state === 'stored');
    const bytes = await zip(JSON.stringify({ version: 1, recordingId, ...content }));
    const fold: RowFold = {
      key: foldKey(recordingId),
      bytes: bytes.length,
      sha256: sha256OfBytes(bytes),
      generation: (row.foldCount ?? 0) + 1,
      storedBytes: stored.reduce((sum, file) => sum + file.bytes, 0),
      storedObjects: stored.length,
    };
    await store.put(fold.key, { bytes }, { contentType: 'application/json', sha256: fold.sha256 });
    // Only the recording whose rows were read: one that continues has another owner, or is not stored.
    const unchanged: Filter<RecordingRow> = { ...asFinished(row), isStored: true, fold: { $exists: false }, foldCount: row.foldCount ?? null };
    const { modifiedCount } = await this.#recordings.updateOne(unchanged, { $set: { fold, foldCount: fold.generation, isFolded: false } });
    return modifiedCount > 0 ? fold : undefined;
  }

  async #content(recordingId: string): Promise<FoldedContent> {
    const inits: FoldedContent['inits'] = await this.#inits.find({ recordingId });
    const segments: FoldedContent['segments'] = await this.#segments.find({ recordingId });
    return { inits: inits.toSorted(byEntry), segments: segments.toSorted(byEntry) };
  }

  /** Deletes what is in the object, and nothing that was written or restored after it. */
  async #deleteRows(fold: RowFold): Promise<void> {
    const { content } = await new FoldedRows(this.#options.store).read(fold);
    await this.#deleteFrom(this.#inits, content.inits, fold);
    await this.#deleteFrom(this.#segments, content.segments, fold);
  }

  async #deleteFrom(collection: Collection<FoldableRow>, rows: readonly StoredDocument[], { generation }: RowFold): Promise<void> {
    for (let from = 0; from < rows.length; from += foldBatchRows) {
      const ids = rows.slice(from, from + foldBatchRows).map(({ _id }) => _id);
      await collection.deleteMany({ _id: { $in: ids }, $or: [{ refold: null }, { refold: { $lt: generation } }] });
      await this.#options.pause();
    }
  }
}

/** In the order in which they were written, as far as that is known. */
function byEntry(a: InitSegmentRow | SegmentRow | SealRow, b: InitSegmentRow | SegmentRow | SealRow): number {
  return (a.entry ?? -1) - (b.entry ?? -1);
}
