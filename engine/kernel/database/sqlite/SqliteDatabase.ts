// Responsible for the Database port on one SQLite file of this process.
// Owns the connection and the queue of writes, and closes them.
import { closeSync, mkdirSync, openSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Collection, StoredDocument } from '../Collection.ts';
import type { CollectionDefinition, Database } from '../Database.ts';
import { DatabaseFileError } from '../DatabaseFileError.ts';
import { assertReadableFormat, writeFormat } from './fileFormat.ts';
import { CommitQueue } from './CommitQueue.ts';
import { createTable } from './createTable.ts';
import { DocumentTable } from './DocumentTable.ts';
import { IndexedFields } from './IndexedFields.ts';
import { SqliteCollection } from './SqliteCollection.ts';
import { SqliteConnection } from './SqliteConnection.ts';
import { sqliteError } from './sqliteError.ts';

export interface SqliteDatabaseOptions {
  /** A file, made with its folder when missing; or ':memory:' for tests. */
  path: string;
}

const MEMORY = ':memory:';
const COLLECTION_NAME = /^[A-Za-z][A-Za-z0-9]*$/;
/** quick_check reads about 1 GB a second from a warm cache; a larger file would hold start-up back. */
const CHECKED_FILE_BYTES = 256 * 1024 * 1024;

class SqliteDatabase implements Database {
  readonly #connection: SqliteConnection;
  readonly #queue: CommitQueue;
  readonly #declared = new Map<string, { definition: string; fields: IndexedFields }>();

  constructor(connection: SqliteConnection) {
    this.#connection = connection;
    this.#queue = new CommitQueue(connection);
  }

  collection<T extends StoredDocument>(definition: CollectionDefinition<T>): Collection<T> {
    return new SqliteCollection<T>(definition.name, this.#table(definition), this.#queue);
  }

  async close(): Promise<void> {
    this.#queue.close();
    this.#connection.close();
  }

  #table<T extends StoredDocument>(definition: CollectionDefinition<T>): DocumentTable<T> {
    const { name } = definition;
    if (!COLLECTION_NAME.test(name)) throw new TypeError(`${name} cannot name a collection`);
    const text = JSON.stringify(definition.indexes);
    const declared = this.#declared.get(name);
    if (declared !== undefined) {
      if (declared.definition === text) return new DocumentTable(this.#connection, declared.fields);
      throw new Error(`the collection ${name} is declared twice, with different indexes`);
    }
    const fields = new IndexedFields(definition);
    createTable(this.#connection, fields);
    this.#declared.set(name, { definition: text, fields });
    return new DocumentTable(this.#connection, fields);
  }
}

/** Only the owner may read it: it holds password hashes and names. */
function createFile(path: string): void {
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    closeSync(openSync(path, 'a', 0o600));
  } catch (error) {
    const message = `The database ${path} cannot be opened; check that its folder may be written.`;
    throw new DatabaseFileError({ path, reason: 'unreadable' }, message, { cause: error });
  }
}

function assertUndamaged(connection: SqliteConnection): void {
  if (connection.path === MEMORY || statSync(connection.path).size > CHECKED_FILE_BYTES) return;
  const found = connection.get('PRAGMA quick_check(1)')?.quick_check;
  if (found === 'ok') return;
  throw sqliteError(Object.assign(new Error(String(found)), { errcode: 11 }), connection.path);
}

export async function openSqliteDatabase({ path }: SqliteDatabaseOptions): Promise<Database> {
  if (path !== MEMORY) createFile(path);
  const connection = new SqliteConnection(path);
  try {
    // Set before the first look inside, it makes that look take the file's lock and keep it: one process for each file.
    // The system drops the lock of a process that dies.
    connection.exec('PRAGMA locking_mode = EXCLUSIVE');
    assertReadableFormat(connection);
    connection.exec('PRAGMA journal_mode = WAL');
    // With FULL, WAL is flushed at every commit: what was acknowledged survives a power cut.
    connection.exec('PRAGMA synchronous = FULL; PRAGMA fullfsync = ON; PRAGMA checkpoint_fullfsync = ON');
    // -N is in KiB; the journal's file is cut back to this after a checkpoint.
    connection.exec('PRAGMA cache_size = -32768; PRAGMA journal_size_limit = 67108864; PRAGMA trusted_schema = OFF');
    assertUndamaged(connection);
    writeFormat(connection);
    return new SqliteDatabase(connection);
  } catch (error) {
    connection.close();
    throw error;
  }
}
