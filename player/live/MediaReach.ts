import { signal } from '@preact/signals';

/** The first time at once: one connection may hang by chance. */
const triesAgainAfterMs = [0, 5_000, 15_000, 30_000] as const;

/**
 * Whether media gets through between this page and the server. Where a firewall keeps it back the room and its chat go on
 * without it, and it is tried again, ever more seldom. Owns its timer; `rest` ends it.
 */
export class MediaReach {
  /** No connection for media could be made, and none has been since. */
  readonly isBlocked = signal(false);
  private readonly tryAgain: () => void;
  private failures = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(tryAgain: () => void) {
    this.tryAgain = tryAgain;
  }

  connected(): void {
    this.rest();
    this.failures = 0;
    this.isBlocked.value = false;
  }

  /** A page that sends and receives says so twice, and tries again once. */
  unreachable(): void {
    this.isBlocked.value = true;
    if (this.timer !== undefined) return;
    const delayMs = triesAgainAfterMs[Math.min(this.failures, triesAgainAfterMs.length - 1)];
    this.failures += 1;
    this.timer = setTimeout(() => {
      this.timer = undefined;
      this.tryAgain();
    }, delayMs);
  }

  /** Somebody else tries: the room is left, or entered anew. */
  rest(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
  }
}
