import { CodedError } from '../../contract/index.ts';
import { DatabaseFileError } from './DatabaseFileError.ts';

/**
 * What those are told who asked for a write that the file does not take: a code and a sentence without the file's path,
 * which is for the log. Any other error as it is.
 */
export function toWriteError(error: unknown): unknown {
  if (!(error instanceof DatabaseFileError)) return error;
  if (error.reason === 'full') return new CodedError('disk.full', 'The disk of the server is full, so nothing new can be kept until there is room again.', { cause: error });
  return new CodedError('database.unavailable', 'The server cannot write to its disk now.', { cause: error, details: { reason: error.reason } });
}
