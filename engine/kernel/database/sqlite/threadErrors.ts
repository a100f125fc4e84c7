// Converts errors to plain data and back, to send them between threads: a structured clone keeps neither their class nor their fields.
import { CodedError } from '../../../contract/errors.ts';
import type { ErrorCode } from '../../../contract/errors.ts';
import { DatabaseFileError } from '../DatabaseFileError.ts';
import type { DatabaseFileReason } from '../DatabaseFileError.ts';
import { DuplicateKeyError } from '../DuplicateKeyError.ts';

/** An error as plain data. */
export type ThreadError = { cause?: ThreadError } & (
  | { kind: 'coded'; code: ErrorCode; message: string; details?: Readonly<Record<string, unknown>> }
  | { kind: 'duplicateKey'; collection: string; index: string }
  | { kind: 'file'; path: string; reason: DatabaseFileReason; message: string }
  | { kind: 'type'; message: string }
  | { kind: 'other'; message: string; stack?: string }
);

export function encodeError(error: unknown): ThreadError {
  const cause = error instanceof Error && error.cause !== undefined ? { cause: encodeError(error.cause) } : {};
  if (error instanceof CodedError) return { kind: 'coded', code: error.code, message: error.message, details: error.details, ...cause };
  if (error instanceof DuplicateKeyError) return { kind: 'duplicateKey', collection: error.collection, index: error.index, ...cause };
  if (error instanceof DatabaseFileError) return { kind: 'file', path: error.path, reason: error.reason, message: error.message, ...cause };
  if (error instanceof TypeError) return { kind: 'type', message: error.message, ...cause };
  if (error instanceof Error) return { kind: 'other', message: error.message, stack: error.stack, ...cause };
  return { kind: 'other', message: String(error) };
}

export function decodeError(error: ThreadError): Error {
  const options = error.cause === undefined ? undefined : { cause: decodeError(error.cause) };
  switch (error.kind) {
    case 'coded':
      return new CodedError(error.code, error.message, { ...options, details: error.details });
    case 'duplicateKey':
      return new DuplicateKeyError(error.collection, error.index, options);
    case 'file':
      return new DatabaseFileError(error, error.message, options);
    case 'type':
      return new TypeError(error.message, options);
    case 'other':
      return Object.assign(new Error(error.message, options), error.stack === undefined ? {} : { stack: error.stack });
  }
}
