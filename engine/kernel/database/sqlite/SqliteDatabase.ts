// Responsible for the Database port on one SQLite file, which only this process uses.
// Owns the connection and the commit queue, and closes them.
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
  /** Path of the file, which is created with its folder when missing. ':memory:' for a database in memory. */
  path: string;
}

const MEMORY = ':memory:';
const COLLECTION_NAME = /^[A-Za-z][A-Za-z0-9]*$/;
/**
 * Files up to this size are checked for damage when they are opened. quick_check reads about 1 GB/s from a warm cache, so a
 * larger file would delay the start.
 */
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
    if (!COLLECTION_NAME.test(name)) throw new TypeError(`${name} is not a valid name for a collection`);
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

/** Only the owner can read the file, because it contains password hashes and names. */
function createFile(path: string): void {
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    closeSync(openSync(path, 'a', 0o600));
  } catch (error) {
    const message = `The database ${path} cannot be opened; check that its folder is writable.`;
    throw new DatabaseFileError({ path, reason: 'unreadable' }, message, { cause: error });
  }
}

function assertUndamaged(connection: SqliteConnection): void {
  if (connection.path === MEMORY || statSync(connection.path).size > CHECKED_FILE_BYTES) return;
  const found = connection.get('PRAGMA quick_check(1)')?.quick_check;
  if (found === 'ok') return;
  throw sqliteError(Object.assign(new Error(String(found)), { errcode: 11 }), connection.path);
}

/**
 * Opens the database, and creates it when missing.
 * @throws DatabaseFileError when the file cannot be used
 */
export async function openSqliteDatabase({ path }: SqliteDatabaseOptions): Promise<Database> {
  if (path !== MEMORY) createFile(path);
  const connection = new SqliteConnection(path);
  try {
    // With EXCLUSIVE, the first read takes the lock of the file and keeps it, so that only one process uses the file. The
    // operating system releases the lock of a process that dies.
    connection.exec('PRAGMA locking_mode = EXCLUSIVE');
    assertReadableFormat(connection);
    connection.exec('PRAGMA journal_mode = WAL');
    // With FULL, every commit flushes the WAL: an acknowledged write survives a power failure.
    connection.exec('PRAGMA synchronous = FULL; PRAGMA fullfsync = ON; PRAGMA checkpoint_fullfsync = ON');
    // A negative cache_size is in KiB: 32 MiB. The WAL file is truncated to 64 MiB after a checkpoint.
    connection.exec('PRAGMA cache_size = -32768; PRAGMA journal_size_limit = 67108864; PRAGMA trusted_schema = OFF');
    assertUndamaged(connection);
    writeFormat(connection);
    return new SqliteDatabase(connection);
  } catch (error) {
    connection.close();
    throw error;
  }
}
