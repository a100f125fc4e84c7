import type { Clock } from '../kernel/index.ts';
import { busyHangSteps, hangCheckIntervalMs, hangSteps, hangStepMs } from './limits.ts';

export interface HangDetectorOptions {
  /** A cheap request. Any outcome, a rejection included, shows that the process works. */
  request: () => Promise<unknown>;
  /** The process uses the CPU or waits for it. */
  isBusy: () => boolean;
  clock: Clock;
  /** Called once. */
  onHung: () => void;
}

/** Detects a child process that hangs: sends a request twice a second and counts the time without a response. Owns its timer; `close` ends it. */
export class HangDetector {
  readonly #options: HangDetectorOptions;
  #cancelTimer: () => void = () => undefined;
  #isClosed = false;

  constructor(options: HangDetectorOptions) {
    this.#options = options;
    this.#requestLater();
  }

  close(): void {
    this.#isClosed = true;
    this.#cancelTimer();
  }

  #requestLater(): void {
    this.#cancelTimer = this.#options.clock.after(hangCheckIntervalMs, () => this.#request());
  }

  #request(): void {
    const onResponse = () => {
      this.#cancelTimer();
      if (!this.#isClosed) this.#requestLater();
    };
    // A process that has ended is noticed by its exit.
    this.#options.request().then(onResponse, onResponse);
    this.#countSilence(1);
  }

  #countSilence(step: number): void {
    this.#cancelTimer = this.#options.clock.after(hangStepMs, () => {
      const isHung = step >= busyHangSteps || (step >= hangSteps && !this.#options.isBusy());
      if (!isHung) return this.#countSilence(step + 1);
      this.close();
      this.#options.onHung();
    });
  }
}
