import type { Clock } from '../kernel/index.ts';
import { meterHalfLifeMs } from './limits.ts';

/** What a worker does at one moment. */
export interface WorkerReading {
  /** CPU time of its process so far, ms. */
  cpuMs: number;
  /** What it sends to viewers now, bits per second. */
  egressBps: number;
}

/** The share of a core that one worker uses, and the bitrate at which it uses it: averages of the last seconds. */
export class WorkerMeter {
  readonly #clock: Clock;
  #last: { cpuMs: number; atMs: number } | undefined;
  #cpuShare = 0;
  #egressBps = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** From 0 to 1. */
  get cpuShare(): number {
    return this.#cpuShare;
  }

  /** The mean over the same time as `cpuShare`, bits per second. */
  get egressBps(): number {
    return this.#egressBps;
  }

  note({ cpuMs, egressBps }: WorkerReading): void {
    const before = this.#last;
    const now = { cpuMs, atMs: this.#clock.nowMs() };
    this.#last = now;
    if (!before || now.atMs <= before.atMs) return;
    const passedMs = now.atMs - before.atMs;
    const weight = 1 - 0.5 ** (passedMs / meterHalfLifeMs);
    this.#cpuShare += weight * ((now.cpuMs - before.cpuMs) / passedMs - this.#cpuShare);
    this.#egressBps += weight * (egressBps - this.#egressBps);
  }
}
