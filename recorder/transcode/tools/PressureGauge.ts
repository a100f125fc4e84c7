import { busyChecks, busyShare, calmChecks, calmShare } from '../limits.ts';

/** Decides with hysteresis whether the machine is short of CPU, from the share of it that other work uses, 0 to 1. */
export class PressureGauge {
  #isHigh = false;
  #opposing = 0;

  get isHigh(): boolean {
    return this.#isHigh;
  }

  /** Adds a measurement. Returns whether the pressure is high now. */
  add(share: number): boolean {
    const opposes = this.#isHigh ? share < calmShare : share > busyShare;
    this.#opposing = opposes ? this.#opposing + 1 : 0;
    if (this.#opposing >= (this.#isHigh ? calmChecks : busyChecks)) {
      this.#isHigh = !this.#isHigh;
      this.#opposing = 0;
    }
    return this.#isHigh;
  }
}

/** Times of one processor in ms, as `os.cpus()` returns them. */
export interface CpuTimes {
  user: number;
  nice: number;
  sys: number;
  idle: number;
  irq: number;
}

/**
 * The share of all processors that was used between two readings by processes that are not niced. Transcoding runs niced, so it
 * does not count. Undefined if no time has passed.
 */
export function shareOfOthers(before: readonly CpuTimes[], after: readonly CpuTimes[]): number | undefined {
  const sum = (cpus: readonly CpuTimes[], value: (times: CpuTimes) => number) => cpus.reduce((total, times) => total + value(times), 0);
  const spent = (value: (times: CpuTimes) => number) => sum(after, value) - sum(before, value);
  const total = spent(({ user, nice, sys, idle, irq }) => user + nice + sys + idle + irq);
  return total > 0 ? spent(({ user, sys, irq }) => user + sys + irq) / total : undefined;
}
