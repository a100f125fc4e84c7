import * as z from 'zod';
import { jobKind, toInstant } from '#engine/kernel';
import type { Clock, Collection, Database, JobHandler } from '#engine/kernel';
import type { Sweep } from './Sweep.ts';
import type { SweepReport } from './SweepReport.ts';

export const sweepJobs = jobKind('site.sweep', { data: z.object({ isDryRun: z.boolean() }), maxAttempts: 3, maxRunning: 1 });

/** The sweep that runs, and the report of the last one. */
export interface SweepRow {
  _id: string;
  running: { isDryRun: boolean; startedAt: string; objects: number } | null;
  last: SweepReport | null;
}

const site = 'site';

/** The state of the sweep. Owns the collection `sweeps`. */
export class SweepStore {
  readonly #rows: Collection<SweepRow>;

  constructor(database: Database) {
    this.#rows = database.collection<SweepRow>({ name: 'sweeps', indexes: [] });
  }

  async read(): Promise<Pick<SweepRow, 'running' | 'last'>> {
    const row = await this.#rows.findOne({ _id: site });
    return { running: row?.running ?? null, last: row?.last ?? null };
  }

  async begin(running: NonNullable<SweepRow['running']>): Promise<void> {
    await this.#rows.updateOne({ _id: site }, { $set: { running } }, { upsert: true });
  }

  async progress(objects: number): Promise<void> {
    await this.#rows.updateOne({ _id: site, 'running.objects': { $gte: 0 } }, { $set: { 'running.objects': objects } });
  }

  /** Undefined: it has failed or was cancelled, and the last report stays. */
  async end(last?: SweepReport): Promise<void> {
    await this.#rows.updateOne({ _id: site }, { $set: { running: null, ...(last && { last }) } });
  }
}

/** Runs a sweep that was asked for. */
export function sweepHandler({ sweep, store, clock }: { sweep: Sweep; store: SweepStore; clock: Clock }): JobHandler<{ isDryRun: boolean }> {
  return {
    kind: sweepJobs,
    concurrency: 1,
    isLight: true,
    run: async (job) => {
      const { signal, data: { isDryRun } } = job;
      const { last } = await store.read();
      await store.begin({ isDryRun, startedAt: toInstant(clock.nowMs()), objects: 0 });
      let written = 0;
      const onProgress = async (objects: number) => {
        job.progress(last ? Math.min(0.99, objects / Math.max(1, last.objects)) : 0, String(objects));
        if (objects - written < progressStep) return;
        written = objects;
        await store.progress(objects);
      };
      try {
        await store.end(await sweep.run({ isDryRun, signal, onProgress }));
      } catch (err) {
        await store.end();
        throw err;
      }
    },
  };
}

/** Objects between two notes of how far it is. */
const progressStep = 5000;
