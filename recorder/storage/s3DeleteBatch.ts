import { DeleteObjectCommand, DeleteObjectsCommand, S3ServiceException } from '@aws-sdk/client-s3';
import type { S3Client } from '@aws-sdk/client-s3';
import { s3ParallelDeletes } from '../limits.ts';

/**
 * Deletes objects with one request, or one by one at servers that do not support it or require the MD5 that the SDK no
 * longer sends (https://github.com/aws/aws-sdk-js-v3/issues/6920).
 */
export async function deleteBatch(client: S3Client, bucket: string, keys: readonly string[]): Promise<void> {
  const Delete = { Objects: keys.map((Key) => ({ Key })), Quiet: true };
  try {
    const response = await client.send(new DeleteObjectsCommand({ Bucket: bucket, Delete }));
    const failed = response.Errors?.[0];
    if (failed) throw new Error(`${failed.Key ?? 'an object'} was not deleted: ${failed.Code ?? 'no reason given'}`);
  } catch (err) {
    if (!isUnsupported(err)) throw err;
    await deleteOneByOne(client, bucket, [...keys]);
  }
}

function isUnsupported(err: unknown): boolean {
  if (!(err instanceof S3ServiceException)) return false;
  const status = err.$metadata.httpStatusCode;
  return status === 400 || status === 405 || status === 501;
}

async function deleteOneByOne(client: S3Client, bucket: string, queue: string[]): Promise<void> {
  const worker = async () => {
    for (let Key = queue.pop(); Key !== undefined; Key = queue.pop()) {
      await client.send(new DeleteObjectCommand({ Bucket: bucket, Key }));
    }
  };
  await Promise.all(Array.from({ length: s3ParallelDeletes }, worker));
}
