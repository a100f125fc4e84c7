import { fromInstant, toInstant } from '#engine/kernel';

const weekMs = 7 * 24 * 3600_000;

/** The same time of the same weekday some weeks later, as the clocks on the wall in this time zone show it. */
export function moveWeeks(instant: string, weeks: number, timeZone: string): string {
  const fromMs = fromInstant(instant);
  const movedMs = fromMs + weeks * weekMs;
  const shiftMs = offsetMs(fromMs, timeZone) - offsetMs(movedMs, timeZone);
  const targetMs = movedMs + shiftMs;
  // Next to a change of the clocks, the offset at the target is the one that counts. In the hour that is left out it stays later.
  return toInstant(offsetMs(targetMs, timeZone) === offsetMs(movedMs, timeZone) ? targetMs : movedMs + offsetMs(fromMs, timeZone) - offsetMs(targetMs, timeZone));
}

/** By how much the clocks of the time zone are ahead of UTC. */
function offsetMs(atMs: number, timeZone: string): number {
  const parts = new Intl.DateTimeFormat('en-US', { timeZone, hourCycle: 'h23', year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric' }).formatToParts(atMs);
  const number = (type: string) => Number(parts.find((part) => part.type === type)?.value);
  const shownMs = Date.UTC(number('year'), number('month') - 1, number('day'), number('hour'), number('minute'), number('second'));
  return shownMs - Math.floor(atMs / 1000) * 1000;
}
