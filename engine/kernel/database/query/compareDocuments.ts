import { resolve } from 'mingo/util';
import type { JsonObject } from './storableDocument.ts';

/** A checked sort, the most significant path first. */
export type SortEntries = readonly (readonly [path: string, direction: 1 | -1])[];

/** @throws TypeError when a direction is neither 1 nor -1 */
export function parseSort(sort: object | undefined): SortEntries {
  return Object.entries(sort ?? {}).map(([path, direction]) => {
    if (direction !== 1 && direction !== -1) throw new TypeError(`sort: ${path} needs 1 or -1`);
    return [path, direction] as const;
  });
}

// https://www.mongodb.com/docs/manual/reference/bson-type-comparison-order/. A missing field sorts as null.
function typeRank(value: unknown): number {
  if (value === undefined || value === null) return 1;
  if (typeof value === 'number') return 2;
  if (typeof value === 'string') return 3;
  if (typeof value === 'boolean') return 6;
  return Array.isArray(value) ? 5 : 4;
}

function compareStrings(a: string, b: string): number {
  if (a === b) return 0;
  // MongoDB and SQLite compare UTF-8 bytes. The order of UTF-16 code units differs only when surrogates are present.
  if (/[\ud800-\udfff]/.test(a) || /[\ud800-\udfff]/.test(b)) return Buffer.compare(Buffer.from(a), Buffer.from(b));
  return a < b ? -1 : 1;
}

function compareValues(a: unknown, b: unknown): number {
  const rank = typeRank(a) - typeRank(b);
  if (rank !== 0) return rank;
  if (typeof a === 'string' && typeof b === 'string') return compareStrings(a, b);
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  if (typeof a === 'boolean' && typeof b === 'boolean') return Number(a) - Number(b);
  return 0;
}

/** An array sorts by its smallest element in ascending order, by its largest in descending order. */
function sortKey(document: JsonObject, path: string, direction: 1 | -1): unknown {
  const value: unknown = resolve(document, path);
  if (!Array.isArray(value)) return value;
  const elements: unknown[] = value;
  return elements.reduce((best, element) => (compareValues(element, best) * direction < 0 ? element : best), elements[0]);
}

/** A comparison function for MongoDB's sort order. */
export function compareDocuments(sort: SortEntries): (a: JsonObject, b: JsonObject) => number {
  return (a, b) => {
    for (const [path, direction] of sort) {
      const order = compareValues(sortKey(a, path, direction), sortKey(b, path, direction));
      if (order !== 0) return order * direction;
    }
    return 0;
  };
}
