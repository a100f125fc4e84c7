import type { Clock, Logger } from '#engine/kernel';
import { maxLogLinesPerWindow, rateLimitedLogWindowMs } from './limits.ts';

/** A logger for lines that unauthenticated clients can cause. Writes a limited number per window, and then only how many it suppressed. */
export class RateLimitedLogger {
  readonly #clock: Clock;
  readonly #logger: Logger;
  #windowEndsAtMs = -Infinity;
  #lines = 0;
  #suppressed = 0;

  constructor(clock: Clock, logger: Logger) {
    this.#clock = clock;
    this.#logger = logger;
  }

  warn(fields: Record<string, unknown>, event: string): void {
    const nowMs = this.#clock.nowMs();
    if (nowMs > this.#windowEndsAtMs) {
      this.#logSuppressed();
      this.#windowEndsAtMs = nowMs + rateLimitedLogWindowMs;
      this.#lines = 0;
    }
    this.#lines += 1;
    if (this.#lines <= maxLogLinesPerWindow) this.#logger.warn(fields, event);
    else this.#suppressed += 1;
  }

  close(): void {
    this.#logSuppressed();
  }

  #logSuppressed(): void {
    if (this.#suppressed > 0) this.#logger.warn({ count: this.#suppressed }, 'log.linesSuppressed');
    this.#suppressed = 0;
  }
}
