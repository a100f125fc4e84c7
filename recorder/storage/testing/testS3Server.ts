import type { AgentOptions } from 'node:http';
import type { LookupFunction } from 'node:net';
import { ManualClock, silentLogger } from '#engine/testing';
import { storageConfig } from '../config.ts';
import type { StorageConfig } from '../config.ts';
import type { ObjectStore } from '../ObjectStore.ts';
import { openS3ObjectStore } from '../openS3ObjectStore.ts';

/** The S3 server of the environment; undefined when none is set. */
export function testS3Server(): { endpoint: string; virtualHostEndpoint: string; accessKey: string; secretKey: string } | undefined {
  const endpoint = process.env['LECTERN_TEST_S3_ENDPOINT'];
  if (!endpoint) return undefined;
  return {
    endpoint,
    virtualHostEndpoint: process.env['LECTERN_TEST_S3_VIRTUAL_HOST_ENDPOINT'] ?? `http://s3.localhost:${new URL(endpoint).port}`,
    accessKey: process.env['LECTERN_TEST_S3_ACCESS_KEY'] ?? '',
    secretKey: process.env['LECTERN_TEST_S3_SECRET_KEY'] ?? '',
  };
}

export function testS3Config(settings: Record<string, string> = {}): StorageConfig {
  const server = testS3Server();
  return storageConfig.parse({
    LECTERN_S3_ENDPOINT: server?.endpoint,
    LECTERN_S3_ACCESS_KEY_ID: server?.accessKey,
    LECTERN_S3_SECRET_ACCESS_KEY: server?.secretKey,
    ...settings,
  });
}

/** Resolves every host name to this machine, for virtual-host style bucket names. */
export const toLoopback: AgentOptions = {
  lookup: ((_host, options, done) => {
    if (options.all) done(null, [{ address: '127.0.0.1', family: 4 }]);
    else done(null, '127.0.0.1', 4);
  }) satisfies LookupFunction,
};

export function openTestS3Store(bucket: string, settings: Record<string, string> = {}, clock = new ManualClock()): Promise<ObjectStore> {
  const config = testS3Config(settings);
  const mebibyte = 1024 * 1024;
  return openS3ObjectStore({ config, bucket, clock, logger: silentLogger, agent: toLoopback, multipartThresholdBytes: 5 * mebibyte });
}
