import type { AgentOptions } from 'node:http';
import { S3Client } from '@aws-sdk/client-s3';
import type { S3ClientConfig } from '@aws-sdk/client-s3';
import { background, delay, retry } from '#engine/kernel';
import type { Clock, Logger } from '#engine/kernel';
import type { StorageConfig } from './config.ts';
import type { ObjectStore } from './ObjectStore.ts';
import { prepareBucket } from './prepareBucket.ts';
import { s3Error } from './s3Error.ts';
import { S3ObjectStore } from './S3ObjectStore.ts';
import { s3Attempts, s3ConnectTimeoutMs, s3IdleTimeoutMs, s3MaxSockets, s3MultipartThresholdBytes, s3PartBytes, s3PrepareRetryFirstMs, s3PrepareRetryMaxMs, s3RequestTimeoutMs, s3StartTimeoutMs } from '../limits.ts';

export interface OpenS3Options {
  config: StorageConfig;
  bucket: string;
  clock: Clock;
  logger: Logger;
  /** Settings of the connections, a resolver of one's own, say. */
  agent?: AgentOptions;
  multipartThresholdBytes?: number;
}

type ReadOptions = Omit<OpenS3Options, 'clock' | 'logger'>;

/**
 * A store that does not answer yet, refuses the key or lacks its bucket is prepared when it is ready, so that Lectern
 * starts without it: a lecture that is on the air must be taken up whatever became of the store.
 */
export async function openS3ObjectStore(options: OpenS3Options): Promise<ObjectStore> {
  const { config, bucket, clock, logger } = options;
  const client = new S3Client(clientConfig(options, config.LECTERN_S3_ENDPOINT));
  const closing = new AbortController();
  const prepare = () => prepareBucket({ client, bucket, region: config.LECTERN_S3_REGION, logger });
  const answered = new AbortController();
  const onFailure = (err: unknown, attempt: number) => {
    if (attempt === 1) logger.warn({ err, bucket, advice: `${s3Error(bucket, err).message} Until then recordings are kept on this server.` }, 'store.notReady');
    answered.abort();
  };
  const patience = { clock, firstDelayMs: s3PrepareRetryFirstMs, maxDelayMs: s3PrepareRetryMaxMs, attempts: Infinity, signal: closing.signal, onFailure };
  background('store.prepare', untilClosed(retry(prepare, patience), closing.signal).finally(() => answered.abort()), logger);
  await delay(clock, s3StartTimeoutMs, answered.signal).catch(() => logger.debug({ bucket }, 'store.answered'));
  return createStore(options, client, () => closing.abort());
}

/** A bucket as it is: nothing in it is prepared. */
export function readS3ObjectStore(options: ReadOptions): ObjectStore {
  return createStore(options, new S3Client(clientConfig(options, options.config.LECTERN_S3_ENDPOINT)), () => undefined);
}

function createStore(options: ReadOptions, client: S3Client, onClose: () => void): ObjectStore {
  const { config, bucket } = options;
  return new S3ObjectStore({
    client,
    publicClient: new S3Client(clientConfig(options, config.LECTERN_S3_PUBLIC_ENDPOINT ?? config.LECTERN_S3_ENDPOINT)),
    bucket,
    multipartThresholdBytes: options.multipartThresholdBytes ?? s3MultipartThresholdBytes,
    partBytes: s3PartBytes,
    onClose,
  });
}

function clientConfig({ config, agent }: ReadOptions, endpoint: string | undefined): S3ClientConfig {
  const connections = { keepAlive: true, maxSockets: s3MaxSockets, ...agent };
  const accessKeyId = config.LECTERN_S3_ACCESS_KEY_ID;
  const secretAccessKey = config.LECTERN_S3_SECRET_ACCESS_KEY;
  return {
    region: config.LECTERN_S3_REGION,
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(accessKeyId === undefined || secretAccessKey === undefined ? {} : { credentials: { accessKeyId, secretAccessKey } }),
    forcePathStyle: config.LECTERN_S3_ADDRESSING === 'path',
    maxAttempts: s3Attempts,
    // By default the SDK adds a CRC32 that servers other than AWS refuse, and asks for one in signed addresses
    // (https://github.com/aws/aws-sdk-js-v3/issues/6810, 6994). The signed SHA-256 of the body is there either way.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    // For a large body the SDK would ask first, on a connection of its own that knows none of these settings.
    expectContinueHeader: false,
    requestHandler: {
      connectionTimeout: s3ConnectTimeoutMs,
      requestTimeout: s3RequestTimeoutMs,
      throwOnRequestTimeout: true,
      socketTimeout: s3IdleTimeoutMs,
      httpAgent: connections,
      httpsAgent: connections,
    },
  };
}

async function untilClosed(work: Promise<void>, closing: AbortSignal): Promise<void> {
  try {
    await work;
  } catch (err) {
    if (!closing.aborted) throw err;
  }
}
