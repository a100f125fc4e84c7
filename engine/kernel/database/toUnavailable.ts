import { CodedError } from '../../contract/errors.ts';
import { DatabaseFileError } from './DatabaseFileError.ts';

/**
 * Converts a DatabaseFileError to a CodedError, `disk.full` or `database.unavailable`. The new message does not contain the path
 * of the file, because it may be shown to users. Returns other errors unchanged.
 */
export function toUnavailable(error: unknown): unknown {
  if (!(error instanceof DatabaseFileError)) return error;
  if (error.reason === 'full') return new CodedError('disk.full', 'The disk of the server is full. Nothing can be saved until it has free space.', { cause: error });
  return new CodedError('database.unavailable', 'The server cannot use its disk at the moment.', { cause: error, details: { reason: error.reason } });
}
