// Responsible for all processes of a site, of every role: announces this one, and lists the others, for administrators. Owns the
// collection `processes`, and the timer of the announcements.
import { background } from '../background.ts';
import { fromInstant, toInstant } from '../Clock.ts';
import type { Clock } from '../Clock.ts';
import type { Collection, Database } from '../database/index.ts';
import { processAnnounceIntervalMs, processForgetAfterMs } from '../limits.ts';
import type { Logger } from '../Logger.ts';
import type { Role } from '../roles.ts';

/** What a process says of itself. */
export interface SiteProcess {
  /** `nod_…`, see `openNodeFolder`. */
  nodeId: string;
  roles: readonly Role[];
  /** Of Lectern. */
  version: string;
  /** Of its machine. */
  hostname: string;
  startedAt: string;
}

interface ProcessRow extends Omit<SiteProcess, 'nodeId'> {
  _id: string;
  /** By the clock of the process. */
  announcedAt: string;
}

export interface ProcessDirectoryOptions {
  database: Database;
  clock: Clock;
  logger: Logger;
}

export class ProcessDirectory {
  readonly #options: ProcessDirectoryOptions;
  readonly #processes: Collection<ProcessRow>;

  constructor(options: ProcessDirectoryOptions) {
    this.#options = options;
    this.#processes = options.database.collection<ProcessRow>({ name: 'processes', indexes: [] });
  }

  /** Announces a process now and at intervals. Returns the function that stops that, and removes it. */
  async announce({ nodeId, ...about }: SiteProcess): Promise<() => Promise<void>> {
    const { clock, logger } = this.#options;
    let cancel: () => void = () => undefined;
    let isStopped = false;
    const write = async () => {
      await this.#processes.updateOne({ _id: nodeId }, { $set: { ...about, announcedAt: toInstant(clock.nowMs()) } }, { upsert: true });
    };
    const schedule = () => {
      if (isStopped) return;
      cancel = clock.after(processAnnounceIntervalMs, () => background('process.announce', write().finally(schedule), logger));
    };
    // A full disk does not keep the server from starting.
    background('process.announce', write().finally(schedule), logger);
    return async () => {
      isStopped = true;
      cancel();
      await this.#processes.deleteOne({ _id: nodeId });
    };
  }

  /** Those that run, and those that ended a while ago without saying so. */
  async list(): Promise<(SiteProcess & { announcedAt: string })[]> {
    const nowMs = this.#options.clock.nowMs();
    const rows = await this.#processes.find({});
    return rows.filter(({ announcedAt }) => nowMs - fromInstant(announcedAt) < processForgetAfterMs).map(({ _id: nodeId, ...about }) => ({ nodeId, ...about }));
  }
}
