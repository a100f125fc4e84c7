import { S3ServiceException } from '@aws-sdk/client-s3';
import { CodedError } from '#engine/contract';
import type { StoreTrouble } from '#engine/contract';
import { archivedObject } from './archivedObject.ts';

const contentRefused = new Set(['BadDigest', 'InvalidDigest', 'XAmzContentSHA256Mismatch', 'XAmzContentChecksumMismatch']);
const accessRefused = new Set(['AccessDenied', 'InvalidAccessKeyId', 'SignatureDoesNotMatch', 'Forbidden', 'CredentialsProviderError']);

/** The object has to be restored before it is read or copied (S3 API reference, GetObject and CopyObject). */
const archived = new Set(['InvalidObjectState', 'ObjectNotInActiveTierError']);

type S3Trouble = Extract<StoreTrouble, 'away' | 'accessRefused' | 'bucketMissing'>;

/** Tells the administrator what is wrong and what to do. */
const sentences: Record<S3Trouble, (reason: string) => string> = {
  accessRefused: () => 'The S3 server refuses the access key, or the key has no access to the bucket. Check LECTERN_S3_ACCESS_KEY_ID, LECTERN_S3_SECRET_ACCESS_KEY and the permissions of the key.',
  bucketMissing: () => 'The bucket does not exist. Create it, or correct LECTERN_S3_BUCKET.',
  away: (reason) => `The object store does not respond correctly (${reason}). Check that it runs and that LECTERN_S3_ENDPOINT is its address.`,
};

/** Maps an error of the S3 client to an error of the port. */
export function s3Error(key: string, err: unknown): CodedError {
  if (err instanceof CodedError) return err;
  const reason = err instanceof Error ? err.name : 'unknown';
  const status = statusOf(err);
  const details = { key, reason };
  if (reason === 'NoSuchKey' || reason === 'NotFound') {
    return new CodedError('object.notFound', `The store has no object ${key}.`, { cause: err, details });
  }
  if (archived.has(reason)) return archivedObject(key, err);
  if (contentRefused.has(reason)) {
    return new CodedError('object.corrupt', `${key} was altered on its way to the store.`, { cause: err, details });
  }
  if (status === 416) {
    return new CodedError('request.invalid', 'The range begins after the end of the object.', { cause: err, details });
  }
  const trouble: S3Trouble = isAccessRefused(err) ? 'accessRefused' : reason === 'NoSuchBucket' ? 'bucketMissing' : 'away';
  return new CodedError('store.unavailable', sentences[trouble](reason), { cause: err, details: { ...details, trouble } });
}

/** In response to a write, 404 means that the bucket is missing, whatever the body says. */
export function s3PutError(key: string, err: unknown): CodedError {
  if (statusOf(err) !== 404) return s3Error(key, err);
  const details = { key, reason: 'NoSuchBucket', trouble: 'bucketMissing' satisfies S3Trouble };
  return new CodedError('store.unavailable', sentences.bucketMissing('NoSuchBucket'), { cause: err, details });
}

export function statusOf(err: unknown): number | undefined {
  return err instanceof S3ServiceException ? err.$metadata.httpStatusCode : undefined;
}

export function isAccessRefused(err: unknown): boolean {
  return statusOf(err) === 403 || (err instanceof Error && accessRefused.has(err.name));
}

/** There is no such object or multipart upload. Servers name it differently. */
export function isAbsentInS3(err: unknown): boolean {
  const name = err instanceof Error ? err.name : '';
  return name === 'NoSuchKey' || name === 'NotFound' || name === 'NoSuchUpload';
}
