import type { LectureState } from '#engine/contract';
import { background } from '../app/background.ts';

/** Between two looks. */
const everyMs = 4_000;

interface LectureWaitOptions {
  fetchState: () => Promise<LectureState>;
  /** It is on the air, or over. */
  onBegun: () => void;
  onFailed: (error: unknown) => void;
}

/**
 * Waits for a lecture to begin by looking at it, because every try to enter would be a refusal on the server. Owns its
 * timer; `stop` ends it.
 */
export class LectureWait {
  private readonly options: LectureWaitOptions;
  private timer: ReturnType<typeof setTimeout> | undefined;
  /** Counts waits, so that the answer to an abandoned one changes nothing. */
  private turn = 0;

  constructor(options: LectureWaitOptions) {
    this.options = options;
  }

  /** Looks after this long, and again and again as long as the lecture has not begun. */
  lookSoon(delayMs = everyMs): void {
    this.stop();
    const { turn } = this;
    this.timer = setTimeout(() => background(this.look(turn)), delayMs);
  }

  stop(): void {
    this.turn += 1;
    clearTimeout(this.timer);
  }

  private async look(turn: number): Promise<void> {
    try {
      const state = await this.options.fetchState();
      if (turn !== this.turn) return;
      if (state === 'scheduled') this.lookSoon();
      else this.options.onBegun();
    } catch (error) {
      if (turn === this.turn) this.options.onFailed(error);
    }
  }
}
