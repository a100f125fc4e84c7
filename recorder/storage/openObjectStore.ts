import path from 'node:path';
import type { Clock, Logger } from '#engine/kernel';
import type { StorageConfig } from './config.ts';
import { openFolderObjectStore } from './FolderObjectStore.ts';
import type { ObjectStore } from './ObjectStore.ts';
import { openS3ObjectStore } from './openS3ObjectStore.ts';

/** S3 when a bucket is set, else the folder `objects` in the data folder. Whoever opens it closes it. */
export async function openObjectStore(config: StorageConfig, dataFolder: string, { clock, logger }: { clock: Clock; logger: Logger }): Promise<ObjectStore> {
  const bucket = config.LECTERN_S3_BUCKET;
  if (bucket !== undefined) return openS3ObjectStore({ config, bucket, clock, logger });
  return openFolderObjectStore(path.join(dataFolder, 'objects'));
}
