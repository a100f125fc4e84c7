import type { Clock } from '../kernel/index.ts';
import { busyHangSteps, hangCheckIntervalMs, hangSteps, hangStepMs } from './limits.ts';

export interface HangDetectorOptions {
  /** A cheap question that only a process at work answers. */
  ask: () => Promise<unknown>;
  /** It runs or waits for a core: silent because it is busy, or starved. */
  isAtWork: () => boolean;
  clock: Clock;
  /** No answer came; told once. */
  onHung: () => void;
}

/** Asks a child process twice a second whether it is still at work. Owns its timer; `close` ends it. */
export class HangDetector {
  readonly #options: HangDetectorOptions;
  #cancelTimer: () => void = () => undefined;
  #isClosed = false;

  constructor(options: HangDetectorOptions) {
    this.#options = options;
    this.#askLater();
  }

  close(): void {
    this.#isClosed = true;
    this.#cancelTimer();
  }

  #askLater(): void {
    this.#cancelTimer = this.#options.clock.after(hangCheckIntervalMs, () => this.#ask());
  }

  #ask(): void {
    const answered = () => {
      this.#cancelTimer();
      if (!this.#isClosed) this.#askLater();
    };
    // A refusal is an answer too; a process that has ended is noticed by its exit.
    this.#options.ask().then(answered, answered);
    this.#countSilence(1);
  }

  #countSilence(step: number): void {
    this.#cancelTimer = this.#options.clock.after(hangStepMs, () => {
      const isHung = step >= busyHangSteps || (step >= hangSteps && !this.#options.isAtWork());
      if (!isHung) return this.#countSilence(step + 1);
      this.close();
      this.#options.onHung();
    });
  }
}
