import type { Collection, Filter, Sort, StoredDocument } from '#engine/kernel';
import { decodeCursor, encodeCursor } from './cursors.ts';
import type { PlaceInList } from './cursors.ts';

export interface PageRequest<T> {
  /** Identifies the list, its filters and its order, so that a cursor of another one is refused: `courses.byTitle`. */
  list: string;
  /** What the rows have in common: equalities on the first fields of an index. `{}` for all documents. */
  filter: Filter<T>;
  /** The top-level field that orders the rows: a string or a number in every one. Rows with the same value are ordered by `_id`. */
  sortBy: keyof T & string;
  direction: 1 | -1;
  cursor: string | undefined;
  limit: number;
}

export interface Page<T> {
  rows: T[];
  /** Null on the last page. */
  nextCursor: string | null;
}

/**
 * One page of a collection. Rows that are added or removed meanwhile move no other row from one page to another. Declare the index
 * `{ …filter, [sortBy]: direction, _id: direction }`: a page deep in the list then costs as much as the first one.
 * @throws CodedError `request.invalid` for a cursor of another list
 */
export async function readPage<T extends StoredDocument>(collection: Collection<T>, { list, filter, sortBy, direction, cursor, limit }: PageRequest<T>): Promise<Page<T>> {
  const place = cursor === undefined ? undefined : decodeCursor(list, cursor);
  const after = place ? ({ $and: [filter, behind(place, sortBy, direction)] } as Filter<T>) : filter;
  const sort = { [sortBy]: direction, _id: direction } as Sort<T>;
  return toPage(list, { sortBy, limit, found: await collection.find(after, { sort, limit: limit + 1 }) });
}

/** Of rows that were read one beyond the limit: the page, and the cursor of the next one. */
export function toPage<T extends StoredDocument>(list: string, { sortBy, limit, found }: { sortBy: keyof T & string; limit: number; found: readonly T[] }): Page<T> {
  const rows = found.slice(0, limit);
  const last = rows.at(-1);
  return { rows, nextCursor: last && found.length > limit ? encodeCursor(list, { key: last[sortBy] as string | number, id: last._id }) : null };
}

/** The first condition is the range that the index is read from; the second leaves out the row of the cursor and those before it. */
function behind({ key, id }: PlaceInList, sortBy: string, direction: 1 | -1): object {
  const [beyond, from] = direction === 1 ? ['$gt', '$gte'] : ['$lt', '$lte'];
  return { $and: [{ [sortBy]: { [from]: key } }, { $or: [{ [sortBy]: { [beyond]: key } }, { [sortBy]: key, _id: { [beyond]: id } }] }] };
}
