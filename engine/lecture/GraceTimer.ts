import type { Clock } from '../kernel/Clock.ts';
import { presenterGracePeriods } from './limits.ts';

export interface GraceTimerOptions {
  clock: Clock;
  graceMs: number;
  /** A presenter is in the room. */
  hasPresenter: () => boolean;
  onExpired: () => void;
  /** The timer runs, or has stopped. */
  onChanged: () => void;
}

/** How long a lecture can stay live without media, ms. */
export function longestGraceMs(graceMs: number): number {
  return presenterGracePeriods * graceMs;
}

/** Ends a lecture that has had no media for a grace period, or for several while a presenter is in its room. Owns one timer. */
export class GraceTimer {
  readonly #options: GraceTimerOptions;
  #cancel: (() => void) | undefined;
  #sinceMs = 0;

  constructor(options: GraceTimerOptions) {
    this.#options = options;
  }

  /** Since when the timer runs, and when it expires if a presenter stays in the room, on the clock; null while it does not run. */
  get gap(): { sinceMs: number; endsAtMs: number } | null {
    return this.#cancel ? { sinceMs: this.#sinceMs, endsAtMs: this.#sinceMs + longestGraceMs(this.#options.graceMs) } : null;
  }

  start(): void {
    if (this.#cancel) return;
    this.#sinceMs = this.#options.clock.nowMs();
    this.#cancel = this.#arm(1);
    this.#options.onChanged();
  }

  stop(): void {
    if (!this.#cancel) return;
    this.close();
    this.#options.onChanged();
  }

  /** Stops without a notification. */
  close(): void {
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
