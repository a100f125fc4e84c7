import { hostname } from 'node:os';
import { CodedError } from '#engine/contract';
import { ProcessDirectory, systemClock, toInstant } from '#engine/kernel';
import type { Bus, Database, JobAdministration, Logger, Role } from '#engine/kernel';
import type { ObjectStore } from '#recorder';
import { Readiness } from '../operation/Readiness.ts';
import type { ReadinessOptions } from '../operation/Readiness.ts';
import { processReport } from './processReport.ts';
import type { OwnHealthOptions } from './processReport.ts';
import { SiteHealth } from './SiteHealth.ts';
import { lecternVersion } from './lecternVersion.ts';

export interface OpenSiteHealthOptions extends Omit<OwnHealthOptions, 'clock' | 'readiness'> {
  /** Of the parts of this process, beside the database. */
  checks: ReadinessOptions['checks'];
  bus: Bus;
  database: Database;
  jobs: Pick<JobAdministration, 'counts' | 'oldestWaitingMs'>;
  logger: Logger;
  nodeId: string;
  roles: ReadonlySet<Role>;
}

/** Announces this process, and answers for it. The caller closes it. */
export async function openSiteHealth({ bus, database, jobs, logger, nodeId, roles, checks, ...own }: OpenSiteHealthOptions): Promise<SiteHealth> {
  const clock = systemClock;
  const readiness = new Readiness({ database, clock, checks });
  const self = { nodeId, roles: [...roles], version: await lecternVersion(), hostname: hostname(), startedAt: toInstant(clock.nowMs()) };
  return SiteHealth.open({ bus, clock, jobs, self, processes: new ProcessDirectory({ database, clock, logger }), report: () => processReport({ ...own, readiness, clock }) });
}

/** Checks of what the processes of a site share, for `Readiness`. They do not decide whether a process is ready. */
export function sharedChecks({ store, bus, hasRedis }: { store: Pick<ObjectStore, 'list'>; bus: Pick<Bus, 'isConnected'>; hasRedis: boolean }): Record<string, () => Promise<void>> {
  const redis = async () => {
    if (!bus.isConnected) throw new CodedError('bus.unavailable', 'Redis cannot be reached. This process works alone until it returns.');
  };
  return { store: async () => void (await store.list('', { limit: 1 })), ...(hasRedis && { redis }) };
}
