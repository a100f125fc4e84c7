import type { Clock } from '../kernel/index.ts';

const askEveryMs = 500;
/** The silence is counted in steps, so that a moment in which this process itself stood still counts as one step at most. */
const stepMs = 100;
/** With the wait for the next question a hang is noticed within 2 s, where the process stands still. */
const stepsOfSilence = 15;
/** A machine with too much to do lets a process wait for seconds; killing it would take from a class what is only slow. */
const stepsOfPatience = 100;

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
    this.#cancelTimer = this.#options.clock.after(askEveryMs, () => this.#ask());
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
    this.#cancelTimer = this.#options.clock.after(stepMs, () => {
      const isHung = step >= stepsOfPatience || (step >= stepsOfSilence && !this.#options.isAtWork());
      if (!isHung) return this.#countSilence(step + 1);
      this.close();
      this.#options.onHung();
    });
  }
}
