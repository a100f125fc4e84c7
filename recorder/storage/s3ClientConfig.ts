import type { AgentOptions } from 'node:http';
import type { S3ClientConfig } from '@aws-sdk/client-s3';
import { s3Attempts, s3ConnectTimeoutMs, s3IdleTimeoutMs, s3MaxSockets, s3RequestTimeoutMs } from '../limits.ts';
import type { StorageConfig } from './config.ts';

export type { S3ClientConfig };

/** How this server connects to the S3 server. `agent`: options of the connections, such as a custom resolver. */
export function s3ClientConfig({ config, agent }: { config: StorageConfig; agent?: AgentOptions }, endpoint = config.LECTERN_S3_ENDPOINT): S3ClientConfig {
  const connections = { keepAlive: true, maxSockets: s3MaxSockets, ...agent };
  const accessKeyId = config.LECTERN_S3_ACCESS_KEY_ID;
  const secretAccessKey = config.LECTERN_S3_SECRET_ACCESS_KEY;
  return {
    region: config.LECTERN_S3_REGION,
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(accessKeyId === undefined || secretAccessKey === undefined ? {} : { credentials: { accessKeyId, secretAccessKey } }),
    forcePathStyle: config.LECTERN_S3_ADDRESSING === 'path',
    maxAttempts: s3Attempts,
    // By default, the SDK adds a CRC32 that other servers refuse, and requires one in signed URLs
    // (https://github.com/aws/aws-sdk-js-v3/issues/6810, 6994). The signed SHA-256 of the body is sent in any case.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    // For large bodies, the SDK would send "Expect: 100-continue" on a connection without these settings.
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
