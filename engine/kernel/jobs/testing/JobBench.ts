import * as z from 'zod';
import { silentLogger } from '../../../testing/silentLogger.ts';
import { ManualClock } from '../../../testing/ManualClock.ts';
import { InProcessBus } from '../../bus/index.ts';
import { openSqliteDatabase } from '../../database/index.ts';
import type { Collection, Database } from '../../database/index.ts';
import { JobAdministration } from '../JobAdministration.ts';
import { jobKind } from '../JobKind.ts';
import { JobQueue } from '../JobQueue.ts';
import type { JobRow } from '../JobRow.ts';
import { JobWorker } from '../JobWorker.ts';
import { openJobs } from '../jobsCollection.ts';

export const posters = jobKind('test.poster', { data: z.object({ recordingId: z.string() }), maxAttempts: 3, retryFirstMs: 1000, retryMaxMs: 8000 });

export function posterOf(recordingId: string) {
  return { key: recordingId, data: { recordingId } };
}

/** A queue in a database in memory, with a clock that the test advances. */
export class JobBench {
  readonly clock = new ManualClock();
  readonly bus = new InProcessBus({ clock: this.clock, logger: silentLogger });
  readonly database: Database;
  readonly queue: JobQueue;
  readonly administration: JobAdministration;
  readonly rows: Collection<JobRow>;
  readonly #workers: JobWorker[] = [];

  private constructor(database: Database) {
    const { clock, bus } = this;
    this.database = database;
    // Without jitter, delays are exact.
    this.queue = new JobQueue({ database, bus, clock, random: () => 0 });
    this.administration = new JobAdministration({ database, bus, clock });
    this.rows = openJobs(database);
  }

  static async open(): Promise<JobBench> {
    return new JobBench(await openSqliteDatabase({ path: ':memory:' }));
  }

  worker(options: { maxJobs?: number; queue?: JobQueue } = {}): JobWorker {
    const worker = new JobWorker({ queue: this.queue, bus: this.bus, clock: this.clock, logger: silentLogger, maxJobs: 10, ...options });
    this.#workers.push(worker);
    return worker;
  }

  async row(jobId: string): Promise<JobRow> {
    const row = await this.rows.findOne({ _id: jobId });
    if (!row) throw new Error(`${jobId} does not exist`);
    return row;
  }

  async close(): Promise<void> {
    for (const worker of this.#workers) {
      const closed = worker.close();
      // Those that do not stop are given up after a while.
      while (await Promise.race([closed.then(() => false), new Promise((resolve) => setTimeout(() => resolve(true), 5))])) this.clock.advance(1000);
    }
    await this.bus.close();
    await this.database.close();
  }
}
