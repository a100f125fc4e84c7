// Responsible for the Database port on one SQLite file, which only this process uses. A file is held by a thread of its own; a
// database in memory has no disk to wait for and runs in this one. Owns the thread, and ends it.
import type { Collection, StoredDocument } from '../Collection.ts';
import type { CollectionDefinition, Database } from '../Database.ts';
import { Declarations } from '../query/Declarations.ts';
import { MEMORY, openConnection } from './openConnection.ts';
import type { SqliteChannel } from './SqliteCall.ts';
import { SqliteCollection } from './SqliteCollection.ts';
import { SqliteExecutor } from './SqliteExecutor.ts';
import { SqliteThread } from './SqliteThread.ts';
import type { SqliteThreadOptions } from './SqliteThread.ts';

/** `path`: of the file, which is created with its folder when missing. ':memory:' for a database in memory. */
export type SqliteDatabaseOptions = SqliteThreadOptions;

class SqliteDatabase implements Database {
  readonly #channel: SqliteChannel;
  readonly #declarations = new Declarations();

  constructor(channel: SqliteChannel) {
    this.#channel = channel;
  }

  collection<T extends StoredDocument>(definition: CollectionDefinition<T>): Collection<T> {
    void this.#declarations.declare(definition, () => this.#channel.call({ kind: 'declare', declaration: definition }));
    return new SqliteCollection<T>(definition, this.#channel);
  }

  ready(): Promise<void> {
    return this.#declarations.created();
  }

  close(): Promise<void> {
    return this.#channel.close();
  }
}

/**
 * Opens the database, and creates it when missing.
 * @throws DatabaseFileError when the file cannot be used
 */
export async function openSqliteDatabase(options: SqliteDatabaseOptions): Promise<Database> {
  if (options.path === MEMORY) return new SqliteDatabase(new SqliteExecutor(openConnection(MEMORY)));
  return new SqliteDatabase(await SqliteThread.open(options));
}
