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
  cursor?: string | undefined;
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
 * @throws CodedError `page.notFound` for a cursor of another list
 */
export async function readPage<T extends StoredDocument>(collection: Collection<T>, { filter, ...request }: PageRequest<T>): Promise<Page<T>> {
  return readMergedPage(collection, { ...request, filters: [filter] });
}

/**
 * One page of several filters, each served by the same index, in one order: the states in which a course may be listed. A filter
 * costs one query.
 * @throws CodedError `page.notFound` for a cursor of another list
 */
export async function readMergedPage<T extends StoredDocument>(
  collection: Collection<T>,
  { list, filters, sortBy, direction, cursor, limit }: Omit<PageRequest<T>, 'filter'> & { filters: readonly Filter<T>[] },
): Promise<Page<T>> {
  const pages = await Promise.all(filters.map((filter) => readFrom(collection, { list, filter, sortBy, direction, cursor, limit })));
  return toPage(list, { sortBy, limit, found: pages.flat().sort(inOrder(sortBy, direction)) });
}

/** One page of rows that are in memory: a few hundred at most, like the courses of one person. */
export function pageOfRows<T extends StoredDocument>(rows: readonly T[], { list, sortBy, direction, cursor, limit }: Omit<PageRequest<T>, 'filter'>): Page<T> {
  const sorted = [...rows].sort(inOrder(sortBy, direction));
  const place = cursor === undefined ? undefined : decodeCursor(list, cursor);
  const after = place ? sorted.filter((row) => compare(row[sortBy], place.key) * direction > 0 || (row[sortBy] === place.key && compare(row._id, place.id) * direction > 0)) : sorted;
  return toPage(list, { sortBy, limit, found: after });
}

/** The rows behind the cursor, and one beyond the page. */
function readFrom<T extends StoredDocument>(collection: Collection<T>, { list, filter, sortBy, direction, cursor, limit }: PageRequest<T>): Promise<T[]> {
  const place = cursor === undefined ? undefined : decodeCursor(list, cursor);
  const after = place ? ({ $and: [filter, behind(place, sortBy, direction)] } as Filter<T>) : filter;
  return collection.find(after, { sort: { [sortBy]: direction, _id: direction } as Sort<T>, limit: limit + 1 });
}

function toPage<T extends StoredDocument>(list: string, { sortBy, limit, found }: { sortBy: keyof T & string; limit: number; found: readonly T[] }): Page<T> {
  const rows = found.slice(0, limit);
  const last = rows.at(-1);
  return { rows, nextCursor: last && found.length > limit ? encodeCursor(list, { key: last[sortBy] as string | number, id: last._id }) : null };
}

/** The first condition is the range that the index is read from; the second leaves out the row of the cursor and those before it. */
function behind({ key, id }: PlaceInList, sortBy: string, direction: 1 | -1): object {
  const [beyond, from] = direction === 1 ? ['$gt', '$gte'] : ['$lt', '$lte'];
  return { $and: [{ [sortBy]: { [from]: key } }, { $or: [{ [sortBy]: { [beyond]: key } }, { [sortBy]: key, _id: { [beyond]: id } }] }] };
}

function inOrder<T extends StoredDocument>(sortBy: keyof T & string, direction: 1 | -1) {
  return (a: T, b: T): number => direction * (compare(a[sortBy], b[sortBy]) || compare(a._id, b._id));
}

/** The order of the databases: by code point. */
function compare(a: unknown, b: unknown): number {
  if (typeof a === 'string' && typeof b === 'string') return Buffer.compare(Buffer.from(a), Buffer.from(b));
  return Number(a) - Number(b);
}
