import type { Clock } from '../kernel/index.ts';
import { meterHalfLifeMs } from './limits.ts';

/** CPU time of a process so far, ms (mediasoup: WorkerResourceUsage). */
export interface CpuUse {
  readonly ru_utime: number;
  readonly ru_stime: number;
}

/** The share of a core that one worker uses, averaged over the last seconds. */
export class WorkerMeter {
  readonly #clock: Clock;
  #last: { cpuMs: number; atMs: number } | undefined;
  #cpuShare = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** From 0 to 1. */
  get cpuShare(): number {
    return this.#cpuShare;
  }

  note({ ru_utime, ru_stime }: CpuUse): void {
    const now = { cpuMs: ru_utime + ru_stime, atMs: this.#clock.nowMs() };
    const before = this.#last;
    this.#last = now;
    if (!before || now.atMs <= before.atMs) return;
    const passedMs = now.atMs - before.atMs;
    const share = (now.cpuMs - before.cpuMs) / passedMs;
    const weight = 1 - 0.5 ** (passedMs / meterHalfLifeMs);
    this.#cpuShare += weight * (share - this.#cpuShare);
  }
}
