import type { LectureState } from '#engine/contract';
import { background } from '../app/background.ts';

/** Between two looks. */
const pollIntervalMs = 4_000;

interface LectureStartPollerOptions {
  fetchState: () => Promise<LectureState>;
  /** It is on the air, or over. */
  onStarted: () => void;
  onFailed: (error: unknown) => void;
}

/**
 * Waits for a lecture to begin by looking at it, because every try to enter would be a refusal on the server. Owns its
 * timer; `stop` ends it.
 */
export class LectureStartPoller {
  private readonly options: LectureStartPollerOptions;
  private timer: ReturnType<typeof setTimeout> | undefined;
  /** Counts waits, so that the answer to an abandoned one changes nothing. */
  private generation = 0;

  constructor(options: LectureStartPollerOptions) {
    this.options = options;
  }

  /** Looks after this long, and again and again as long as the lecture has not begun. */
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
