import { CodedError } from '../contract/index.ts';
import type { Clock, Logger } from '../kernel/index.ts';
import type { SfuConfig } from './config.ts';
import { WorkerSlot } from './WorkerSlot.ts';
import type { LiveWorker } from './WorkerSlot.ts';
import { fullShare, halfFullShare, workerWaitMs } from './limits.ts';

export interface WorkerPoolOptions {
  config: SfuConfig;
  workerBin: string | undefined;
  logger: Logger;
  clock: Clock;
}

export interface Placement extends LiveWorker {
  readonly slot: WorkerSlot;
}

/** The media workers, one for each core. Places rooms and viewers on workers. Owns the slots; `close` ends all workers. */
export class WorkerPool {
  readonly #slots: readonly WorkerSlot[];
  readonly #clock: Clock;

  constructor(slots: readonly WorkerSlot[], clock: Clock) {
    this.#slots = slots;
    this.#clock = clock;
  }

  get hasWorker(): boolean {
    return this.#slots.some(({ live }) => live);
  }

  /** The least loaded worker. While all workers restart, waits for the first of them. @throws CodedError `media.unavailable` */
  async place(): Promise<Placement> {
    const [best] = this.#slots.filter((slot) => slot.live).sort((a, b) => a.load - b.load);
    if (best?.live) return { slot: best, ...best.live };
    const restarting = this.#slots.flatMap((slot) => (slot.next ? [slot.next.then((live) => ({ slot, ...live }))] : []));
    if (restarting.length === 0) throw unavailable();
    return this.#withTimeout(Promise.any(restarting));
  }

  /**
   * The worker for one more viewer of a room: that of its publishers until it is half full, so that a small class stays on
   * one; then the one with the most room. Someone who returns is never refused. @throws CodedError `lecture.full`
   */
  placeViewer(home: Placement, { isReturning }: { isReturning: boolean }): Placement {
    if (home.slot.use < halfFullShare) return home;
    const [best] = this.#slots.filter((slot) => slot.live).sort((a, b) => a.use - b.use);
    if (!best?.live) return home;
    if (best.use >= fullShare && !isReturning) throw new CodedError('lecture.full', 'This lecture is full here: the server cannot send its video to one more person. Your place is kept as soon as somebody leaves.');
    return best === home.slot ? home : { slot: best, ...best.live };
  }

  /** Resolves when the workers' processes have ended. */
  async close(): Promise<void> {
    await Promise.all(this.#slots.map((slot) => slot.close()));
  }

  #withTimeout<T>(task: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const cancel = this.#clock.after(workerWaitMs, () => reject(unavailable()));
      task.then(resolve, (cause: unknown) => reject(unavailable(cause))).finally(cancel);
    });
  }
}

function unavailable(cause?: unknown): CodedError {
  return new CodedError('media.unavailable', 'The media worker is being restarted; try again in a moment.', { cause });
}

/** Starts all workers. If one fails to start, closes the others. */
export async function createWorkerPool(options: WorkerPoolOptions): Promise<WorkerPool> {
  const slots = Array.from({ length: options.config.LECTERN_RTC_WORKERS }, (_, index) => new WorkerSlot({ ...options, index }));
  const started = await Promise.allSettled(slots.map((slot) => slot.start()));
  const failed = started.find((result) => result.status === 'rejected');
  if (failed) {
    await Promise.all(slots.map((slot) => slot.close()));
    throw failed.reason;
  }
  return new WorkerPool(slots, options.clock);
}
