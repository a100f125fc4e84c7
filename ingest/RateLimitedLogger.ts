import type { Clock, Logger } from '#engine/kernel';
import { maxLogLinesPerWindow, rateLimitedLogWindowMs } from './limits.ts';

/** For lines that strangers can cause: so many in ten seconds, then only how many there were. */
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
      this.#sayHowMany();
      this.#windowEndsAtMs = nowMs + rateLimitedLogWindowMs;
      this.#lines = 0;
    }
    this.#lines += 1;
    if (this.#lines <= maxLogLinesPerWindow) this.#logger.warn(fields, event);
    else this.#suppressed += 1;
  }

  close(): void {
    this.#sayHowMany();
  }

  #sayHowMany(): void {
    if (this.#suppressed > 0) this.#logger.warn({ count: this.#suppressed }, 'log.linesSuppressed');
    this.#suppressed = 0;
  }
}
