import type { Collection, StoredDocument } from './Collection.ts';
import type { FilterPath } from './DocumentPath.ts';

export interface IndexDefinition<T> {
  /**
   * Dotted paths, the most significant first; 1 is ascending, -1 descending. An indexed field holds a string, a number, a
   * boolean or null, or is missing.
   */
  keys: { [P in FilterPath<T>]?: 1 | -1 };
  /** Rejects a second document with the same key. A missing field counts as null, unless the index is `sparse`. Default: false. */
  unique?: boolean;
  /** Leaves out documents that have none of the fields. Default: false. */
  sparse?: boolean;
}

export interface CollectionDefinition<T> {
  /** A letter, then letters and digits. */
  name: string;
  indexes: readonly IndexDefinition<T>[];
}

/** Stores everything that must outlive the process. */
export interface Database {
  /**
   * A collection. It and its indexes are created in the background when they are missing: `ready` tells when, and calls wait as far as
   * they need to. When that fails, the calls on the collection fail with the same error.
   * @throws TypeError when the name is invalid
   * @throws Error when the collection is declared a second time with different indexes
   */
  collection<T extends StoredDocument>(definition: CollectionDefinition<T>): Collection<T>;
  /**
   * Resolves when every collection that was declared exists with its indexes. Rejects with `TypeError` when a stored document does
   * not fit a new index, and with `DuplicateKeyError` when stored documents violate a new unique index.
   */
  ready(): Promise<void>;
  /** Completes the calls that have been made, then closes. Later calls reject. Idempotent. */
  close(): Promise<void>;
}
