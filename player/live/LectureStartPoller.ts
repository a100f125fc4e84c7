import type { LectureState } from '#engine/contract';
import { background } from '../app/background.ts';

/** Time between two polls. */
const pollIntervalMs = 4_000;

interface LectureStartPollerOptions {
  fetchState: () => Promise<LectureState>;
  /** The lecture is live, or has ended. */
  onStarted: () => void;
  onFailed: (error: unknown) => void;
}

/**
 * Polls the state of a lecture until it has started. Polling is cheaper than trying to join, which the server would
 * refuse each time. Owns its timer; `stop` clears it.
 */
export class LectureStartPoller {
  private readonly options: LectureStartPollerOptions;
  private timer: ReturnType<typeof setTimeout> | undefined;
  /** Counts the calls of `pollAfter` and `stop`, so that a late response to an earlier poll is ignored. */
  private generation = 0;

  constructor(options: LectureStartPollerOptions) {
    this.options = options;
  }

  /** Polls after this delay, then at the usual interval until the lecture has started. */
  pollAfter(delayMs = pollIntervalMs): void {
    this.stop();
    const { generation } = this;
    this.timer = setTimeout(() => background(this.poll(generation)), delayMs);
  }

  stop(): void {
    this.generation += 1;
    clearTimeout(this.timer);
  }

  private async poll(generation: number): Promise<void> {
    try {
      const state = await this.options.fetchState();
      if (generation !== this.generation) return;
      if (state === 'scheduled') this.pollAfter();
      else this.options.onStarted();
    } catch (error) {
      if (generation === this.generation) this.options.onFailed(error);
    }
  }
}
