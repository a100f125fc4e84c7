import path from 'node:path';
import type { Clock, Logger } from '#engine/kernel';
import type { StorageConfig } from './config.ts';
import { openFolderObjectStore, readFolderObjectStore } from './FolderObjectStore.ts';
import type { ObjectStore } from './ObjectStore.ts';
import { openS3ObjectStore, readS3ObjectStore } from './openS3ObjectStore.ts';

interface OpenOptions {
  clock: Clock;
  logger: Logger;
  /** The origin of the pages. */
  pageOrigin?: string | undefined;
}

/** Opens S3 when a bucket is set, else the folder `objects` in the data folder. The caller closes it. */
export async function openObjectStore(config: StorageConfig, dataFolder: string, options: OpenOptions): Promise<ObjectStore> {
  const bucket = config.LECTERN_S3_BUCKET;
  if (bucket !== undefined) return openS3ObjectStore({ config, bucket, ...options });
  return openFolderObjectStore(objectFolder(dataFolder));
}

/** Opens the same store for reading: nothing is created, prepared or removed. */
export function readObjectStore(config: StorageConfig, dataFolder: string): ObjectStore {
  const bucket = config.LECTERN_S3_BUCKET;
  return bucket === undefined ? readFolderObjectStore(objectFolder(dataFolder)) : readS3ObjectStore({ config, bucket });
}

/** The folder of the objects when no bucket is set. */
export function objectFolder(dataFolder: string): string {
  return path.join(dataFolder, 'objects');
}
