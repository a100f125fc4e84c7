import { closeSync, mkdirSync, openSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseFileError } from '../DatabaseFileError.ts';
import { assertReadableFormat, writeFormat } from './fileFormat.ts';
import { SqliteConnection } from './SqliteConnection.ts';
import { sqliteError } from './sqliteError.ts';

/** The path of a database in memory. */
export const MEMORY = ':memory:';

/**
 * Files up to this size are checked for damage when they are opened. quick_check reads about 1 GB/s from a warm cache, so a
 * larger file would delay the start.
 */
const CHECKED_FILE_BYTES = 256 * 1024 * 1024;

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
 * Opens the file, and creates it when missing.
 * @throws DatabaseFileError when it cannot be used
 */
export function openConnection(path: string): SqliteConnection {
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
    return connection;
  } catch (error) {
    connection.close();
    throw error;
  }
}
