import { clockNotBefore, systemClock } from '#engine/kernel';
import type { Clock, Database, Logger } from '#engine/kernel';
import { recordedUntil } from './journal/recordedUntil.ts';

/** The clock of a process that has live lectures. It does not run behind what they have recorded. */
export async function openLectureClock(database: Database, logger: Logger): Promise<Clock> {
  const clock = clockNotBefore(await recordedUntil(database), systemClock);
  if (clock !== systemClock) logger.warn({ aheadMs: Math.round(clock.nowMs() - systemClock.nowMs()) }, 'clock.machineSetBack');
  return clock;
}
