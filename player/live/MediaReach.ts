import { signal } from '@preact/signals';

/** The first time at once: one connection may hang by chance. */
const triesAgainAfterMs = [0, 5_000, 15_000, 30_000] as const;

/**
 * Whether media gets through between this page and the server, in one direction. Where a firewall keeps it back the room
 * and its chat go on without it, and it is tried again, ever more seldom. Owns its timer; `rest` ends it.
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

  /** It gets through, or nothing is to get through over the link that there is now. */
  clear(): void {
    this.rest();
    this.failures = 0;
    this.isBlocked.value = false;
  }

  unreachable(): void {
    this.isBlocked.value = true;
    const delayMs = triesAgainAfterMs[Math.min(this.failures, triesAgainAfterMs.length - 1)] ?? 0;
    this.failures += 1;
    this.trySoon(delayMs);
  }

  /** On another network, or the same one again: what was blocked is tried now. */
  networkChanged(): void {
    if (!this.isBlocked.peek()) return;
    this.failures = 0;
    this.trySoon(0);
  }

  /** Somebody else tries: the room is left, or entered anew. */
  rest(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
  }

  private trySoon(delayMs: number): void {
    this.rest();
    this.timer = setTimeout(() => this.tryAgain(), delayMs);
  }
}
