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
  /** Other processes use the database too. Rows of older versions, which name no node, are then adopted only with their file. */
  isShared?: boolean;
}

export interface RecoveryReport {
  /** Files that are intact and wait for the store. */
  kept: number;
  /** Files that were stored, but not yet removed. */
  leftOver: number;
  /** Files without a row, written just before the crash. */
  unknown: number;
  /** Segments of this node that are journaled, but neither in the spool nor in the store. */
  lost: number;
}

/**
 * Makes spool and journal consistent after a restart, for the files of this node. Intact files wait for the outbox, lost
 * segments become gaps. Files are checked by length only, because hours of media may be waiting and live lectures wait for
 * this; the upload checks their hashes.
 */
export async function recoverSpool(options: RecoveryOptions): Promise<RecoveryReport> {
  const { journal, spool, logger } = options;
  const report: RecoveryReport = { kept: 0, leftOver: 0, unknown: 0, lost: 0 };
  await adopt(options);
  for (const key of await spool.sweep()) {
    const known = await journal.byKey(key);
    // A row of another node belongs to another file: the write of this one was refused.
    if (known?.row.state === 'written' && !journal.isElsewhere(known.row)) continue;
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
    // If the database refuses this, the outbox marks the segment when it finds the file missing.
    await journal.setState(file, 'lost').catch((err: unknown) => logger.error({ err, segment: file.row.key }, 'segment.markFailed'));
  }
  logger.info({ ...report }, 'recorder.recovered');
  return report;
}

/** Gives the rows of older versions to this node. */
async function adopt({ journal, spool, isShared }: RecoveryOptions): Promise<void> {
  for (const file of await journal.waitingOfNoNode()) {
    if (!isShared || (await isInSpool(spool, file.row))) await journal.adopt(file);
  }
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

/** True when the object was stored just before the crash, or when the store is unavailable: the outbox asks it again. */
async function isInStore({ store }: RecoveryOptions, row: Fingerprint): Promise<boolean> {
  try {
    return isSameObject(await store.head(row.key), row);
  } catch (err) {
    return !isCoded(err, 'object.notFound');
  }
}
