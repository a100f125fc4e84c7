/** The time, as a parameter. Wall time that never steps: anchored once, then carried by the monotonic clock. */
export interface Clock {
  /** Milliseconds since the Unix epoch, with a fraction. Never runs backwards, also when the machine's clock is set. */
  nowMs(): number;
  /** Calls back once after `delayMs`; the returned function cancels. */
  after(delayMs: number, callback: () => void): () => void;
}

export const systemClock: Clock = {
  nowMs: () => performance.timeOrigin + performance.now(),
  after(delayMs, callback) {
    const timer = setTimeout(callback, delayMs);
    return () => clearTimeout(timer);
  },
};

/** `clock`, or a time that is as much ahead of it as it is behind `earliestMs` now: where the machine's clock was set back between two runs. */
export function clockNotBefore(earliestMs: number, clock: Clock): Clock {
  const aheadMs = earliestMs - clock.nowMs();
  if (aheadMs <= 0) return clock;
  return { nowMs: () => clock.nowMs() + aheadMs, after: (delayMs, callback) => clock.after(delayMs, callback) };
}

export function toInstant(ms: number): string {
  return new Date(ms).toISOString();
}

export function fromInstant(instant: string): number {
  return Date.parse(instant);
}
