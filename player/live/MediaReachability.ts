import { signal } from '@preact/signals';

/** The first time at once: one connection may hang by chance. */
const retryDelaysMs = [0, 5_000, 15_000, 30_000] as const;

/**
 * Whether media gets through between this page and the server, in one direction. Where a firewall keeps it back the room
 * and its chat go on without it, and it is tried again, ever more seldom. Owns its timer; `rest` ends it.
 */
export class MediaReachability {
  /** No connection for media could be made, and none has been since. */
  readonly isBlocked = signal(false);
  private readonly retry: () => void;
  private failures = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(retry: () => void) {
    this.retry = retry;
  }

  /** It gets through, or nothing is to get through over the link that there is now. */
  markReachable(): void {
    this.stopRetrying();
    this.failures = 0;
    this.isBlocked.value = false;
  }

  markUnreachable(): void {
    this.isBlocked.value = true;
    const delayMs = retryDelaysMs[Math.min(this.failures, retryDelaysMs.length - 1)] ?? 0;
    this.failures += 1;
    this.retryAfter(delayMs);
  }

  /** On another network, or the same one again: what was blocked is tried now. */
  networkChanged(): void {
    if (!this.isBlocked.peek()) return;
    this.failures = 0;
    this.retryAfter(0);
  }

  /** Somebody else tries: the room is left, or entered anew. */
  stopRetrying(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
  }

  private retryAfter(delayMs: number): void {
    this.stopRetrying();
    this.timer = setTimeout(() => this.retry(), delayMs);
  }
}
