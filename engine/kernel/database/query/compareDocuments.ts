import { resolve } from 'mingo/util';
import type { JsonObject } from './storableDocument.ts';

export type SortEntries = readonly (readonly [path: string, direction: 1 | -1])[];

export function parseSort(sort: object | undefined): SortEntries {
  return Object.entries(sort ?? {}).map(([path, direction]) => {
    if (direction !== 1 && direction !== -1) throw new TypeError(`sort: ${path} needs 1 or -1`);
    return [path, direction] as const;
  });
}

// https://www.mongodb.com/docs/manual/reference/bson-type-comparison-order/; a missing field sorts as null.
function typeRank(value: unknown): number {
  if (value === undefined || value === null) return 1;
  if (typeof value === 'number') return 2;
  if (typeof value === 'string') return 3;
  if (typeof value === 'boolean') return 6;
  return Array.isArray(value) ? 5 : 4;
}

function compareStrings(a: string, b: string): number {
  if (a === b) return 0;
  // Only where surrogates occur does UTF-16 order differ from the UTF-8 order of MongoDB and SQLite.
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

/** An array sorts by its least element ascending, by its greatest descending. */
function sortKey(document: JsonObject, path: string, direction: 1 | -1): unknown {
  const value: unknown = resolve(document, path);
  if (!Array.isArray(value)) return value;
  const elements: unknown[] = value;
  return elements.reduce((best, element) => (compareValues(element, best) * direction < 0 ? element : best), elements[0]);
}

/** Orders documents as MongoDB does. */
export function compareDocuments(sort: SortEntries): (a: JsonObject, b: JsonObject) => number {
  return (a, b) => {
    for (const [path, direction] of sort) {
      const order = compareValues(sortKey(a, path, direction), sortKey(b, path, direction));
      if (order !== 0) return order * direction;
    }
    return 0;
  };
}
