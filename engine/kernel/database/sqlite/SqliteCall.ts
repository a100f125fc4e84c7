import type { UpdateResult } from '../Collection.ts';
import type { CompiledUpdate } from '../query/compileUpdate.ts';
import type { CollectionDeclaration } from '../query/declaration.ts';
import type { FilterNode } from '../query/parseFilter.ts';
import type { Query } from '../query/parseSelection.ts';
import type { JsonObject, StorableText } from '../query/storableDocument.ts';

/** How a matching document changes. */
export type RowChange = { kind: 'update'; update: CompiledUpdate } | { kind: 'replace'; replacement: JsonObject };

/** One call to the thread that holds the file. Plain, checked data; documents travel as JSON. */
export type SqliteCall =
  | { kind: 'declare'; declaration: CollectionDeclaration }
  | { kind: 'select'; collection: string; query: Query }
  | { kind: 'count'; collection: string; filter: FilterNode }
  | { kind: 'scan'; collection: string; query: Query }
  | { kind: 'read'; collection: string; seqs: readonly number[]; filter: FilterNode }
  | { kind: 'insert'; collection: string; documents: readonly StorableText[] }
  /** With `upsertedId`, a document is inserted when none matches. */
  | { kind: 'write'; collection: string; query: Query; change: RowChange; upsertedId: string | undefined }
  | { kind: 'delete'; collection: string; query: Query };

/** The result of a write, and the first document before and after it, as JSON. */
export interface Written {
  result: UpdateResult;
  before?: string;
  after?: string;
}

/** What a call resolves to, by its kind. Writes resolve when they are on the disk. */
export interface SqliteResults {
  declare: undefined;
  /** Documents as JSON. */
  select: string[];
  count: number;
  /** Primary keys of the rows that match, in order. */
  scan: number[];
  /** Documents as JSON; those that no longer match are left out. */
  read: string[];
  insert: undefined;
  write: Written;
  /** Number of deleted documents. */
  delete: number;
}

/** Runs calls on one SQLite file, in this thread or in another. */
export interface SqliteChannel {
  call<C extends SqliteCall>(call: C): Promise<SqliteResults[C['kind']]>;
  /** Completes the calls that have been made, then closes the file. Later calls reject. Idempotent. */
  close(): Promise<void>;
}
