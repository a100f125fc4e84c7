import { fromInstant } from '../kernel/Clock.ts';

/** An encoder may start a scheduled lecture this long before its planned start. */
const startsEarlyMs = 30 * 60_000;
/** A scheduled lecture is expected, and may be started by an encoder, until this long after its planned start. */
const startsLateMs = 3 * 60 * 60_000;

/** Whether a lecture may still be held as planned. Times are ms since the Unix epoch. */
export function isExpected(plannedMs: number, nowMs: number): boolean {
  return nowMs <= plannedMs + startsLateMs;
}

/** Whether an encoder that connects now starts the lecture. Times are ms since the Unix epoch. */
export function isDue(plannedMs: number, nowMs: number): boolean {
  return isExpected(plannedMs, nowMs) && nowMs >= plannedMs - startsEarlyMs;
}

/** When a lecture is planned to start, ms since the Unix epoch; one without a date is to be held at once. */
export function plannedMs({ scheduledAt, createdAt }: { scheduledAt: string | null; createdAt: string }): number {
  return fromInstant(scheduledAt ?? createdAt);
}
