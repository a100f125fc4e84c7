import { parseSort } from './compareDocuments.ts';
import type { SortEntries } from './compareDocuments.ts';

/** A CollectionDefinition without its document type. */
export interface CollectionDeclaration {
  name: string;
  indexes: readonly { keys: object; unique?: boolean; sparse?: boolean }[];
}

export interface DeclaredIndex {
  /** MongoDB's name: `course_1_position_-1`. */
  name: string;
  /** The most significant path first. */
  keys: SortEntries;
  isUnique: boolean;
  isSparse: boolean;
}

const COLLECTION_NAME = /^[A-Za-z][A-Za-z0-9]*$/;

/** @throws TypeError when the name cannot be one of a collection */
export function assertCollectionName(name: string): void {
  if (!COLLECTION_NAME.test(name)) throw new TypeError(`${name} is not a valid name for a collection`);
}

export function declaredIndexes({ indexes }: CollectionDeclaration): DeclaredIndex[] {
  return indexes.map(({ keys, unique = false, sparse = false }) => {
    const entries = parseSort(keys);
    return { name: entries.map(([path, direction]) => `${path}_${direction}`).join('_'), keys: entries, isUnique: unique, isSparse: sparse };
  });
}
