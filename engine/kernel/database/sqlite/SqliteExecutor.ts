// Responsible for the calls on one SQLite file: reads run at once, writes go through the commit queue.
// Owns the connection and the commit queue, and closes them.
import type { UpdateResult } from '../Collection.ts';
import { toUnavailable } from '../toUnavailable.ts';
import { applyChanges } from '../query/compileUpdate.ts';
import type { CollectionDeclaration } from '../query/declaration.ts';
import type { FilterNode } from '../query/parseFilter.ts';
import { storableDocument } from '../query/storableDocument.ts';
import type { JsonObject, StorableText } from '../query/storableDocument.ts';
import { upsertedDocument } from '../query/upsertedDocument.ts';
import { CommitQueue } from './CommitQueue.ts';
import { DocumentTable } from './DocumentTable.ts';
import type { RowChange, SqliteCall, SqliteChannel, SqliteResults, Written } from './SqliteCall.ts';
import type { SqliteConnection } from './SqliteConnection.ts';

type CallOf<K extends SqliteCall['kind']> = Extract<SqliteCall, { kind: K }>;

type Handlers = { [K in SqliteCall['kind']]: (call: CallOf<K>) => SqliteResults[K] | Promise<SqliteResults[K]> };

/** A declared table, or why it could not be created. */
type Declared = { table: DocumentTable } | { failure: unknown };

const unchanged: UpdateResult = { acknowledged: true, matchedCount: 0, modifiedCount: 0, upsertedCount: 0, upsertedId: null };

export class SqliteExecutor implements SqliteChannel {
  readonly #connection: SqliteConnection;
  readonly #queue: CommitQueue;
  readonly #declared = new Map<string, Declared>();
  #isClosed = false;

  readonly #handlers: Handlers = {
    declare: ({ declaration }) => this.#declare(declaration),
    select: ({ collection, query }) => this.#table(collection).select(query).map(({ json }) => json),
    count: ({ collection, filter }) => this.#table(collection).count(filter),
    scan: ({ collection, query }) => this.#table(collection).scan(query),
    read: ({ collection, seqs, filter }) => this.#table(collection).read(seqs, filter).map(({ json }) => json),
    insert: ({ collection, documents }) => this.#insert(this.#table(collection), documents),
    write: (call) => this.#queue.write(() => this.#write(this.#table(call.collection), call)),
    delete: ({ collection, query }) =>
      this.#queue.write(() => {
        const table = this.#table(collection);
        const rows = table.select(query);
        for (const row of rows) table.delete(row);
        return rows.length;
      }),
  };

  constructor(connection: SqliteConnection) {
    this.#connection = connection;
    this.#queue = new CommitQueue(connection);
  }

  async call<C extends SqliteCall>(call: C): Promise<SqliteResults[C['kind']]> {
    if (this.#isClosed) throw new Error('the database is closed');
    // The table has one handler for each kind of call, which TypeScript cannot follow through an index.
    const handler = this.#handlers[call.kind] as unknown as (call: C) => SqliteResults[C['kind']] | Promise<SqliteResults[C['kind']]>;
    try {
      return await handler(call);
    } catch (error) {
      throw toUnavailable(error);
    }
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#queue.close();
    this.#connection.close();
  }

  #declare(declaration: CollectionDeclaration): undefined {
    try {
      const table = new DocumentTable(this.#connection, declaration);
      table.create();
      this.#declared.set(declaration.name, { table });
    } catch (failure) {
      this.#declared.set(declaration.name, { failure });
      throw failure;
    }
  }

  #table(collection: string): DocumentTable {
    const declared = this.#declared.get(collection);
    if (declared === undefined) throw new Error(`the collection ${collection} is not declared`);
    if ('failure' in declared) throw declared.failure;
    return declared.table;
  }

  async #insert(table: DocumentTable, documents: readonly StorableText[]): Promise<undefined> {
    // The documents before the failing one stay, so the failure must not undo the write.
    const failed = await this.#queue.write(() => {
      for (const document of documents) {
        try {
          table.insert(document);
        } catch (error) {
          // SQLite has undone the whole transaction, for example on a full disk.
          if (!this.#connection.isTransaction) throw error;
          return { error };
        }
      }
      return undefined;
    });
    if (failed !== undefined) throw failed.error;
  }

  #write(table: DocumentTable, { collection, query, change, upsertedId }: CallOf<'write'>): Written {
    const rows = table.select(query);
    if (rows.length === 0 && upsertedId !== undefined) return upsert(table, storableDocument(insertedDocument(query.filter, change, upsertedId), collection));
    const after = rows.map((row) => table.update(row, storableDocument(changedDocument(JSON.parse(row.json) as JsonObject, change), collection)));
    const modifiedCount = rows.filter(({ json }, i) => json !== after[i]).length;
    return { result: { ...unchanged, matchedCount: rows.length, modifiedCount }, before: rows[0]?.json, after: after[0] };
  }
}

function upsert(table: DocumentTable, document: JsonObject & { _id: string }): Written {
  const after = table.insertDocument(document);
  return { result: { ...unchanged, upsertedCount: 1, upsertedId: document._id }, after };
}

function changedDocument(document: JsonObject, change: RowChange): JsonObject {
  if (change.kind === 'update') {
    applyChanges(document, change.update.changes);
    return document;
  }
  const { _id } = document;
  if (change.replacement._id !== undefined && change.replacement._id !== _id) throw new TypeError('_id cannot change');
  return { _id, ...change.replacement };
}

function insertedDocument(filter: FilterNode, change: RowChange, _id: string): JsonObject {
  return change.kind === 'update' ? upsertedDocument(filter, change.update, _id) : { _id, ...change.replacement };
}
