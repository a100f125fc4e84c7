import { DateTime } from 'luxon';
import { CodedError } from '#engine/contract';
import { maxSeriesDays, maxSeriesLectures } from '../contract/index.ts';

/** When a series has lectures. Dates are `YYYY-MM-DD`. */
export interface SeriesRule {
  /** ISO 8601: 1 is Monday. */
  weekdays: readonly number[];
  firstDate: string;
  untilDate: string | null;
  count: number | null;
}

const refuse = (field: string, message: string) => new CodedError('request.invalid', message, { details: { field } });

/** Every date of a rule in order, skipped ones included. @throws CodedError `request.invalid` for a rule without an end, without a date, or with too many */
export function seriesDates({ weekdays, firstDate, untilDate, count }: SeriesRule): string[] {
  if (untilDate === null && count === null) throw refuse('untilDate', 'Say when the series ends: on a date, or after a number of lectures.');
  const first = DateTime.fromISO(firstDate, { zone: 'utc' });
  const last = first.plus({ days: maxSeriesDays });
  const until = untilDate === null ? last : DateTime.fromISO(untilDate, { zone: 'utc' });
  if (until > last) throw refuse('untilDate', 'A series lasts two years at most. Choose an earlier end.');
  const days = Array.from({ length: Math.max(0, Math.floor(until.diff(first, 'days').days) + 1) }, (_, index) => first.plus({ days: index }));
  const dates = days.filter(({ weekday }) => weekdays.includes(weekday)).slice(0, count ?? undefined).map((day) => day.toFormat('yyyy-MM-dd'));
  if (dates.length === 0) throw refuse('untilDate', 'The series has no date: it ends before the first of its days. Choose a later end.');
  if (dates.length > maxSeriesLectures) throw refuse('untilDate', `A series has at most ${maxSeriesLectures} lectures. Choose an earlier end.`);
  if (count !== null && dates.length < count) throw refuse('count', 'A series lasts two years at most. Choose fewer lectures.');
  return dates;
}

export function dayBefore(date: string): string {
  return DateTime.fromISO(date, { zone: 'utc' }).minus({ days: 1 }).toFormat('yyyy-MM-dd');
}

/**
 * Which new date replaces which old one: the same date if there is one, otherwise the next free date of the same week, in order.
 * Old dates without a partner are missing in the result.
 */
export function pairDates(oldDates: readonly string[], newDates: readonly string[]): Map<string, string> {
  const kept = new Set(oldDates.filter((date) => newDates.includes(date)));
  const pairs = new Map([...kept].map((date) => [date, date]));
  const free = newDates.filter((date) => !kept.has(date));
  for (const old of oldDates.filter((date) => !kept.has(date))) {
    const index = free.findIndex((date) => weekOf(date) === weekOf(old));
    const [partner] = index === -1 ? [] : free.splice(index, 1);
    if (partner !== undefined) pairs.set(old, partner);
  }
  return pairs;
}

function weekOf(date: string): string {
  return DateTime.fromISO(date, { zone: 'utc' }).toFormat("kkkk-'W'WW");
}
