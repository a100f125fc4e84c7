import { CreateBucketCommand, GetBucketCorsCommand, HeadBucketCommand, PutBucketCorsCommand } from '@aws-sdk/client-s3';
import type { BucketLocationConstraint, CORSRule, CreateBucketCommandInput, S3Client } from '@aws-sdk/client-s3';
import type { Logger } from '#engine/kernel';
import { corsRuleFor, withCorsRule } from './corsRules.ts';
import { statusOf } from './s3Error.ts';

export interface BucketOptions {
  client: S3Client;
  bucket: string;
  region: string;
  /** The origin of the pages; without it, pages of any origin may read with a signed URL. */
  pageOrigin: string | undefined;
  logger: Logger;
}

/** Creates the bucket if it does not exist, and allows the pages to read objects by signed URLs. */
export async function prepareBucket(options: BucketOptions): Promise<void> {
  const { client, bucket, logger } = options;
  try {
    await client.send(new HeadBucketCommand({ Bucket: bucket }));
  } catch (err) {
    if (statusOf(err) !== 404) throw err;
    await createBucket(options);
    logger.info({ bucket }, 'store.bucketCreated');
  }
  await allowPages(options);
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

/** Servers without rules for each bucket have a global one, which their administrator sets. Rules that cannot be read are not overwritten. */
async function allowPages({ client, bucket, pageOrigin, logger }: BucketOptions): Promise<void> {
  try {
    const rules = withCorsRule(await corsRulesOf(client, bucket), corsRuleFor(pageOrigin ?? '*'));
    if (rules) await client.send(new PutBucketCorsCommand({ Bucket: bucket, CORSConfiguration: { CORSRules: rules } }));
  } catch (err) {
    logger.warn({ bucket, err }, 'store.corsNotSet');
  }
}

async function corsRulesOf(client: S3Client, bucket: string): Promise<CORSRule[]> {
  try {
    return (await client.send(new GetBucketCorsCommand({ Bucket: bucket }))).CORSRules ?? [];
  } catch (err) {
    if (err instanceof Error && err.name === 'NoSuchCORSConfiguration') return [];
    throw err;
  }
}
