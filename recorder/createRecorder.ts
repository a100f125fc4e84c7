import path from 'node:path';
import type { LeaseKeeper } from '#engine/kernel';
import { Spool } from './capture/Spool.ts';
import { recoverSpool } from './outbox/recoverSpool.ts';
import { Journal } from './journal/Journal.ts';
import { JournalLibrary } from './journal/JournalLibrary.ts';
import { RecordingIndexes } from './journal/RecordingIndexes.ts';
import { Recorder } from './Recorder.ts';
import type { RecorderOptions } from './Recorder.ts';

export type CreateRecorderOptions = Omit<RecorderOptions, 'spoolFolder'> & { dataFolder: string };

/**
 * Creates the recorder, after the spool of an earlier run has been recovered. Attach the live lectures, then call
 * `finishAbandoned` for the other recordings.
 */
export async function createRecorder(options: CreateRecorderOptions): Promise<Recorder> {
  const spoolFolder = path.join(options.dataFolder, 'spool');
  const { leases } = options;
  const journal = new Journal(options.database, leases?.nodeId, options.store);
  const spool = new Spool(spoolFolder, options.config.LECTERN_DISK_RESERVE_MB * 2 ** 20);
  await recoverSpool({ journal, spool, store: options.store, logger: options.logger, ...(leases && { isShared: leases.isShared }) });
  const recorder = new Recorder({ ...options, spoolFolder }, { journal, spool });
  recorder.start();
  return recorder;
}

/** The recordings of other processes, for a process that records nothing itself. */
export function openLibrary({ database, store, dataFolder, leases, clock }: Pick<CreateRecorderOptions, 'database' | 'store' | 'dataFolder' | 'clock'> & { leases: LeaseKeeper }): JournalLibrary {
  const journal = new Journal(database, leases.nodeId, store);
  const indexes = new RecordingIndexes(journal, { follow: { clock, isRecordedHere: () => false } });
  return new JournalLibrary(journal, indexes, new Spool(path.join(dataFolder, 'spool')));
}
