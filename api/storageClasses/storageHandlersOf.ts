import type { Bus, Clock, Database, JobQueue, Logger } from '#engine/kernel';
import { ClassUsage, openRestores, StorageUsage, SweepStore } from '#recorder';
import type { ObjectStore } from '#recorder';
import { openRetention } from '../retention/openRetention.ts';
import { retentionHandlers } from '../retention/retentionHandlers.ts';
import type { CourseStore } from '../courses/CourseStore.ts';
import type { SiteSettingsSource } from '../settings/index.ts';
import { sweepHandlers } from '../sweep/sweepHandlers.ts';
import { storageClassHandlers } from './storageClassHandlers.ts';

export interface StorageOptions {
  database: Database;
  objects: ObjectStore;
  bus: Bus;
  jobQueue: JobQueue;
  settings: SiteSettingsSource;
  clock: Clock;
  logger: Logger;
}

/** The handlers of storage classes, retention and the sweep. */
export function storageHandlersOf({ database, bus, objects, jobQueue, settings, clock, logger }: StorageOptions, { courseStore }: { courseStore: CourseStore }) {
  const restores = openRestores({ database, store: objects, clock, logger });
  const usage = new ClassUsage(database, new StorageUsage(database));
  return {
    ...sweepHandlers({ store: new SweepStore(database), jobs: jobQueue }),
    ...retentionHandlers({ ...openRetention({ database, bus, jobs: jobQueue, settings, clock, logger }), settings }),
    ...storageClassHandlers({ settings, usage, restores, objects, jobs: jobQueue, courses: courseStore, clock }),
  };
}
