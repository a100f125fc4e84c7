import { DatabaseFileError } from '../DatabaseFileError.ts';
import type { DatabaseFileReason } from '../DatabaseFileError.ts';
import { DuplicateKeyError } from '../DuplicateKeyError.ts';

// https://www.sqlite.org/rescode.html; the low byte is the primary code.
const SQLITE_CONSTRAINT_UNIQUE = 2067;
const sentences: Record<number, readonly [DatabaseFileReason, (path: string) => string]> = {
  5: ['locked', (path) => `The database ${path} is in use by another process; run one Lectern per data folder.`],
  8: ['readOnly', (path) => `The database ${path} cannot be written; check who owns the file and its folder.`],
  10: ['inputOutput', (path) => `The disk that holds the database ${path} reports a read or write error.`],
  11: ['corrupt', (path) => `The database ${path} is damaged; restore it from a backup.`],
  13: ['full', (path) => `The disk that holds the database ${path} is full; make room and try again.`],
  14: ['unreadable', (path) => `The database ${path} cannot be opened; check that the folder exists and may be written.`],
  26: ['corrupt', (path) => `The file ${path} is not a SQLite database or its beginning is damaged; restore it from a backup.`],
};

function hasErrcode(error: unknown): error is Error & { errcode: number } {
  return error instanceof Error && 'errcode' in error && typeof error.errcode === 'number';
}

/** An error of node:sqlite in the words of the Database port; any other error as it is. */
export function sqliteError(error: unknown, path: string): unknown {
  if (!hasErrcode(error)) return error;
  if (error.errcode === SQLITE_CONSTRAINT_UNIQUE) {
    // "UNIQUE constraint failed: index 'users.email_1'" or "… failed: users._id"
    const [, collection, index] = /failed: (?:index ')?([^.]+)\.([^']+)/.exec(error.message) ?? [];
    if (collection !== undefined && index !== undefined) {
      return new DuplicateKeyError(collection, index === '_id' ? '_id_' : index, { cause: error });
    }
  }
  const [reason, sentence] = sentences[error.errcode & 0xff] ?? [];
  if (reason === undefined || sentence === undefined) return error;
  return new DatabaseFileError({ path, reason }, sentence(path), { cause: error });
}
