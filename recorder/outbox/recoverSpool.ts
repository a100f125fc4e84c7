import { stat } from 'node:fs/promises';
import type { Logger } from '#engine/kernel';
import type { Spool } from '../capture/Spool.ts';
import type { Journal } from '../journal/Journal.ts';
import { isCoded } from '#engine/contract';
import { isSameObject } from '../storage/isSameObject.ts';
import type { ObjectStore } from '../storage/ObjectStore.ts';

export interface RecoveryOptions {
  journal: Journal;
  spool: Spool;
  store: ObjectStore;
  logger: Logger;
}

export interface RecoveryReport {
  /** Whole and waiting for the store. */
  kept: number;
  /** Stored already; the file was left over. */
  leftOver: number;
  /** Written just before the end, without a row: the segment that was in progress. */
  unknown: number;
  /** Journaled, but neither here nor in the store. */
  lost: number;
}

/**
 * After a restart: brings spool and journal to agree. What is right waits for the outbox, what is not becomes a gap.
 * Hours may be waiting for a store that is away, and a lecture for this to be done: a file is known by its length here,
 * and by its hash when it is brought to the store.
 */
export async function recoverSpool(options: RecoveryOptions): Promise<RecoveryReport> {
  const { journal, spool, logger } = options;
  const report: RecoveryReport = { kept: 0, leftOver: 0, unknown: 0, lost: 0 };
  for (const key of await spool.sweep()) {
    const known = await journal.byKey(key);
    if (known?.row.state === 'written') continue;
    await spool.remove(key);
    report[known ? 'leftOver' : 'unknown'] += 1;
  }
  for (const file of await journal.waiting()) {
    if (await isInSpool(spool, file.row) || (await isInStore(options, file.row))) {
      report.kept += 1;
      continue;
    }
    await spool.remove(file.row.key);
    report.lost += 1;
    logger.error({ segment: file.row.key }, 'segment.lost');
    // A database that takes nothing now hears of it from the outbox, which misses the file as well.
    await journal.setState(file, 'lost').catch((err: unknown) => logger.error({ err, segment: file.row.key }, 'segment.markFailed'));
  }
  logger.info({ ...report }, 'recorder.recovered');
  return report;
}

interface Fingerprint {
  key: string;
  bytes: number;
  sha256: string;
}

async function isInSpool(spool: Spool, row: Fingerprint): Promise<boolean> {
  try {
    return (await stat(spool.fileOf(row.key))).size === row.bytes;
  } catch (err) {
    if ((err as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw err;
  }
}

/** Stored just before the end, without the row saying so. A store that is away is asked again by the outbox. */
async function isInStore({ store }: RecoveryOptions, row: Fingerprint): Promise<boolean> {
  try {
    return isSameObject(await store.head(row.key), row);
  } catch (err) {
    return !isCoded(err, 'object.notFound');
  }
}
