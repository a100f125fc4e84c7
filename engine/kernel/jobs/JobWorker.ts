// Responsible for running jobs on this node, as many at once as each kind and the node allow. Owns the runs and the timer of
// its looks at the queue.
import { background } from '../background.ts';
import type { Bus, Unsubscribe } from '../bus/index.ts';
import type { Clock } from '../Clock.ts';
import type { Logger } from '../Logger.ts';
import { newId } from '../newId.ts';
import { waitUntilSettled } from '../waitUntilSettled.ts';
import { jobsChanged } from './JobQueue.ts';
import type { JobQueue } from './JobQueue.ts';
import { JobRun } from './JobRun.ts';
import type { JobHandler } from './JobRun.ts';
import { pollIntervalMs, stopTimeoutMs } from './limits.ts';

export interface JobWorkerOptions {
  queue: JobQueue;
  bus: Bus;
  clock: Clock;
  logger: Logger;
  /** Jobs that run on this node at once, beside light ones. */
  maxJobs: number;
  /** Names this worker in the rows of jobs. */
  name?: string;
}

export class JobWorker {
  readonly #options: JobWorkerOptions;
  readonly #name: string;
  readonly #handlers = new Map<string, JobHandler<unknown>>();
  readonly #runs = new Set<JobRun>();
  #looking: Promise<void> | undefined;
  #mustLookAgain = false;
  #isClosed = false;
  #cancelPoll = (): void => undefined;
  #unsubscribe: Unsubscribe = () => undefined;

  constructor(options: JobWorkerOptions) {
    this.#options = options;
    this.#name = options.name ?? newId('prc');
  }

  /** Runs jobs of this kind here. Call it before `start`. */
  handle<Data>(handler: JobHandler<Data>): void {
    if (this.#handlers.has(handler.kind.name)) throw new Error(`${handler.kind.name} has a handler already`);
    this.#handlers.set(handler.kind.name, handler);
  }

  async start(): Promise<void> {
    const onChange = () => {
      for (const run of this.#runs) run.check();
      this.#look();
    };
    this.#unsubscribe = await this.#options.bus.subscribe(jobsChanged, { onMessage: onChange, onMissed: onChange });
    this.#poll();
  }

  /** Jobs that run here now. */
  get runningCount(): number {
    return this.#runs.size;
  }

  /** Stops the jobs, which run again elsewhere or later. Waits a short time for those that do not stop. */
  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#cancelPoll();
    this.#unsubscribe();
    await this.#looking;
    for (const run of this.#runs) run.stop('stopping');
    await waitUntilSettled([...this.#runs].map(({ ended }) => ended), { clock: this.#options.clock, limitMs: stopTimeoutMs });
  }

  #poll(): void {
    if (this.#isClosed) return;
    this.#look();
    this.#cancelPoll = this.#options.clock.after(pollIntervalMs, () => this.#poll());
  }

  #look(): void {
    if (this.#isClosed) return;
    this.#mustLookAgain = true;
    if (this.#looking) return;
    this.#looking = this.#lookWhileAsked();
    background('jobs.look', this.#looking, this.#options.logger);
  }

  async #lookWhileAsked(): Promise<void> {
    while (this.#mustLookAgain && !this.#isClosed) {
      this.#mustLookAgain = false;
      try {
        await this.#options.queue.sweep();
        await this.#fill();
      } catch (err) {
        // The queue is checked again soon.
        this.#options.logger.warn({ err }, 'jobs.lookFailed');
      }
    }
    // Set in the same turn as the last check, so that a later request starts another round.
    this.#looking = undefined;
  }

  async #fill(): Promise<void> {
    const { queue, maxJobs, clock, logger } = this.#options;
    while (!this.#isClosed) {
      const isFull = [...this.#runs].filter(({ isLight }) => !isLight).length >= maxJobs;
      const free = [...this.#handlers.values()].filter(({ kind, concurrency, isLight = false }) => (isLight || !isFull) && this.#countOf(kind.name) < concurrency);
      const job = free.length > 0 ? await queue.claim(free.map(({ kind }) => kind), this.#name) : undefined;
      const handler = job && this.#handlers.get(job.kind);
      if (!job || !handler) return;
      const run = new JobRun({ job, handler, queue, clock, logger });
      this.#runs.add(run);
      background('job.run', run.ended.then(() => {
        this.#runs.delete(run);
        this.#look();
      }), logger);
    }
  }

  #countOf(kind: string): number {
    return [...this.#runs].filter((run) => run.kind === kind).length;
  }
}
