import { CreateBucketCommand, HeadBucketCommand, PutBucketCorsCommand } from '@aws-sdk/client-s3';
import type { BucketLocationConstraint, CreateBucketCommandInput, S3Client } from '@aws-sdk/client-s3';
import type { Logger } from '#engine/kernel';
import { statusOf } from './s3Error.ts';
import { s3CorsMaxAgeSeconds } from '../limits.ts';

export interface BucketOptions {
  client: S3Client;
  bucket: string;
  region: string;
  logger: Logger;
}

/** Creates the bucket if it does not exist, and allows pages of any origin to read objects by signed URLs. */
export async function prepareBucket(options: BucketOptions): Promise<void> {
  const { client, bucket, logger } = options;
  try {
    await client.send(new HeadBucketCommand({ Bucket: bucket }));
  } catch (err) {
    if (statusOf(err) !== 404) throw err;
    await createBucket(options);
    logger.info({ bucket }, 'store.bucketCreated');
  }
  await allowBrowsers(options);
}

async function createBucket({ client, bucket, region }: BucketOptions): Promise<void> {
  const request: CreateBucketCommandInput = { Bucket: bucket };
  // AWS refuses a constraint that names its default region.
  if (region !== 'us-east-1') request.CreateBucketConfiguration = { LocationConstraint: region as BucketLocationConstraint };
  try {
    await client.send(new CreateBucketCommand(request));
  } catch (err) {
    const exists = err instanceof Error && (err.name === 'BucketAlreadyOwnedByYou' || err.name === 'BucketAlreadyExists');
    if (!exists) throw err;
  }
}

/** Servers without rules for each bucket have a global one, which their administrator sets. */
async function allowBrowsers({ client, bucket, logger }: BucketOptions): Promise<void> {
  const rule = {
    AllowedOrigins: ['*'],
    AllowedMethods: ['GET', 'HEAD'],
    AllowedHeaders: ['*'],
    ExposeHeaders: ['ETag', 'Content-Length', 'Content-Range', 'Accept-Ranges'],
    MaxAgeSeconds: s3CorsMaxAgeSeconds,
  };
  try {
    await client.send(new PutBucketCorsCommand({ Bucket: bucket, CORSConfiguration: { CORSRules: [rule] } }));
  } catch (err) {
    logger.warn({ bucket, err }, 'store.corsNotSet');
  }
}
