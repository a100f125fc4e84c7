import type { LectureView, Series, SeriesForm } from '#api/contract';
import { addDays, localOf, momentOf, weekdayOf } from '../calendar/zonedTime.ts';

/** What is entered in the dialog of a lecture. Dates and times are in the time zone of the course. */
export interface LectureForm {
  title: string;
  minutes: string;
  isRecorded: boolean;
  repeats: 'once' | 'weekly';
  /** `YYYY-MM-DDTHH:mm`, for a single lecture. */
  when: string;
  weekdays: readonly number[];
  startTime: string;
  firstDate: string;
  ends: 'on' | 'after';
  untilDate: string;
  count: string;
  skippedDates: readonly string[];
}

const usualWeeks = 12;

export interface FormSource {
  lecture: LectureView | undefined;
  /** The series of the lecture. */
  series: Series | undefined;
  timeZone: string;
  nowMs: number;
}

export function lectureForm({ lecture, series, timeZone, nowMs }: FormSource): LectureForm {
  const start = lecture?.scheduledAt ? Date.parse(lecture.scheduledAt) : nextHour(nowMs);
  const { date, time } = localOf(start, timeZone);
  const form: LectureForm = {
    title: lecture?.title ?? '',
    minutes: lecture ? String(lecture.durationMinutes ?? '') : '90',
    isRecorded: lecture?.isRecorded ?? true,
    repeats: 'once',
    when: `${date}T${time}`,
    weekdays: [weekdayOf(date)],
    startTime: time,
    firstDate: date,
    ends: 'after',
    untilDate: addDays(date, usualWeeks * 7),
    count: String(usualWeeks),
    skippedDates: [],
  };
  return series ? withSeries(form, series) : form;
}

/** The form for the rule of a series, or for its part from a date on. */
export function withSeries(form: LectureForm, series: Series, from = series.firstDate): LectureForm {
  const { title, durationMinutes, isRecorded, weekdays, startTime, untilDate } = series;
  const count = series.count === null ? null : Math.max(1, series.count - datesBefore(series, from));
  return {
    ...form,
    title,
    minutes: String(durationMinutes),
    isRecorded,
    repeats: 'weekly',
    weekdays,
    startTime,
    firstDate: from,
    ends: untilDate === null ? 'after' : 'on',
    untilDate: untilDate ?? form.untilDate,
    count: String(count ?? form.count),
    skippedDates: series.skippedDates.filter((date) => date >= from),
  };
}

function datesBefore({ weekdays, firstDate }: Series, date: string): number {
  let count = 0;
  for (let day = firstDate; day < date; day = addDays(day, 1)) if (weekdays.includes(weekdayOf(day))) count += 1;
  return count;
}

/** The planned start of a single lecture; null while the entry is incomplete. */
export function startOf({ when }: LectureForm, timeZone: string): string | null {
  const [date = '', time = ''] = when.split('T');
  const atMs = momentOf(date, time.slice(0, 5), timeZone);
  return atMs === undefined ? null : new Date(atMs).toISOString();
}

export function minutesOf({ minutes }: LectureForm): number | null {
  const number = Number.parseInt(minutes, 10);
  return Number.isNaN(number) ? null : number;
}

/** The series that is entered; undefined while the entry is incomplete. */
export function seriesFormOf(form: LectureForm): SeriesForm | undefined {
  const { title, isRecorded, weekdays, startTime, firstDate, ends, untilDate, skippedDates } = form;
  const [durationMinutes, count] = [minutesOf(form), Number.parseInt(form.count, 10)];
  const isComplete = durationMinutes !== null && weekdays.length > 0 && startTime !== '' && firstDate !== '' && (ends === 'on' ? untilDate !== '' : !Number.isNaN(count));
  if (!isComplete) return undefined;
  const end = ends === 'on' ? { untilDate, count: null } : { untilDate: null, count };
  return { title, isRecorded, weekdays: [...weekdays], startTime: startTime.slice(0, 5), firstDate, ...end, durationMinutes, skippedDates: [...skippedDates] };
}

function nextHour(nowMs: number): number {
  const hourMs = 3600_000;
  return (Math.floor(nowMs / hourMs) + 1) * hourMs;
}
