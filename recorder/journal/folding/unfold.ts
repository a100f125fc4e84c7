import type { Collection, StoredDocument } from '#engine/kernel';
import { foldBatchRows } from '../../limits.ts';
import type { RecordingRow, RowFold, SealRow } from '../rows.ts';
import type { FoldedRows } from './FoldedRows.ts';

/** A row, as far as folding knows it. */
interface FoldableRow extends StoredDocument {
  recordingId: string;
  refold?: number;
}

export interface UnfoldOptions {
  recordings: Collection<RecordingRow>;
  /** Of init segments, and of segments: any row that seals a recording is among them. */
  files: readonly [Collection<SealRow>, Collection<SealRow>];
  folded: FoldedRows;
}

/**
 * Restores the rows of a folded recording, because it continues. A fold that is still deleting them, here or in another process, leaves
 * restored ones alone: they are marked with its generation. Repeated after a crash, it goes on.
 */
export async function unfold(row: RecordingRow, fold: RowFold, { recordings, files, folded }: UnfoldOptions): Promise<void> {
  const { content } = await folded.read(fold);
  const [inits, segments] = files as unknown as readonly [Collection<FoldableRow>, Collection<FoldableRow>];
  await restore(inits, content.inits, fold.generation);
  await restore(segments, content.segments, fold.generation);
  await recordings.updateOne({ _id: row._id, 'fold.generation': fold.generation }, { $unset: { fold: true }, $set: { isFolded: false } });
}

async function restore(collection: Collection<FoldableRow>, rows: readonly FoldableRow[], refold: number): Promise<void> {
  for (let from = 0; from < rows.length; from += foldBatchRows) {
    const batch = rows.slice(from, from + foldBatchRows);
    const ids = batch.map(({ _id }) => _id);
    // Those that were not deleted yet. From here on, they are not.
    await collection.updateMany({ _id: { $in: ids } }, { $set: { refold } });
    const present = new Set((await collection.find({ _id: { $in: ids } })).map(({ _id }) => _id));
    const missing = batch.filter(({ _id }) => !present.has(_id));
    if (missing.length > 0) await collection.insertMany(missing.map((each) => ({ ...each, refold })));
  }
}
