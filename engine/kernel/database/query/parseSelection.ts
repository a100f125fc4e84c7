import { parseSort } from './compareDocuments.ts';
import type { SortEntries } from './compareDocuments.ts';
import { parseFilter } from './parseFilter.ts';
import type { FilterNode } from './parseFilter.ts';

/** The filter and options of a query, not yet checked. */
export interface Selection {
  filter: object;
  sort?: object;
  skip?: number;
  limit?: number;
}

/** A checked query. Plain data: it can be sent to another thread. */
export interface Query {
  filter: FilterNode;
  sort: SortEntries;
  skip: number;
  /** 0 means all. */
  limit: number;
}

function wholeNumber(value: number | undefined, name: string): number {
  if (value === undefined) return 0;
  if (Number.isInteger(value) && value >= 0) return value;
  throw new TypeError(`${name} must be a whole number of 0 or more`);
}

/** @throws TypeError when the selection is invalid */
export function parseSelection({ filter, sort, skip, limit }: Selection): Query {
  return { filter: parseFilter(filter), sort: parseSort(sort), skip: wholeNumber(skip, 'skip'), limit: wholeNumber(limit, 'limit') };
}
