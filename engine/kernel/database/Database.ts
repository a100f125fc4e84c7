import type { Collection, StoredDocument } from './Collection.ts';
import type { FilterPath } from './DocumentPath.ts';

export interface IndexDefinition<T> {
  /** Dotted paths; their order matters. An indexed field holds a string, a number, a boolean, null, or nothing. */
  keys: { [P in FilterPath<T>]?: 1 | -1 };
  /** Without `sparse`, a missing field counts as null, and only one document may miss it (as in MongoDB). */
  unique?: boolean;
  /** Only documents that have one of the fields are in the index. */
  sparse?: boolean;
}

export interface CollectionDefinition<T> {
  /** A letter, then letters and digits. */
  name: string;
  indexes: readonly IndexDefinition<T>[];
}

/** Where everything that must outlive the process is kept. */
export interface Database {
  /** Creates the collection and its indexes where they are missing; an index no longer declared is dropped. */
  collection<T extends StoredDocument>(definition: CollectionDefinition<T>): Collection<T>;
  /** Finishes what was asked for, then closes. Idempotent. */
  close(): Promise<void>;
}
