import path from 'node:path';
import type { Bus, Clock, Database, JobQueue, JobWorker, LeaseKeeper, Logger } from '#engine/kernel';
import { Upload } from '@tus/server';
import { objectFolder } from '../storage/openObjectStore.ts';
import type { ObjectStore, StorageConfig } from '../storage/index.ts';
import { s3ClientConfig } from '../storage/s3ClientConfig.ts';
import { Arrivals } from './Arrivals.ts';
import type { ArrivedUpload } from './Arrivals.ts';
import type { UploadConfig } from './config.ts';
import { FolderIncoming } from './FolderIncoming.ts';
import type { UploadFacts } from './FolderIncoming.ts';
import type { IncomingStore } from './IncomingStore.ts';
import { KnownHashes } from './KnownHashes.ts';
import { S3Incoming } from './S3Incoming.ts';
import { clamdAddress } from './scan/clamdAddress.ts';
import { ClamdScanner } from './scan/ClamdScanner.ts';
import type { FileScanner } from './scan/FileScanner.ts';
import { Transfers } from './Transfers.ts';
import { checkUploads, repeatSweep, sweepUploads } from './uploadJobs.ts';
import { Uploads } from './Uploads.ts';
import { UploadStore } from './UploadStore.ts';

export interface OpenUploadsOptions {
  config: StorageConfig & UploadConfig & { LECTERN_DISK_RESERVE_MB: number };
  dataFolder: string;
  database: Database;
  store: ObjectStore;
  jobs: JobQueue;
  leases: LeaseKeeper;
  bus: Bus;
  onArrived: (upload: ArrivedUpload) => Promise<boolean>;
  clock: Clock;
  logger: Logger;
  /** Instead of those of the settings, for tests. */
  scanner?: FileScanner;
  wrapIncoming?: (incoming: IncomingStore) => IncomingStore;
}

export interface OpenedUploads {
  uploads: Uploads;
  /** Handles the jobs of uploads. Returns what ends the asking for the sweep. */
  work(worker: Pick<JobWorker, 'handle'>): () => void;
  close(): void;
}

/** Uploads into the object store of the settings. The caller closes them. */
export async function openUploads(options: OpenUploadsOptions): Promise<OpenedUploads> {
  const { config, database, store, jobs, clock, logger, onArrived } = options;
  const rows = new UploadStore(database);
  const [transfers, hashes] = [new Transfers(), new KnownHashes()];
  const opened = openIncoming(options, { rows, transfers });
  const incoming = options.wrapIncoming?.(opened) ?? opened;
  const arrivals = new Arrivals({ uploads: rows, store, jobs, scanner: options.scanner ?? scannerOf(config), onArrived, clock, logger });
  const uploads = await Uploads.open({ ...options, rows, incoming, arrivals, hashes, transfers, diskReserveBytes: config.LECTERN_DISK_RESERVE_MB * 2 ** 20 });
  return {
    uploads,
    work: (worker) => {
      const parts = { uploads: rows, incoming, arrivals, jobs, clock, logger };
      worker.handle(checkUploads(parts));
      worker.handle(sweepUploads(parts));
      return repeatSweep(parts);
    },
    close: () => uploads.close(),
  };
}

function openIncoming({ config, dataFolder }: OpenUploadsOptions, { rows, transfers }: { rows: UploadStore; transfers: Transfers }): IncomingStore {
  const transferOf = (storeId: string) => transfers.of(storeId);
  const bucket = config.LECTERN_S3_BUCKET;
  if (bucket !== undefined) return new S3Incoming({ bucket, client: s3ClientConfig({ config }), transferOf });
  return new FolderIncoming({ root: path.resolve(objectFolder(dataFolder)), facts: factsOf(rows), transferOf });
}

/** What tus keeps beside the bytes is in the row. */
function factsOf(rows: UploadStore): UploadFacts {
  return {
    get: async (storeId) => {
      const row = await rows.find(path.basename(storeId));
      return row && new Upload({ id: storeId, size: row.bytes, offset: 0, metadata: { title: row.title, filename: row.fileName, courseId: row.courseId }, creation_date: row.createdAt });
    },
    set: async () => undefined,
    delete: async () => undefined,
  };
}

function scannerOf({ LECTERN_CLAMD: text }: UploadConfig): FileScanner | undefined {
  const address = text === undefined ? undefined : clamdAddress(text);
  return address && new ClamdScanner({ address });
}
