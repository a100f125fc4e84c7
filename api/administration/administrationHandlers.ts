import type { NodeWorker } from '#engine/contract';
import type { Bus, Clock, Database, JobAdministration, JobQueue, Logger, TokenSigner } from '#engine/kernel';
import { StorageUsage } from '#recorder';
import type { ObjectStore } from '#recorder';
import type { AccountStore } from '../accounts/AccountStore.ts';
import type { Logins } from '../accounts/Logins.ts';
import { auditHandlers } from '../audit/index.ts';
import type { DatabaseAuditLog } from '../audit/index.ts';
import { CalendarFeedStore } from '../calendar/index.ts';
import type { Courses } from '../courses/Courses.ts';
import type { CourseStore } from '../courses/CourseStore.ts';
import type { SiteHealth } from '../health/index.ts';
import type { LectureDirectory } from '../lectures/LectureDirectory.ts';
import { liveNowHandlers } from '../live/liveNowHandlers.ts';
import type { LiveOwners } from '../live/liveNowHandlers.ts';
import { jobHandlers } from '../operation/jobHandlers.ts';
import { operationHandlers } from '../operation/operationHandlers.ts';
import { MaterialStore } from '../materials/MaterialStore.ts';
import { storageHandlers } from '../operation/storageHandlers.ts';
import { settingsHandlers } from '../settings/index.ts';
import { storageHandlersOf } from '../storageClasses/storageHandlersOf.ts';
import { requireStorageClasses } from '../storageClasses/requireStorageClasses.ts';
import type { SiteSettingsSource } from '../settings/index.ts';
import type { OpenedWebhooks } from '../webhooks/openWebhooks.ts';
import { webhookHandlers } from '../webhooks/webhookHandlers.ts';
import { sitePeopleHandlers } from './sitePeopleHandlers.ts';

export interface AdministrationOptions {
  database: Database;
  directory: LectureDirectory;
  settings: SiteSettingsSource;
  live: LiveOwners;
  /** An SMTP server is set. */
  sendsMail: boolean;
  health: Pick<SiteHealth, 'details'>;
  webhooks: OpenedWebhooks;
  objects: ObjectStore;
  bus: Bus;
  jobQueue: JobQueue;
  jobs: JobAdministration;
  tokens: TokenSigner;
  listWorkers: () => Promise<NodeWorker[]>;
  checkReadiness: () => Promise<void>;
  clock: Clock;
  logger: Logger;
}

export interface AdministrationParts {
  audit: DatabaseAuditLog;
  store: AccountStore;
  logins: Logins;
  courses: Courses;
  courseStore: CourseStore;
  isStopping: () => boolean;
}

/** What administrators see and do, the health of the site, and webhooks, which owners of courses have as well. */
export function administrationHandlers(options: AdministrationOptions, { audit, store, logins, courses, courseStore, isStopping }: AdministrationParts) {
  const { database, directory, settings, clock, logger } = options;
  return {
    ...auditHandlers({ audit: audit.store, accounts: store, courses: courseStore, directory }),
    ...sitePeopleHandlers({ accounts: store, logins, courses, feeds: new CalendarFeedStore(database) }),
    ...liveNowHandlers({ live: options.live, directory, courses: courseStore }),
    ...storageHandlers({ usage: new StorageUsage(database), courses: courseStore, materials: new MaterialStore(database) }),
    ...storageHandlersOf(options, { courseStore }),
    getHealthDetails: () => options.health.details(),
    ...settingsHandlers({ settings, sendsMail: options.sendsMail, clock, requirePossible: requireStorageClasses(options.objects) }),
    ...webhookHandlers({ webhooks: options.webhooks.service }),
    ...jobHandlers({ jobs: options.jobs, logger }),
    ...operationHandlers({ tokens: options.tokens, listWorkers: options.listWorkers, directory, checkReadiness: options.checkReadiness, isStopping }),
  };
}
