import type { Clock } from '../kernel/Clock.ts';
import { presenterGracePeriods } from './limits.ts';

export interface GraceTimerOptions {
  clock: Clock;
  graceMs: number;
  /** A presenter is in the room. */
  hasPresenter: () => boolean;
  onExpired: () => void;
}

/** How long a lecture can stay live without media, ms. */
export function longestGraceMs(graceMs: number): number {
  return presenterGracePeriods * graceMs;
}

/** Ends a lecture that has had no media for a grace period, or for several while a presenter is in its room. Owns one timer. */
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
