import { CodedError } from '../contract/index.ts';
import type { WorkerReport } from '../contract/index.ts';
import type { Clock, Logger } from '../kernel/index.ts';
import type { SfuConfig } from './config.ts';
import { WorkerSlot } from './WorkerSlot.ts';
import type { LiveWorker } from './WorkerSlot.ts';
import { coresPerBps, useStep, workerWaitMs } from './limits.ts';

export interface WorkerPoolOptions {
  config: SfuConfig;
  workerBin: string | undefined;
  logger: Logger;
  clock: Clock;
}

export interface Placement extends LiveWorker {
  readonly slot: WorkerSlot;
}

/** One more viewer of a room. */
export interface NewViewer {
  /** The worker of the publishers. */
  home: Placement;
  /** The bitrate that the viewer will receive, bits per second. */
  egressBps: number;
  /** The viewer has a place already, and is never refused. */
  hasPlace: boolean;
}

export type PlacementLimits = Pick<SfuConfig, 'LECTERN_RTC_HOME_SHARE' | 'LECTERN_RTC_FULL_SHARE' | 'LECTERN_RTC_MAX_EGRESS_MBPS'>;

/** The media workers, one for each core. Places rooms and viewers on workers. Owns the slots; `close` ends all workers. */
export class WorkerPool {
  readonly #slots: readonly WorkerSlot[];
  readonly #limits: PlacementLimits;
  readonly #clock: Clock;

  constructor(slots: readonly WorkerSlot[], limits: PlacementLimits, clock: Clock) {
    this.#slots = slots;
    this.#limits = limits;
    this.#clock = clock;
  }

  get hasWorker(): boolean {
    return this.#slots.some(({ live }) => live);
  }

  /** The least loaded worker. While all workers restart, waits for the first of them. @throws CodedError `media.unavailable` */
  async place(): Promise<Placement> {
    const best = leastUsed(this.#slots);
    if (best?.live) return { slot: best, ...best.live };
    const restarting = this.#slots.flatMap((slot) => (slot.next ? [slot.next.then((live) => ({ slot, ...live }))] : []));
    if (restarting.length === 0) throw unavailable();
    return this.#withTimeout(Promise.any(restarting));
  }

  /**
   * The worker for one more viewer. While the publishers' worker uses less than the home share, it is that one, so that a
   * small class stays on one worker; after that, it is the least loaded worker. @throws CodedError `lecture.full`
   */
  placeViewer({ home, egressBps, hasPlace }: NewViewer): Placement {
    const withRoom = this.#slots.filter((slot) => this.#hasRoom(slot, egressBps));
    const best = leastUsed(withRoom) ?? leastUsed(this.#slots);
    if (!best?.live) return home;
    if (!hasPlace && (withRoom.length === 0 || this.#sendsTooMuch(egressBps))) throw new CodedError('lecture.full', 'This lecture is full here: the server cannot send live video to one more person. It tries again when somebody leaves.');
    const isHomePreferred = withRoom.includes(home.slot) && home.slot.use < this.#limits.LECTERN_RTC_HOME_SHARE;
    return best === home.slot || isHomePreferred ? home : { slot: best, ...best.live };
  }

  /** For administrators. */
  get reports(): WorkerReport[] {
    return this.#slots.map((slot) => slot.report);
  }

  /** Resolves when the workers' processes have ended. */
  async close(): Promise<void> {
    await Promise.all(this.#slots.map((slot) => slot.close()));
  }

  /** Whether the worker can take one more viewer without late packets. */
  #hasRoom(slot: WorkerSlot, egressBps: number): boolean {
    return slot.live !== undefined && slot.use + egressBps * coresPerBps <= this.#limits.LECTERN_RTC_FULL_SHARE;
  }

  /** Whether the machine, with one more viewer, would send more than its network carries. */
  #sendsTooMuch(egressBps: number): boolean {
    const { LECTERN_RTC_MAX_EGRESS_MBPS: maxMbps = Infinity } = this.#limits;
    return this.#slots.reduce((sum, slot) => sum + slot.egressBps, egressBps) > maxMbps * 1e6;
  }

  #withTimeout<T>(task: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const cancel = this.#clock.after(workerWaitMs, () => reject(unavailable()));
      task.then(resolve, (cause: unknown) => reject(unavailable(cause))).finally(cancel);
    });
  }
}

function leastUsed(slots: readonly WorkerSlot[]): WorkerSlot | undefined {
  const ranked = slots.filter((slot) => slot.live).map((slot) => ({ slot, steps: Math.round(slot.use / useStep) }));
  return ranked.sort((a, b) => a.steps - b.steps || a.slot.load - b.slot.load)[0]?.slot;
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
  return new WorkerPool(slots, options.config, options.clock);
}
