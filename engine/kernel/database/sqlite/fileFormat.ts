import { DatabaseFileError } from '../DatabaseFileError.ts';
import type { SqliteConnection } from './SqliteConnection.ts';

/** Version of the file's format. Increment it when an older Lectern could damage a file of the new format. */
const FILE_FORMAT = 1;

/**
 * Checks that this or an older Lectern has written the file. Does not write to it.
 * @throws DatabaseFileError `newerFormat` or `notLectern`
 */
export function assertReadableFormat(connection: SqliteConnection): void {
  const { path } = connection;
  const tables = connection.all("SELECT name FROM sqlite_schema WHERE type = 'table'").map(({ name }) => name);
  if (tables.length === 0) return;
  if (!tables.includes('lectern_meta')) {
    throw new DatabaseFileError({ path, reason: 'notLectern' }, `The file ${path} is a database of another program.`);
  }
  const format = Number(connection.get("SELECT value FROM lectern_meta WHERE key = 'format'")?.value);
  if (format <= FILE_FORMAT) return;
  const message = `The database ${path} was written by a newer Lectern (format ${format}; this version reads ${FILE_FORMAT}). Start that version.`;
  throw new DatabaseFileError({ path, reason: 'newerFormat' }, message);
}

/** Stores the format in a new file. */
export function writeFormat(connection: SqliteConnection): void {
  connection.exec(
    `CREATE TABLE IF NOT EXISTS lectern_meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
     INSERT OR IGNORE INTO lectern_meta (key, value) VALUES ('format', '${FILE_FORMAT}')`,
  );
}
