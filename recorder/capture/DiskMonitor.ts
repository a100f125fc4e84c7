// Responsible for how long the disk lasts at the present fill rate: measures its free space periodically. Owns its timer.
import { statfs } from 'node:fs/promises';
import { background } from '#engine/kernel';
import type { Clock, Logger } from '#engine/kernel';
import { diskMeasureIntervalMs, diskRateWindowMs, maxReportedDiskMinutes, minDiskRateWindowMs } from '../limits.ts';

export interface DiskMonitorOptions {
  folder: string;
  /** Kept free for the database and others: the disk counts as full when only this is left. */
  reserveBytes: number;
  clock: Clock;
  logger: Logger;
  /** Whole minutes until the disk is full; null from `maxReportedDiskMinutes` on. */
  onMinutesLeft(minutes: number | null): void;
}

interface Measurement {
  atMs: number;
  freeBytes: number;
}

export class DiskMonitor {
  readonly #options: DiskMonitorOptions;
  #measurements: Measurement[] = [];
  #cancel: () => void = () => undefined;

  constructor(options: DiskMonitorOptions) {
    this.#options = options;
  }

  start(): void {
    const { clock, logger } = this.#options;
    background('recorder.measureDisk', this.#measure(), logger);
    this.#cancel = clock.after(diskMeasureIntervalMs, () => this.start());
  }

  close(): void {
    this.#cancel();
  }

  async #measure(): Promise<void> {
    const { folder, reserveBytes, clock } = this.#options;
    const { bavail, bsize } = await statfs(folder);
    const nowMs = clock.nowMs();
    this.#measurements = [...this.#measurements.filter(({ atMs }) => nowMs - atMs <= diskRateWindowMs), { atMs: nowMs, freeBytes: bavail * bsize }];
    this.#options.onMinutesLeft(minutesLeft(this.#measurements, reserveBytes));
  }
}

function minutesLeft(measurements: readonly Measurement[], reserveBytes: number): number | null {
  const [first, last] = [measurements[0], measurements.at(-1)];
  if (!first || !last || last.atMs - first.atMs < minDiskRateWindowMs) return null;
  const bytesPerMinute = ((first.freeBytes - last.freeBytes) / (last.atMs - first.atMs)) * 60_000;
  if (bytesPerMinute <= 0) return null;
  const minutes = Math.max(0, last.freeBytes - reserveBytes) / bytesPerMinute;
  return minutes < maxReportedDiskMinutes ? Math.floor(minutes) : null;
}
