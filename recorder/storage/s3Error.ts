import { S3ServiceException } from '@aws-sdk/client-s3';
import { CodedError } from '#engine/contract';

const contentRefused = new Set(['BadDigest', 'InvalidDigest', 'XAmzContentSHA256Mismatch', 'XAmzContentChecksumMismatch']);
const accessRefused = new Set(['AccessDenied', 'InvalidAccessKeyId', 'SignatureDoesNotMatch', 'Forbidden', 'CredentialsProviderError']);

/** What an S3 server said, or that it said nothing, as the port says it. */
export function s3Error(key: string, err: unknown): CodedError {
  if (err instanceof CodedError) return err;
  const reason = err instanceof Error ? err.name : 'unknown';
  const status = statusOf(err);
  const details = { key, reason };
  if (reason === 'NoSuchKey' || reason === 'NotFound') {
    return new CodedError('object.notFound', `There is no ${key} in the store.`, { cause: err, details });
  }
  if (contentRefused.has(reason)) {
    return new CodedError('object.corrupt', `${key} did not arrive at the store as it was sent.`, { cause: err, details });
  }
  if (status === 416) {
    return new CodedError('request.invalid', 'The range begins behind the end of the object.', { cause: err, details });
  }
  return new CodedError('store.unavailable', unavailable(err, reason), { cause: err, details });
}

export function statusOf(err: unknown): number | undefined {
  return err instanceof S3ServiceException ? err.$metadata.httpStatusCode : undefined;
}

export function isAccessRefused(err: unknown): boolean {
  return statusOf(err) === 403 || (err instanceof Error && accessRefused.has(err.name));
}

function unavailable(err: unknown, reason: string): string {
  if (isAccessRefused(err)) return 'The S3 server does not accept the access key, or does not let it use the bucket.';
  return `The object store does not answer as it should (${reason}).`;
}
