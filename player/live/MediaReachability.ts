import { signal } from '@preact/signals';

/** The first retry is immediate: a single connection can hang by chance. */
const retryDelaysMs = [0, 5_000, 15_000, 30_000] as const;

/**
 * Whether media can flow between this page and the server, in one direction. If a firewall blocks it, the room and the
 * chat continue without it, and the connection is retried with growing delays. Owns its timer; `stopRetrying` clears it.
 */
export class MediaReachability {
  /** The last media connection failed, and none has been established since. */
  readonly isBlocked = signal(false);
  private readonly retry: () => void;
  private failures = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(retry: () => void) {
    this.retry = retry;
  }

  /** Media is connected, or the current link has nothing to carry. */
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

  /** The network changed or came back: a blocked direction is retried now. */
  networkChanged(): void {
    if (!this.isBlocked.peek()) return;
    this.failures = 0;
    this.retryAfter(0);
  }

  /** The room is left, or joined again, which connects anyway. */
  stopRetrying(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
  }

  private retryAfter(delayMs: number): void {
    this.stopRetrying();
    this.timer = setTimeout(() => this.retry(), delayMs);
  }
}
