import { formatMoment } from '../text/format.ts';
import { timeOfWallClock, wallClockMs } from '../text/timeZone.ts';

/** A time as the field of a form shows it, on the clock of the course: `2026-11-30T14:00`. */
export function toZoneInput(iso: string | null, zone: string): string {
  return iso === null ? '' : new Date(wallClockMs(Date.parse(iso), zone)).toISOString().slice(0, 16);
}

/** Null for an empty field. */
export function fromZoneInput(entered: string, zone: string): string | null {
  return entered === '' ? null : new Date(timeOfWallClock(Date.parse(`${entered}:00.000Z`), zone)).toISOString();
}

/** `Mon 30 Nov, 14:00`, on the clock of the course. */
export function formatInZone(iso: string, zone: string): string {
  return formatMoment(iso, { timeZone: zone, weekday: 'short', day: 'numeric', month: 'short', hour: 'numeric', minute: '2-digit' });
}
