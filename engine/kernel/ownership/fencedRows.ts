import type { Collection, StoredDocument } from '../database/index.ts';
import { DuplicateKeyError } from '../database/index.ts';
import { FencedError } from './FencedError.ts';

/**
 * A row of a log that has one writer at a time. Its `_id` contains the key of the log and the position of the row, which
 * counts without gaps. `fence` is the number of the writer's lease; rows of older versions have none.
 */
export interface FencedRow extends StoredDocument {
  fence?: number;
}

/**
 * Appends rows to a log. They must be the next positions of the log in order, and the caller appends the next rows only when
 * this has resolved, or has rejected and these rows are appended again. A row that an earlier attempt has stored, whose
 * response was lost, counts as stored.
 *
 * The order is what fences the log: a position is written only after the position before it. So the seal of a later owner,
 * in one position, refuses this row and all rows after it.
 * @throws FencedError when another owner has written one of the positions. The rows before it are stored.
 */
export async function appendFenced<Row extends FencedRow>(collection: Collection<Row>, rows: readonly Row[]): Promise<void> {
  let rest = [...rows];
  while (rest.length > 0) {
    try {
      await collection.insertMany(rest);
      return;
    } catch (err) {
      if (!(err instanceof DuplicateKeyError)) throw err;
      const count = await countStored(collection, rest);
      if (count === 0) throw err;
      rest = rest.slice(count);
    }
  }
}

export interface SealOptions<Row extends FencedRow> {
  collection: Collection<Row>;
  /** The number of the new owner's lease. */
  fence: number;
  /** Reads the row with the highest position. */
  readLast: () => Promise<Row | undefined>;
  /** The row that takes the position after `last`. */
  sealAfter: (last: Row | undefined) => Row;
}

/**
 * Closes a log for all earlier owners: writes a row into the first free position. Resolves with the last row, the seal or a
 * row of this owner. @throws FencedError when a later owner has sealed the log
 */
export async function sealFenced<Row extends FencedRow>({ collection, fence, readLast, sealAfter }: SealOptions<Row>): Promise<Row> {
  for (;;) {
    const last = await readLast();
    if (last?.fence === fence) return last;
    if (last?.fence !== undefined && last.fence > fence) throw new FencedError(last._id, fence);
    const seal = sealAfter(last);
    try {
      await collection.insertOne(seal);
      return seal;
    } catch (err) {
      // An earlier owner was quicker: the next position is the one to close.
      if (!(err instanceof DuplicateKeyError)) throw err;
    }
  }
}

/** How many of the rows are stored, from the first on. @throws FencedError when another owner has written the next one */
async function countStored<Row extends FencedRow>(collection: Collection<Row>, rows: readonly Row[]): Promise<number> {
  let count = 0;
  for (const row of rows) {
    const stored = await findById(collection, row._id);
    if (!stored) return count;
    if (stored.fence !== row.fence) throw new FencedError(row._id, row.fence ?? 0);
    count += 1;
  }
  return count;
}

function findById<Row extends FencedRow>(collection: Collection<Row>, id: string): Promise<Row | null> {
  // The filter of a generic row cannot be typed: every row has an `_id`.
  const byId = collection as unknown as Collection<StoredDocument>;
  return byId.findOne({ _id: id }) as Promise<Row | null>;
}
