// Responsible for how long the disk lasts at the present rate: looks at its free space every few seconds. Owns its timer.
import { statfs } from 'node:fs/promises';
import { background } from '#engine/kernel';
import type { Clock, Logger } from '#engine/kernel';

export interface DiskMonitorOptions {
  folder: string;
  /** What is left free for the database and others; the disk counts as full there. */
  reserveBytes: number;
  clock: Clock;
  logger: Logger;
  /** Whole minutes; null while it lasts for longer than anyone need be told. */
  onMinutesLeft(minutes: number | null): void;
}

interface Measurement {
  atMs: number;
  freeBytes: number;
}

const everyMs = 5000;
/** Segments of several lectures and their way into the store even out over this. */
const windowMs = 60_000;
const shortestWindowMs = 10_000;
const warnBelowMinutes = 30;

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
    this.#cancel = clock.after(everyMs, () => this.start());
  }

  close(): void {
    this.#cancel();
  }

  async #measure(): Promise<void> {
    const { folder, reserveBytes, clock } = this.#options;
    const { bavail, bsize } = await statfs(folder);
    const nowMs = clock.nowMs();
    this.#measurements = [...this.#measurements.filter(({ atMs }) => nowMs - atMs <= windowMs), { atMs: nowMs, freeBytes: bavail * bsize }];
    this.#options.onMinutesLeft(minutesLeft(this.#measurements, reserveBytes));
  }
}

function minutesLeft(measurements: readonly Measurement[], reserveBytes: number): number | null {
  const [first, last] = [measurements[0], measurements.at(-1)];
  if (!first || !last || last.atMs - first.atMs < shortestWindowMs) return null;
  const bytesPerMinute = ((first.freeBytes - last.freeBytes) / (last.atMs - first.atMs)) * 60_000;
  if (bytesPerMinute <= 0) return null;
  const minutes = Math.max(0, last.freeBytes - reserveBytes) / bytesPerMinute;
  return minutes < warnBelowMinutes ? Math.floor(minutes) : null;
}
