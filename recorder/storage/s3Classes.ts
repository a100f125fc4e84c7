// The storage classes of an S3 server: their names, moving an object by copying it onto itself, and restoring archived ones.
import { AbortMultipartUploadCommand, CompleteMultipartUploadCommand, CopyObjectCommand, CreateMultipartUploadCommand, RestoreObjectCommand, S3ServiceException, UploadPartCopyCommand } from '@aws-sdk/client-s3';
import type { CompletedPart, S3Client, StorageClass as ClassName, Tier } from '@aws-sdk/client-s3';
import { CodedError } from '#engine/contract';
import type { StorageClass } from '../contract/index.ts';
import type { StorageConfig } from './config.ts';
import type { ObjectHead, RestoreState } from './ObjectStore.ts';
import { s3ParallelParts } from '../limits.ts';

export interface S3Classes {
  nameOf(storageClass: StorageClass): string;
  classOf(name: string | undefined): StorageClass;
  /** How fast, and at what price, the server restores. */
  restoreTier: string;
  restoreHours: number;
}

/** The longest usual times of AWS (S3 user guide, archive retrieval options). Other classes are read at once. */
const hoursOfTier: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  GLACIER: { Standard: 5, Bulk: 12, Expedited: 1 },
  DEEP_ARCHIVE: { Standard: 12, Bulk: 48, Expedited: 12 },
};

/** Classes of AWS whose objects have to be restored before they are read. */
const archives: ReadonlySet<string> = new Set(Object.keys(hoursOfTier));

export function s3Classes(config: Pick<StorageConfig, 'LECTERN_S3_INFREQUENT_CLASS' | 'LECTERN_S3_ARCHIVE_CLASS' | 'LECTERN_S3_RESTORE_TIER'>): S3Classes {
  const names = { standard: 'STANDARD', infrequent: config.LECTERN_S3_INFREQUENT_CLASS, archive: config.LECTERN_S3_ARCHIVE_CLASS };
  return {
    nameOf: (storageClass) => names[storageClass],
    // Objects that others have moved: what has to be restored is archived, everything else is read like the standard class.
    classOf: (name) => (name === names.infrequent ? 'infrequent' : name === names.archive || archives.has(name ?? '') ? 'archive' : 'standard'),
    restoreTier: config.LECTERN_S3_RESTORE_TIER,
    restoreHours: hoursOfTier[names.archive]?.[config.LECTERN_S3_RESTORE_TIER] ?? 0,
  };
}

/** Of the header `x-amz-restore`: `ongoing-request="false", expiry-date="…"`. */
export function restoreStateOf(header: string | undefined): RestoreState {
  if (header === undefined) return 'none';
  return header.includes('ongoing-request="true"') ? 'requested' : 'restored';
}

interface Bucket {
  client: S3Client;
  bucket: string;
}

/** One copy within the server; a large object in parts, as CopyObject copies at most 5 GB (S3 API reference, CopyObject). */
export async function changeClass(head: ObjectHead, { client, bucket, className, partBytes }: Bucket & { className: string; partBytes: number }): Promise<void> {
  const target = { Bucket: bucket, Key: head.key, StorageClass: className as ClassName };
  const CopySource = `${bucket}/${head.key}`;
  if (head.bytes <= partBytes) {
    await client.send(new CopyObjectCommand({ ...target, CopySource })).catch((err: unknown) => {
      throw isClassUnknown(err) ? unsupportedClass(head.key, className, err) : err;
    });
    return;
  }
  // A copy in parts is a new object: it keeps neither the type nor the metadata.
  const { UploadId } = await client.send(new CreateMultipartUploadCommand({ ...target, ContentType: head.contentType, ...(head.sha256 !== null && { Metadata: { sha256: head.sha256 } }) }));
  const upload = { Bucket: bucket, Key: head.key, UploadId };
  try {
    const Parts = await copyParts({ bytes: head.bytes, partBytes }, async (PartNumber, range) => {
      const response = await client.send(new UploadPartCopyCommand({ ...upload, PartNumber, CopySource, CopySourceRange: range }));
      return { PartNumber, ETag: response.CopyPartResult?.ETag };
    });
    await client.send(new CompleteMultipartUploadCommand({ ...upload, MultipartUpload: { Parts } }));
  } catch (err) {
    await client.send(new AbortMultipartUploadCommand(upload));
    throw err;
  }
}

/** `InvalidRequest`: the server ignores the class, so that nothing would change. */
function isClassUnknown(err: unknown): boolean {
  return err instanceof S3ServiceException && (err.name === 'InvalidStorageClass' || err.name === 'InvalidRequest');
}

export function unsupportedClass(key: string, className: string, cause?: unknown): CodedError {
  return new CodedError('storageClass.unsupported', `The S3 server has no storage class ${className}. Set another name, or turn the rule off.`, { details: { key, className }, ...(cause === undefined ? {} : { cause }) });
}

async function copyParts({ bytes, partBytes }: { bytes: number; partBytes: number }, copy: (partNumber: number, range: string) => Promise<CompletedPart>): Promise<CompletedPart[]> {
  const count = Math.ceil(bytes / partBytes);
  const parts: CompletedPart[] = [];
  let next = 0;
  const worker = async () => {
    for (let index = next++; index < count; index = next++) {
      const first = index * partBytes;
      parts[index] = await copy(index + 1, `bytes=${first}-${Math.min(first + partBytes, bytes) - 1}`);
    }
  };
  await Promise.all(Array.from({ length: s3ParallelParts }, worker));
  return parts;
}

/** Servers that restore nothing, and classes that are read at once, refuse the request: their objects can be read. */
const readableAtOnce = new Set(['NotImplemented', 'MethodNotAllowed', 'InvalidObjectState']);

export async function requestRestore(key: string, days: number, { client, bucket, tier }: Bucket & { tier: string }): Promise<'requested' | 'restored'> {
  const RestoreRequest = { Days: days, GlacierJobParameters: { Tier: tier as Tier } };
  try {
    const { $metadata } = await client.send(new RestoreObjectCommand({ Bucket: bucket, Key: key, RestoreRequest }));
    // 200: it was restored before; 202: accepted (S3 API reference, RestoreObject).
    return $metadata.httpStatusCode === 200 ? 'restored' : 'requested';
  } catch (err) {
    if (err instanceof S3ServiceException && err.name === 'RestoreAlreadyInProgress') return 'requested';
    if (err instanceof S3ServiceException && readableAtOnce.has(err.name)) return 'restored';
    throw err;
  }
}
