/** A source of time and timers, passed as a parameter so that tests can control it. */
export interface Clock {
  /** Milliseconds since the Unix epoch, with fractions. Never goes back, even when the machine's clock is set back. */
  nowMs(): number;
  /** Calls `callback` once after `delayMs`. The returned function cancels the timer. */
  after(delayMs: number, callback: () => void): () => void;
}

/**
 * The clock of the process: wall time read once at the start, then advanced by the monotonic clock. Setting the machine's
 * clock does not move it.
 */
export const systemClock: Clock = {
  nowMs: () => performance.timeOrigin + performance.now(),
  after(delayMs, callback) {
    const timer = setTimeout(callback, delayMs);
    return () => clearTimeout(timer);
  },
};

/**
 * A clock that starts at `earliestMs` (Unix epoch) or later. The machine's clock may have been set back since the last run of
 * the server; with this clock, the times that were stored in that run are in the past. Returns `clock` itself when it is not
 * behind.
 */
export function clockNotBefore(earliestMs: number, clock: Clock): Clock {
  const aheadMs = earliestMs - clock.nowMs();
  if (aheadMs <= 0) return clock;
  return { nowMs: () => clock.nowMs() + aheadMs, after: (delayMs, callback) => clock.after(delayMs, callback) };
}

/** ISO 8601 in UTC with milliseconds, for example `2030-01-01T09:00:00.000Z`. `ms` counts from the Unix epoch. */
export function toInstant(ms: number): string {
  return new Date(ms).toISOString();
}

/** Milliseconds since the Unix epoch of an ISO 8601 instant. NaN when `instant` is not one. */
export function fromInstant(instant: string): number {
  return Date.parse(instant);
}
