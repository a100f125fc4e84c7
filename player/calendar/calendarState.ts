import type { LectureView } from '#api/contract';
import { addDays, addMonths, localOf, momentOf, startOfWeek, weeksOfMonth } from './zonedTime.ts';

export type CalendarView = 'month' | 'week' | 'agenda';
export const calendarViews: readonly CalendarView[] = ['month', 'week', 'agenda'];

/** What the views show. */
export interface CalendarDays {
  days: ReadonlyMap<string, LectureView[]>;
  /** The zone of each course, by its id. */
  timeZones: Readonly<Record<string, string>>;
  zone: string;
  today: string;
}

/** Days in the agenda: two months. */
const agendaDays = 60;

/** The days that a view shows: from the first, before the second. */
export function daysShown(view: CalendarView, date: string, firstWeekday: number): { first: string; before: string } {
  if (view === 'agenda') return { first: date, before: addDays(date, agendaDays) };
  if (view === 'week') {
    const first = startOfWeek(date, firstWeekday);
    return { first, before: addDays(first, 7) };
  }
  const weeks = weeksOfMonth(date, firstWeekday);
  const first = weeks[0]?.[0] ?? date;
  return { first, before: addDays(first, weeks.length * 7) };
}

/** The date that a view begins from when one steps on or back. */
export function stepFrom(view: CalendarView, date: string, direction: 1 | -1): string {
  if (view === 'month') return addMonths(date, direction);
  return addDays(date, direction * (view === 'week' ? 7 : agendaDays));
}

/** The moments of those days, for the server. */
export function spanOf({ first, before }: { first: string; before: string }, timeZone: string): { from: string; before: string } {
  const instant = (date: string) => new Date(momentOf(date, '00:00', timeZone) ?? 0).toISOString();
  return { from: instant(first), before: instant(before) };
}

/** Lectures by their local date, each day in order. */
export function byDay(lectures: readonly LectureView[], timeZone: string): ReadonlyMap<string, LectureView[]> {
  const days = new Map<string, LectureView[]>();
  for (const lecture of lectures) {
    if (lecture.scheduledAt === null) continue;
    const { date } = localOf(Date.parse(lecture.scheduledAt), timeZone);
    days.set(date, [...(days.get(date) ?? []), lecture]);
  }
  return days;
}

/** What a key does to the chosen day of a month; undefined for other keys. */
export function dayAfterKey(date: string, key: string, isRightToLeft = false): string | undefined {
  const side = isRightToLeft ? -1 : 1;
  const days = { ArrowLeft: -side, ArrowRight: side, ArrowUp: -7, ArrowDown: 7 }[key];
  if (days !== undefined) return addDays(date, days);
  if (key === 'PageUp' || key === 'PageDown') {
    const month = addMonths(date, key === 'PageUp' ? -1 : 1);
    const lastDay = Number(addDays(addMonths(month, 1), -1).slice(8));
    return `${month.slice(0, 8)}${String(Math.min(Number(date.slice(8)), lastDay)).padStart(2, '0')}`;
  }
  return undefined;
}
