import type { UserId } from '#engine/contract';
import type { Bus, Clock, Database, JobQueue, JobWorker, Logger } from '#engine/kernel';
import { openClassMover, openRestores, openSweep, startClassJobs, startMeasuringStorage, sweepHandler, SweepStore } from '#recorder';
import type { ObjectStore, VideoRow } from '#recorder';
import { MailQueue, MailStore } from '../mail/index.ts';
import { openRetention } from '../retention/openRetention.ts';
import { startRetention } from '../retention/retentionJobs.ts';
import type { CurrentSettings } from '../settings/index.ts';

export interface StorageJobsOptions {
  database: Database;
  store: ObjectStore;
  bus: Bus;
  jobs: JobQueue;
  settings: CurrentSettings;
  clock: Clock;
  logger: Logger;
}

/** The jobs of storage: measuring it, moving videos between classes, restoring them. Returns what ends the asking for those that repeat. */
export function startStorageJobs(worker: Pick<JobWorker, 'handle'>, options: StorageJobsOptions): () => void {
  const { database, store, jobs, settings, clock, logger } = options;
  worker.handle(sweepHandler({ sweep: openSweep({ database, store, clock, logger }), store: new SweepStore(database), clock }));
  const mails = new MailQueue({ store: new MailStore(database), jobs, clock });
  const onRestored = async ({ _id, title }: VideoRow, userIds: string[]) => {
    for (const userId of userIds) await mails.add({ userId: userId as UserId, template: 'videoRestored', about: title, path: `/watch/${_id}` });
  };
  const stops = [
    startMeasuringStorage(worker, options),
    startRetention(worker, { ...options, retention: openRetention(options).retention }),
    startClassJobs(worker, { mover: openClassMover({ database, store, clock, logger }), restores: openRestores({ database, store, clock, logger, onRestored }), rules: () => settings.current, jobs, clock, logger }),
  ];
  return () => stops.forEach((stop) => stop());
}
