import { MongoBulkWriteError, MongoDriverError, MongoError, MongoInvalidArgumentError, MongoNetworkError, MongoServerError } from 'mongodb';
import { CodedError } from '../../../contract/errors.ts';
import { documentTooLarge } from '../documentTooLarge.ts';
import { DuplicateKeyError } from '../DuplicateKeyError.ts';

// https://www.mongodb.com/docs/manual/reference/error-codes/
const DUPLICATE_KEY = 11000;
const OUT_OF_DISK_SPACE = 14031;
/** BSONObjectTooLarge, and the code of an update that makes a document too large. */
const tooLarge: ReadonlySet<unknown> = new Set([10334, 17419, 17420]);
/** BadValue, FailedToParse, TypeMismatch, PathNotViable, ConflictingUpdateOperators, DollarPrefixedFieldName, ImmutableField. */
const doesNotFit: ReadonlySet<unknown> = new Set([2, 9, 14, 28, 40, 52, 66]);
/**
 * HostUnreachable, HostNotFound, NetworkTimeout, ShutdownInProgress, PrimarySteppedDown, ExceededTimeLimit, WriteConcernFailed,
 * UnsatisfiableWriteConcern, SocketException, NotWritablePrimary, the three that end operations of a server that stops or steps down,
 * NotPrimaryNoSecondaryOk, NotPrimaryOrSecondary, and refused credentials.
 */
const unavailable: ReadonlySet<unknown> = new Set([6, 7, 89, 91, 189, 262, 64, 100, 9001, 10107, 11600, 11601, 11602, 13435, 13436, 13, 18]);

/** Converts an error of the driver to one of the port. Returns other errors unchanged. */
export function mongoError(error: unknown, collection: string): unknown {
  // The driver's encoder has a buffer of 17 MB.
  if (error instanceof RangeError) return documentTooLarge(collection, error);
  if (!(error instanceof MongoError)) return error;
  if (error instanceof MongoServerError) return serverError(error, collection);
  if (error instanceof MongoInvalidArgumentError && /larger than the maximum/.test(error.message)) return documentTooLarge(collection, error);
  if (error instanceof MongoNetworkError || !(error instanceof MongoDriverError) || !isMistake(error)) return databaseUnavailable(error);
  return error;
}

/** Errors of the driver that a correct program does not cause. */
function isMistake(error: MongoDriverError): boolean {
  return ['MongoInvalidArgumentError', 'MongoMissingDependencyError', 'MongoCompatibilityError', 'MongoUnexpectedServerResponseError'].includes(error.name);
}

function serverError(error: MongoServerError, collection: string): unknown {
  const { code } = error;
  if (code === DUPLICATE_KEY) return new DuplicateKeyError(collection, violatedIndex(error), { cause: error });
  if (code === OUT_OF_DISK_SPACE) return new CodedError('disk.full', 'The disk of the database is full. Nothing can be saved until it has free space.', { cause: error });
  if (tooLarge.has(code)) return documentTooLarge(collection, error);
  if (doesNotFit.has(code)) return new TypeError(`${collection}: ${error.message}`, { cause: error });
  if (unavailable.has(code) || error.hasErrorLabel('RetryableWriteError')) return databaseUnavailable(error);
  return error;
}

function databaseUnavailable(cause: unknown): CodedError {
  return new CodedError('database.unavailable', 'The database does not answer at the moment. Try again in a moment.', { cause });
}

/** Name of the index. "E11000 duplicate key error collection: lectern.users index: email_1 dup key: { email: … }" */
function violatedIndex(error: MongoServerError): string {
  const { message, keyPattern } = error instanceof MongoBulkWriteError ? bulkError(error) : (error as DuplicateKey);
  if (keyPattern === undefined) return /index: (?:\S+\.\$)?(\S+)/.exec(message)?.[1] ?? '_id_';
  return Object.hasOwn(keyPattern, '_id') ? '_id_' : Object.entries(keyPattern).map(([path, direction]) => `${path}_${direction}`).join('_');
}

interface DuplicateKey {
  message: string;
  /** Absent on some servers. */
  keyPattern?: Record<string, number>;
}

function bulkError(error: MongoBulkWriteError): DuplicateKey {
  const first = [error.writeErrors].flat()[0];
  return { message: first?.errmsg ?? error.message, keyPattern: (first?.err as unknown as DuplicateKey | undefined)?.keyPattern };
}
