import { DatabaseFileError } from '../DatabaseFileError.ts';
import type { SqliteConnection } from './SqliteConnection.ts';

/** Raised when what an older Lectern would do to the file could harm it. */
const FILE_FORMAT = 1;

/** Refuses a file of a newer Lectern or of another program, before anything in it is touched. */
export function assertReadableFormat(connection: SqliteConnection): void {
  const { path } = connection;
  const tables = connection.all("SELECT name FROM sqlite_schema WHERE type = 'table'").map(({ name }) => name);
  if (tables.length === 0) return;
  if (!tables.includes('lectern_meta')) {
    throw new DatabaseFileError({ path, reason: 'notLectern' }, `The file ${path} is a database of another program.`);
  }
  const format = Number(connection.get("SELECT value FROM lectern_meta WHERE key = 'format'")?.value);
  if (format <= FILE_FORMAT) return;
  const message = `The database ${path} was written by a newer Lectern (format ${format}, this one reads ${FILE_FORMAT}); start that version.`;
  throw new DatabaseFileError({ path, reason: 'newerFormat' }, message);
}

export function writeFormat(connection: SqliteConnection): void {
  connection.exec(
    `CREATE TABLE IF NOT EXISTS lectern_meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
     INSERT OR IGNORE INTO lectern_meta (key, value) VALUES ('format', '${FILE_FORMAT}')`,
  );
}
