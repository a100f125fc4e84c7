import { timeOfWallClock, wallClockMs } from '../text/timeZone.ts';

/** Dates are `YYYY-MM-DD`, times `HH:mm`, both in a named IANA time zone. */

const dayMs = 24 * 3600_000;

/** The local date and time of a moment. */
export function localOf(atMs: number, timeZone: string): { date: string; time: string } {
  const local = new Date(wallClockMs(atMs, timeZone)).toISOString();
  return { date: local.slice(0, 10), time: local.slice(11, 16) };
}

/** The moment of a local date and time, or undefined for one that is incomplete. A time that exists twice is the first; one that does not exist is later by the gap. */
export function momentOf(date: string, time: string, timeZone: string): number | undefined {
  const localMs = /^\d{4}-\d\d-\d\d$/.test(date) ? Date.parse(`${date}T${time}:00.000Z`) : NaN;
  return Number.isNaN(localMs) ? undefined : timeOfWallClock(localMs, timeZone);
}

export function addDays(date: string, days: number): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) + days * dayMs).toISOString().slice(0, 10);
}

/** The first of the month that is so many months later. */
export function addMonths(date: string, months: number): string {
  const [year = 0, month = 1] = date.split('-').map(Number);
  return new Date(Date.UTC(year, month - 1 + months, 1)).toISOString().slice(0, 10);
}

/** 1 is Monday, 7 is Sunday. */
export function weekdayOf(date: string): number {
  return new Date(`${date}T00:00:00Z`).getUTCDay() || 7;
}

/** The first day of the week that has this date. `firstWeekday`: 1 is Monday, 7 is Sunday. */
export function startOfWeek(date: string, firstWeekday: number): string {
  return addDays(date, -((weekdayOf(date) - firstWeekday + 7) % 7));
}

/** The weeks of a month, whole: some days are of the months beside it. */
export function weeksOfMonth(date: string, firstWeekday: number): string[][] {
  const month = date.slice(0, 7);
  const weeks: string[][] = [];
  for (let first = startOfWeek(`${month}-01`, firstWeekday); weeks.length === 0 || first.slice(0, 7) <= month; first = addDays(first, 7)) {
    weeks.push(daysFrom(first, 7));
  }
  return weeks;
}

export function daysFrom(date: string, count: number): string[] {
  return Array.from({ length: count }, (_, index) => addDays(date, index));
}

/** The first day of the week in a region, 1 to 7; Monday where the browser does not know. */
export function firstWeekdayOf(locale: string): number {
  const region = new Intl.Locale(locale) as Intl.Locale & { getWeekInfo?: () => { firstDay: number }; weekInfo?: { firstDay: number } };
  return (region.getWeekInfo?.() ?? region.weekInfo)?.firstDay ?? 1;
}
