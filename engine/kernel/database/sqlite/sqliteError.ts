import { DatabaseFileError } from '../DatabaseFileError.ts';
import type { DatabaseFileReason } from '../DatabaseFileError.ts';
import { DuplicateKeyError } from '../DuplicateKeyError.ts';

// https://www.sqlite.org/rescode.html. The low byte of an extended code is the primary code.
const SQLITE_CONSTRAINT_UNIQUE = 2067;
const messages: Record<number, readonly [DatabaseFileReason, (path: string) => string]> = {
  5: ['locked', (path) => `The database ${path} is in use by another process; run one Lectern per data folder.`],
  8: ['readOnly', (path) => `The database ${path} is read-only; check the owner and permissions of the file and its folder.`],
  10: ['inputOutput', (path) => `The disk that holds the database ${path} reports a read or write error.`],
  11: ['corrupt', (path) => `The database ${path} is damaged; restore it from a backup.`],
  13: ['full', (path) => `The disk that holds the database ${path} is full; free some space and try again.`],
  14: ['unreadable', (path) => `The database ${path} cannot be opened; check that its folder exists and is writable.`],
  26: ['corrupt', (path) => `The file ${path} is not a SQLite database or its header is damaged; restore it from a backup.`],
};

function hasErrcode(error: unknown): error is Error & { errcode: number } {
  return error instanceof Error && 'errcode' in error && typeof error.errcode === 'number';
}

/** Converts an error of node:sqlite to a DuplicateKeyError or a DatabaseFileError. Returns other errors unchanged. */
export function sqliteError(error: unknown, path: string): unknown {
  if (!hasErrcode(error)) return error;
  if (error.errcode === SQLITE_CONSTRAINT_UNIQUE) {
    // "UNIQUE constraint failed: index 'users.email_1'" or "… failed: users._id"
    const [, collection, index] = /failed: (?:index ')?([^.]+)\.([^']+)/.exec(error.message) ?? [];
    if (collection !== undefined && index !== undefined) {
      return new DuplicateKeyError(collection, index === '_id' ? '_id_' : index, { cause: error });
    }
  }
  const [reason, message] = messages[error.errcode & 0xff] ?? [];
  if (reason === undefined || message === undefined) return error;
  return new DatabaseFileError({ path, reason }, message(path), { cause: error });
}
