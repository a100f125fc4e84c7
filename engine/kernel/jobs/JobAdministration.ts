import { CodedError } from '../../contract/index.ts';
import type { Bus } from '../bus/index.ts';
import type { Clock } from '../Clock.ts';
import { DuplicateKeyError } from '../database/index.ts';
import type { Collection, Database, Filter } from '../database/index.ts';
import { jobsChanged } from './JobQueue.ts';
import { jobStates } from './JobRow.ts';
import type { JobRow, JobState } from './JobRow.ts';
import { openJobs } from './jobsCollection.ts';
import { jobPageSize } from './limits.ts';

export interface JobPage {
  /** The most recently changed job first. */
  jobs: JobRow[];
  /** The `after` of the next page; null on the last page. */
  next: string | null;
}

/** Lists, counts, cancels and resends jobs, for administrators. */
export class JobAdministration {
  readonly #jobs: Collection<JobRow>;
  readonly #bus: Bus;
  readonly #clock: Clock;

  constructor({ database, bus, clock }: { database: Database; bus: Bus; clock: Clock }) {
    this.#jobs = openJobs(database);
    this.#bus = bus;
    this.#clock = clock;
  }

  async list(state: JobState, { after, limit = jobPageSize }: { after?: string | undefined; limit?: number } = {}): Promise<JobPage> {
    const [changedAt, id] = (after ?? '').split('~');
    const changedAtMs = Number(changedAt);
    const older: Filter<JobRow> = changedAt && id && Number.isFinite(changedAtMs) ? { $or: [{ changedAtMs: { $lt: changedAtMs } }, { changedAtMs, _id: { $lt: id } }] } : {};
    const found = await this.#jobs.find({ state, ...older }, { sort: { changedAtMs: -1, _id: -1 }, limit: limit + 1 });
    const jobs = found.slice(0, limit);
    const last = jobs.at(-1);
    return { jobs, next: last && found.length > limit ? `${last.changedAtMs}~${last._id}` : null };
  }

  async counts(): Promise<Record<JobState, number>> {
    const counted = await Promise.all(jobStates.map(async (state) => [state, await this.#jobs.countDocuments({ state })] as const));
    return Object.fromEntries(counted) as Record<JobState, number>;
  }

  /** Since when the job waits that has waited longest, as ms since 1970; undefined if none waits. */
  async oldestWaitingMs(): Promise<number | undefined> {
    const [oldest] = await this.#jobs.find({ state: 'waiting' }, { sort: { changedAtMs: 1, _id: 1 }, limit: 1 });
    return oldest?.changedAtMs;
  }

  /**
   * Cancels an unfinished job. A running one is stopped by its worker.
   * @throws CodedError `job.notFound`; `job.refused` for a job that has finished or that waits for its next repetition
   */
  async cancel(jobId: string): Promise<JobRow> {
    const row = await this.#get(jobId);
    const changedAtMs = this.#clock.nowMs();
    const cancelled = { $set: { state: 'cancelled' as const, changedAtMs }, $unset: { uniqueKey: 1 as const } };
    const after =
      (row.repeatMs === null ? await this.#jobs.findOneAndUpdate({ _id: jobId, state: { $in: ['delayed', 'waiting'] } }, cancelled, { returnDocument: 'after' }) : null) ??
      (await this.#jobs.findOneAndUpdate({ _id: jobId, state: 'running' }, { $set: { isCancelRequested: true } }, { returnDocument: 'after' }));
    if (!after) throw new CodedError('job.refused', row.repeatMs === null ? 'This job has already finished. Reload the page.' : 'This job repeats. It can be cancelled while it runs.');
    this.#bus.publish(jobsChanged, { kind: after.kind });
    return after;
  }

  /** Queues a dead letter again and resets its attempts. @throws CodedError `job.notFound`; `job.refused` if the job is in another state, or was added again */
  async resend(jobId: string): Promise<JobRow> {
    const { kind, key } = await this.#get(jobId);
    const nowMs = this.#clock.nowMs();
    try {
      const waiting = { state: 'waiting' as const, attempts: 0, uniqueKey: `${kind} ${key}`, queuedAtMs: nowMs, changedAtMs: nowMs };
      const after = await this.#jobs.findOneAndUpdate({ _id: jobId, state: 'dead' }, { $set: waiting }, { returnDocument: 'after' });
      if (!after) throw new CodedError('job.refused', 'Only a job that has failed can be sent again. Reload the page.');
      this.#bus.publish(jobsChanged, { kind });
      return after;
    } catch (err) {
      if (!(err instanceof DuplicateKeyError)) throw err;
      throw new CodedError('job.refused', 'The same job was added again in the meantime, so there is no need to send this one.', { cause: err });
    }
  }

  async #get(jobId: string): Promise<JobRow> {
    const row = await this.#jobs.findOne({ _id: jobId });
    if (!row) throw new CodedError('job.notFound', 'There is no such job.');
    return row;
  }
}
