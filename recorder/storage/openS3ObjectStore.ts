import type { AgentOptions } from 'node:http';
import { S3Client } from '@aws-sdk/client-s3';
import { background, delay, retry } from '#engine/kernel';
import type { Clock, Logger } from '#engine/kernel';
import type { StorageConfig } from './config.ts';
import type { ObjectStore } from './ObjectStore.ts';
import { prepareBucket } from './prepareBucket.ts';
import { s3Classes } from './s3Classes.ts';
import { s3ClientConfig } from './s3ClientConfig.ts';
import { s3Error } from './s3Error.ts';
import { S3ObjectStore } from './S3ObjectStore.ts';
import { s3CopyPartBytes, s3MultipartThresholdBytes, s3PartBytes, s3PrepareRetryFirstMs, s3PrepareRetryMaxMs, s3StartTimeoutMs } from '../limits.ts';

export interface OpenS3Options {
  config: StorageConfig;
  bucket: string;
  /** The origin of the pages, which the bucket allows to read. */
  pageOrigin?: string | undefined;
  clock: Clock;
  logger: Logger;
  /** Options of the connections, such as a custom resolver. */
  agent?: AgentOptions;
  multipartThresholdBytes?: number;
  copyPartBytes?: number;
}

type ReadOptions = Omit<OpenS3Options, 'clock' | 'logger'>;

/**
 * Opens the store and prepares its bucket. A store that does not answer, refuses the key or lacks the bucket is retried in
 * the background, because live lectures must continue after a restart whatever the state of the store.
 */
export async function openS3ObjectStore(options: OpenS3Options): Promise<ObjectStore> {
  const { config, bucket, pageOrigin, clock, logger } = options;
  const client = new S3Client(s3ClientConfig(options, config.LECTERN_S3_ENDPOINT));
  const closing = new AbortController();
  const prepare = () => prepareBucket({ client, bucket, region: config.LECTERN_S3_REGION, pageOrigin, logger });
  const answered = new AbortController();
  const onFailure = (err: unknown, attempt: number) => {
    if (attempt === 1) logger.warn({ err, bucket, advice: `${s3Error(bucket, err).message} Until then, recordings are kept on this server.` }, 'store.notReady');
    answered.abort();
  };
  const retryOptions = { clock, firstDelayMs: s3PrepareRetryFirstMs, maxDelayMs: s3PrepareRetryMaxMs, attempts: Infinity, signal: closing.signal, onFailure };
  background('store.prepare', unlessClosed(retry(prepare, retryOptions), closing.signal).finally(() => answered.abort()), logger);
  await delay(clock, s3StartTimeoutMs, answered.signal).catch(() => logger.debug({ bucket }, 'store.answered'));
  return createStore(options, client, () => closing.abort());
}

/** Opens the bucket for reading: nothing is prepared. */
export function readS3ObjectStore(options: ReadOptions): ObjectStore {
  return createStore(options, new S3Client(s3ClientConfig(options, options.config.LECTERN_S3_ENDPOINT)), () => undefined);
}

function createStore(options: ReadOptions, client: S3Client, onClose: () => void): ObjectStore {
  const { config, bucket } = options;
  return new S3ObjectStore({
    client,
    publicClient: new S3Client(s3ClientConfig(options, config.LECTERN_S3_PUBLIC_ENDPOINT ?? config.LECTERN_S3_ENDPOINT)),
    bucket,
    multipartThresholdBytes: options.multipartThresholdBytes ?? s3MultipartThresholdBytes,
    partBytes: s3PartBytes,
    copyPartBytes: options.copyPartBytes ?? s3CopyPartBytes,
    classes: s3Classes(config),
    onClose,
  });
}

/** Waits for the work; ignores its failure after closing. */
async function unlessClosed(work: Promise<void>, closing: AbortSignal): Promise<void> {
  try {
    await work;
  } catch (err) {
    if (!closing.aborted) throw err;
  }
}
