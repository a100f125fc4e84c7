import { mkdtemp, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { CodedError } from '#engine/contract';
import type { UserId } from '#engine/contract';
import { toInstant } from '#engine/kernel';
import type { Clock, JobHandler, Logger, RunningJob } from '#engine/kernel';
import { sha256OfFile } from '#recorder';
import type { ObjectStore } from '#recorder';
import type { MailQueue } from '../mail/index.ts';
import { exportJobs } from './Exports.ts';
import { exportKey } from './ExportStore.ts';
import type { ExportRow, ExportStore } from './ExportStore.ts';
import { exportAttempts, exportConcurrency, exportRetentionMs } from './limits.ts';
import type { PersonalData } from './PersonalData.ts';
import type { Person } from './PersonalSource.ts';
import { writeExport } from './writeExport.ts';

export interface MakeExportsOptions {
  store: ExportStore;
  personal: PersonalData;
  objects: ObjectStore;
  mails: Pick<MailQueue, 'add'>;
  personOf: (userId: UserId) => Promise<Person | undefined>;
  /** For temporary files. */
  workFolder: string;
  clock: Clock;
  logger: Logger;
}

/** Makes the ZIP of an export, stores it, and mails its owner. */
export function makeExports(options: MakeExportsOptions): JobHandler<{ exportId: string }> {
  const { store, logger } = options;
  return {
    kind: exportJobs,
    concurrency: exportConcurrency,
    run: async (job) => {
      const row = await store.find(job.data.exportId);
      const person = row && (await options.personOf(row.userId as UserId));
      // The account was erased in the meantime.
      if (!row || !person || row.state === 'ready') return;
      try {
        await make(row, { ...options, job, person });
      } catch (err) {
        if (job.attempt >= exportAttempts && !job.signal.aborted) await store.update(row._id, { state: 'failed' });
        throw withoutDetails(err);
      }
      logger.info({ userId: row.userId, exportId: row._id }, 'export.made');
    },
  };
}

interface Making extends MakeExportsOptions {
  job: RunningJob<{ exportId: string }>;
  person: Person;
}

async function make(row: ExportRow, { store, personal, objects, mails, person, workFolder, clock, job }: Making): Promise<void> {
  await store.update(row._id, { state: 'running', progress: 0 });
  const folder = await mkdtemp(path.join(workFolder, 'export-'));
  try {
    const file = path.join(folder, 'export.zip');
    await writeExport({ personal, person, file, signal: job.signal, onProgress: (fraction) => job.progress(fraction) });
    await store.update(row._id, { progress: 0.9 });
    const [{ size: bytes }, sha256] = await Promise.all([stat(file), sha256OfFile(file)]);
    job.signal.throwIfAborted();
    await objects.put(exportKey(row), { file }, { contentType: 'application/zip', sha256 });
    const expiresAt = toInstant(clock.nowMs() + exportRetentionMs);
    if (!(await store.update(row._id, { state: 'ready', progress: 1, bytes, expiresAt }))) return await objects.delete(exportKey(row));
    await removeOlder(row, { store, objects });
    await mails.add({ userId: person.userId, template: 'exportReady', path: '/my-data', until: expiresAt });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function removeOlder({ _id, userId }: ExportRow, { store, objects }: Pick<MakeExportsOptions, 'store' | 'objects'>): Promise<void> {
  for (const older of await store.ofUser(userId as UserId)) {
    if (older._id === _id) continue;
    await objects.delete(exportKey(older));
    await store.remove(older._id);
  }
}

/** The error of a job is stored and shown to administrators: it must not quote a record. */
function withoutDetails(err: unknown): Error {
  return err instanceof CodedError ? err : new Error('the export could not be written', { cause: err });
}

/** Removes the exports that have expired, and those that were never made. */
export async function removeExpiredExports({ store, objects }: Pick<MakeExportsOptions, 'store' | 'objects'>, nowMs: number): Promise<void> {
  for (const row of await store.requestedBefore(toInstant(nowMs - exportRetentionMs))) {
    if (row.expiresAt !== null && row.expiresAt > toInstant(nowMs)) continue;
    await objects.delete(exportKey(row));
    await store.remove(row._id);
  }
}
