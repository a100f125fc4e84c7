// Responsible for one run of a job on this node: its heartbeats, its end, and stopping it when its lease is lost or an
// administrator cancels it. Owns the timer of the heartbeat.
import { background } from '../background.ts';
import type { Clock } from '../Clock.ts';
import type { Logger } from '../Logger.ts';
import { retryUntilPersisted } from '../retryUntilPersisted.ts';
import type { JobKind } from './JobKind.ts';
import type { JobOutcome } from './jobOutcome.ts';
import type { ClaimedJob, JobQueue } from './JobQueue.ts';
import { heartbeatsPerLease } from './limits.ts';

/** A job as its handler receives it. */
export interface RunningJob<Data> {
  readonly jobId: string;
  readonly key: string;
  readonly data: Data;
  /** Counts from 1. */
  readonly attempt: number;
  /** Goes with everything that the run writes, where a run that was taken over must not overwrite a later one. */
  readonly fence: number;
  /** Aborts when the job is cancelled, when its lease is lost, and when the process stops. */
  readonly signal: AbortSignal;
  /** `fraction` from 0 to 1. Stored with the next heartbeat. */
  progress(fraction: number, note?: string): void;
}

export interface JobHandler<Data> {
  kind: JobKind<Data>;
  /** Jobs of this kind that run on this node at once. */
  concurrency: number;
  /** It mostly waits for the network: it does not count towards the jobs that a node runs at once. Default: false. */
  isLight?: boolean;
  /** What it does may be done again: a worker that dies has not stored its end. */
  run(job: RunningJob<Data>): Promise<void>;
}

export type StopReason = 'cancelled' | 'lost' | 'stopping';

/** The reason of an abort. */
export class JobStopped extends Error {
  override readonly name = 'JobStopped';
  readonly reason: StopReason;

  constructor(reason: StopReason) {
    super(`the job was stopped: ${reason}`);
    this.reason = reason;
  }
}

export interface JobRunOptions {
  job: ClaimedJob;
  handler: JobHandler<unknown>;
  queue: JobQueue;
  clock: Clock;
  logger: Logger;
}

export class JobRun {
  /** Resolves when the run has ended and its end is stored, or cannot be. Never rejects. */
  readonly ended: Promise<void>;
  readonly kind: string;
  readonly isLight: boolean;
  readonly #options: JobRunOptions;
  readonly #logger: Logger;
  readonly #stop = new AbortController();
  readonly #leaseMs: number;
  #progress: { progress?: number; progressNote?: string | null } = {};
  #leasedUntilMs: number;
  #cancelHeartbeat = (): void => undefined;
  #isEnded = false;

  constructor(options: JobRunOptions) {
    const { job, handler, clock, logger } = options;
    this.#options = options;
    this.kind = job.kind;
    this.isLight = handler.isLight ?? false;
    this.#leaseMs = handler.kind.leaseMs;
    this.#leasedUntilMs = clock.nowMs() + this.#leaseMs;
    this.#logger = logger.child({ jobId: job._id, kind: job.kind, jobKey: job.key });
    this.#scheduleHeartbeat();
    this.ended = this.#run();
  }

  /** Looks at once whether the job was cancelled or taken over. */
  check(): void {
    background('job.heartbeat', this.#heartbeat(), this.#logger);
  }

  stop(reason: StopReason): void {
    if (!this.#stop.signal.aborted) this.#stop.abort(new JobStopped(reason));
  }

  async #run(): Promise<void> {
    const { job, handler } = this.#options;
    const { signal } = this.#stop;
    this.#logger.info({ attempt: job.attempts }, 'job.started');
    let outcome: JobOutcome;
    try {
      const progress = (fraction: number, note?: string) => {
        this.#progress = { progress: Math.min(1, Math.max(0, fraction)), progressNote: note ?? null };
      };
      await handler.run({ jobId: job._id, key: job.key, data: handler.kind.data.parse(job.data), attempt: job.attempts, fence: job.fence, signal, progress });
      outcome = { type: 'succeeded' };
    } catch (err) {
      outcome = outcomeOf(err, signal);
      if (outcome.type === 'failed') this.#logger.warn({ err, attempt: job.attempts }, 'job.failed');
    }
    await this.#store(outcome);
    this.#isEnded = true;
    this.#cancelHeartbeat();
  }

  /** Repeats until the database accepts it or the lease has ended: then another worker has the job. */
  async #store(outcome: JobOutcome): Promise<void> {
    const { job, queue, clock } = this.#options;
    const giveUp = new AbortController();
    const cancel = clock.after(Math.max(0, this.#leasedUntilMs - clock.nowMs()), () => giveUp.abort(new JobStopped('lost')));
    const store = async () => {
      const isStored = await queue.finish(job, outcome);
      if (isStored) this.#logger.info({ outcome: outcome.type }, 'job.ended');
      else this.#logger.warn({ outcome: outcome.type, fence: job.fence }, 'job.resultRefused');
    };
    try {
      await retryUntilPersisted(store, { clock, signal: giveUp.signal });
    } catch (err) {
      this.#logger.error({ err, outcome: outcome.type }, 'job.endNotStored');
    } finally {
      cancel();
    }
  }

  #scheduleHeartbeat(): void {
    this.#cancelHeartbeat = this.#options.clock.after(this.#leaseMs / heartbeatsPerLease, () => {
      if (this.#isEnded) return;
      this.#scheduleHeartbeat();
      this.check();
    });
  }

  async #heartbeat(): Promise<void> {
    const { job, queue, clock } = this.#options;
    if (this.#isEnded) return;
    const askedMs = clock.nowMs();
    try {
      const answer = await queue.heartbeat(job, { leaseMs: this.#leaseMs, ...this.#progress });
      if (answer === 'held') this.#leasedUntilMs = askedMs + this.#leaseMs;
      else if (!this.#isEnded) this.stop(answer);
    } catch (err) {
      this.#logger.warn({ err }, 'job.heartbeatFailed');
      // Another worker may have the job by now.
      if (clock.nowMs() >= this.#leasedUntilMs) this.stop('lost');
    }
  }
}

function outcomeOf(err: unknown, signal: AbortSignal): JobOutcome {
  const stopped = signal.aborted && signal.reason instanceof JobStopped ? signal.reason.reason : undefined;
  if (stopped === 'cancelled') return { type: 'cancelled' };
  if (stopped !== undefined) return { type: 'released' };
  return { type: 'failed', error: err instanceof Error ? err.message : String(err) };
}
