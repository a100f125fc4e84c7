import type { Clock } from '../kernel/Clock.ts';
import { presenterGracePeriods } from './limits.ts';

export interface GraceTimerOptions {
  clock: Clock;
  graceMs: number;
  /** A presenter sits in the room, so somebody is minding the lecture. */
  hasPresenter: () => boolean;
  onExpired: () => void;
}

/** How long a lecture can be on the air without media: ms. */
export function longestGraceMs(graceMs: number): number {
  return presenterGracePeriods * graceMs;
}

/** Ends a lecture that nobody broadcasts any more. Owns one timer. */
export class GraceTimer {
  readonly #options: GraceTimerOptions;
  #cancel: (() => void) | undefined;

  constructor(options: GraceTimerOptions) {
    this.#options = options;
  }

  start(): void {
    this.#cancel ??= this.#arm(1);
  }

  stop(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }

  #arm(period: number): () => void {
    const { clock, graceMs, hasPresenter, onExpired } = this.#options;
    return clock.after(graceMs, () => {
      if (hasPresenter() && period < presenterGracePeriods) this.#cancel = this.#arm(period + 1);
      else onExpired();
    });
  }
}
