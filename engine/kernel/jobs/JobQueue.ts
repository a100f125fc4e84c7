// Responsible for the jobs in the database: adding them, giving each to one worker at a time, and what becomes of them. Every
// change is one conditional update, so any number of processes may call it at once. Owns the collection `jobs`.
import * as z from 'zod';
import { topic } from '../bus/index.ts';
import type { Bus } from '../bus/index.ts';
import type { Clock } from '../Clock.ts';
import { DuplicateKeyError } from '../database/index.ts';
import type { Collection, Database, Update } from '../database/index.ts';
import { newId } from '../newId.ts';
import { jobAfter } from './jobOutcome.ts';
import type { JobOutcome } from './jobOutcome.ts';
import type { JobKind } from './JobKind.ts';
import { isUnfinished } from './JobRow.ts';
import type { JobRow } from './JobRow.ts';
import { openJobs } from './jobsCollection.ts';
import { deadRetentionMs, finishedRetentionMs, sweepSize } from './limits.ts';

/** Something in the queue has changed: workers look at it. */
export const jobsChanged = topic('jobs.changed', z.object({ kind: z.string() }));

export interface JobQueueOptions {
  database: Database;
  bus: Bus;
  clock: Clock;
  /** From 0 to 1. */
  random?: () => number;
}

export interface NewJob<Data> {
  key: string;
  data: Data;
  /** That of the kind when left out. */
  priority?: number;
  /** Milliseconds before it may run. */
  delayMs?: number;
  /**
   * `again`: if the job is running, it runs once more afterwards, because what it works on has changed. `keep`, the default:
   * the running one is enough. `data` must follow from the key.
   */
  ifRunning?: 'keep' | 'again';
}

/** A job that a worker has claimed. Its fence goes with everything that the run writes. */
export type ClaimedJob = Pick<JobRow, '_id' | 'kind' | 'key' | 'data' | 'fence' | 'attempts'>;

export class JobQueue {
  readonly #jobs: Collection<JobRow>;
  readonly #bus: Bus;
  readonly #clock: Clock;
  readonly #random: () => number;

  constructor({ database, bus, clock, random = Math.random }: JobQueueOptions) {
    this.#jobs = openJobs(database);
    this.#bus = bus;
    this.#clock = clock;
    this.#random = random;
  }

  /** Adds a job, unless one with its kind and key is unfinished; returns the id of that one then. */
  async add<Data>(kind: JobKind<Data>, job: NewJob<Data>): Promise<string> {
    return this.#add(kind, job, null);
  }

  /** A job that runs `everyMs` after it has finished, from now on. It exists once, however many processes ask for it. */
  async repeat<Data>(kind: JobKind<Data>, { everyMs, ...job }: NewJob<Data> & { everyMs: number }): Promise<void> {
    const id = await this.#add(kind, job, everyMs);
    await this.#jobs.updateOne({ _id: id }, { $set: { repeatMs: everyMs } });
  }

  /** Claims the next job of these kinds; undefined when none waits. Higher priorities first, then the oldest. */
  async claim(kinds: readonly JobKind<unknown>[], worker: string): Promise<ClaimedJob | undefined> {
    for (;;) {
      const heads = await Promise.all(kinds.map(async (kind) => ({ kind, row: await this.#head(kind) })));
      const found = heads.flatMap(({ kind, row }) => (row ? [{ kind, row }] : [])).sort((a, b) => b.row.priority - a.row.priority || a.row.queuedAtMs - b.row.queuedAtMs);
      let wasTaken = false;
      for (const { kind, row } of found) {
        const claimed = await this.#take(kind, row, worker);
        if (typeof claimed === 'object') return claimed;
        wasTaken ||= claimed === 'taken';
      }
      // Another worker was quicker; the next job may be for this one.
      if (!wasTaken) return undefined;
    }
  }

  /** Cancels the unfinished job of a kind and key, if there is one. A running one is stopped by its worker. */
  async cancel({ name }: Pick<JobKind<unknown>, 'name'>, key: string): Promise<void> {
    const uniqueKey = `${name} ${key}`;
    const change = { $set: { state: 'cancelled' as const, changedAtMs: this.#clock.nowMs() }, $unset: { uniqueKey: 1 as const } };
    await this.#jobs.updateOne({ uniqueKey, state: { $in: ['delayed', 'waiting'] } }, change);
    await this.#jobs.updateOne({ uniqueKey, state: 'running' }, { $set: { isCancelRequested: true } });
    this.#bus.publish(jobsChanged, { kind: name });
  }

  /** Extends the lease of a claimed job. `lost`: it is no longer this claim's. */
  async heartbeat(job: ClaimedJob, { leaseMs, ...progress }: { leaseMs: number } & Partial<Pick<JobRow, 'progress' | 'progressNote'>>): Promise<'held' | 'cancelled' | 'lost'> {
    const held = { _id: job._id, fence: job.fence, state: 'running' as const };
    const row = await this.#jobs.findOneAndUpdate(held, { $set: { ...progress, wakeAtMs: this.#clock.nowMs() + leaseMs } }, { returnDocument: 'after' });
    if (!row) return 'lost';
    return row.isCancelRequested ? 'cancelled' : 'held';
  }

  /** Stores how the run of a claimed job ended. False when the job is no longer this claim's: then nothing was stored. */
  async finish(job: ClaimedJob, outcome: JobOutcome): Promise<boolean> {
    return this.#end(job, outcome);
  }

  /** Makes delayed jobs wait for a worker when their delay has passed, and takes jobs from workers that are gone. */
  async sweep(): Promise<void> {
    const nowMs = this.#clock.nowMs();
    await this.#jobs.updateMany({ state: 'delayed', wakeAtMs: { $lte: nowMs } }, { $set: { state: 'waiting', queuedAtMs: nowMs, changedAtMs: nowMs } });
    const expired = await this.#jobs.find({ state: 'running', wakeAtMs: { $lt: nowMs } }, { sort: { wakeAtMs: 1 }, limit: sweepSize });
    for (const row of expired) await this.#end(row, { type: 'expired' }, nowMs);
  }

  /** Removes finished jobs from the list when they are old, and dead letters after `deadMs`. */
  async removeOld(deadMs = deadRetentionMs): Promise<void> {
    const nowMs = this.#clock.nowMs();
    const retentions = { done: finishedRetentionMs, cancelled: finishedRetentionMs, dead: deadMs } as const;
    for (const [state, ms] of Object.entries(retentions)) await this.#jobs.deleteMany({ state: state as keyof typeof retentions, changedAtMs: { $lt: nowMs - ms } });
  }

  async #add<Data>(kind: JobKind<Data>, { key, data, priority = kind.priority, delayMs = 0, ifRunning = 'keep' }: NewJob<Data>, repeatMs: number | null): Promise<string> {
    const row = newRow(kind, { key, data: kind.data.parse(data), priority, delayMs, repeatMs, nowMs: this.#clock.nowMs() });
    for (;;) {
      try {
        await this.#jobs.insertOne(row);
        this.#bus.publish(jobsChanged, { kind: kind.name });
        return row._id;
      } catch (err) {
        if (!(err instanceof DuplicateKeyError)) throw err;
      }
      const known = await this.#jobs.findOne({ uniqueKey: row.uniqueKey ?? null });
      // It has finished in between.
      if (!known) continue;
      if (known.state !== 'running') {
        await this.#jobs.updateOne({ _id: known._id }, { $max: { priority } });
        return known._id;
      }
      if (ifRunning === 'keep') return known._id;
      const { matchedCount } = await this.#jobs.updateOne({ _id: known._id, state: 'running', fence: known.fence }, { $set: { isWantedAgain: true } });
      if (matchedCount > 0) return known._id;
    }
  }

  async #head({ name }: JobKind<unknown>): Promise<JobRow | null> {
    return this.#jobs.findOne({ kind: name, state: 'waiting' }, { sort: { priority: -1, queuedAtMs: 1 } });
  }

  /** `taken`: by another worker, or cancelled. `full`: as many run as may. */
  async #take(kind: JobKind<unknown>, { _id, fence }: JobRow, worker: string): Promise<ClaimedJob | 'taken' | 'full'> {
    const nowMs = this.#clock.nowMs();
    const claim = (slot?: string) =>
      this.#jobs.findOneAndUpdate(
        { _id, fence, state: 'waiting' },
        { $set: { state: 'running', worker, wakeAtMs: nowMs + kind.leaseMs, changedAtMs: nowMs, progress: null, progressNote: null, ...(slot !== undefined && { slot }) }, $inc: { fence: 1, attempts: 1 } },
        { returnDocument: 'after' },
      );
    if (kind.maxRunning === undefined) return (await claim()) ?? 'taken';
    for (let number = 1; number <= kind.maxRunning; number += 1) {
      try {
        return (await claim(`${kind.name} ${number}`)) ?? 'taken';
      } catch (err) {
        // The slot is taken.
        if (!(err instanceof DuplicateKeyError)) throw err;
      }
    }
    return 'full';
  }

  /** `expiredAtMs`: only if the lease has ended by then. */
  async #end({ _id, fence }: Pick<JobRow, '_id' | 'fence'>, outcome: JobOutcome, expiredAtMs?: number): Promise<boolean> {
    for (;;) {
      const row = await this.#jobs.findOne({ _id });
      if (row?.state !== 'running' || row.fence !== fence || (expiredAtMs !== undefined && row.wakeAtMs >= expiredAtMs)) return false;
      const change = jobAfter(row, outcome, { nowMs: this.#clock.nowMs(), random: this.#random() });
      const update: Update<JobRow> = { $set: change, $unset: { slot: 1, ...(!isUnfinished(change.state) && { uniqueKey: 1 }) } };
      const { isWantedAgain, isCancelRequested, wakeAtMs } = row;
      const { matchedCount } = await this.#jobs.updateOne({ _id, fence, state: 'running', isWantedAgain, isCancelRequested, wakeAtMs }, update);
      if (matchedCount === 0) continue;
      if (change.state === 'waiting') this.#bus.publish(jobsChanged, { kind: row.kind });
      return true;
    }
  }
}

interface RowOptions {
  key: string;
  data: unknown;
  priority: number;
  delayMs: number;
  repeatMs: number | null;
  nowMs: number;
}

function newRow({ name, maxAttempts, retryFirstMs, retryMaxMs }: JobKind<unknown>, { key, data, priority, delayMs, repeatMs, nowMs }: RowOptions): JobRow {
  return {
    _id: newId('job'),
    kind: name,
    key,
    uniqueKey: `${name} ${key}`,
    data,
    state: delayMs > 0 ? 'delayed' : 'waiting',
    priority,
    attempts: 0,
    maxAttempts,
    retryFirstMs,
    retryMaxMs,
    fence: 0,
    worker: null,
    wakeAtMs: nowMs + delayMs,
    queuedAtMs: nowMs,
    isWantedAgain: false,
    isCancelRequested: false,
    repeatMs,
    progress: null,
    progressNote: null,
    error: null,
    createdAtMs: nowMs,
    changedAtMs: nowMs,
  };
}
