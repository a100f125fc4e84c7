import * as z from 'zod';
import { Instant, RecordId } from '#engine/contract';
import { CourseParams } from './courses.ts';
import { DurationMinutes, LectureParams, LectureTitle } from './lectures.ts';
import { LectureView, PlainDate } from './lectureView.ts';
import { maxHolidayNameLength, maxHolidays, maxSeriesLectures } from './limits.ts';
import { nothing, route } from './route.ts';
import { typedNote } from './text.ts';

/** A time of day in a course's time zone, `HH:mm`. */
export const PlainTime = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'Enter a time such as 10:00.');

/** ISO 8601: 1 is Monday, 7 is Sunday. */
export const Weekday = z.number().int().min(1).max(7);

const Weekdays = z
  .array(Weekday)
  .min(1, 'Choose at least one day of the week.')
  .max(7)
  .overwrite((days) => [...new Set(days)].sort());
const SkippedDates = z.array(PlainDate).max(maxSeriesLectures);
const Count = z.number().int().min(1, 'At least one lecture.').max(maxSeriesLectures, `At most ${maxSeriesLectures} lectures.`);

const rule = {
  weekdays: Weekdays,
  startTime: PlainTime.describe('In the time zone of the course, on every date: it stays the same when daylight saving begins or ends.'),
  firstDate: PlainDate.describe('The first date that may have a lecture.'),
  untilDate: PlainDate.nullable().describe('The last date that may have a lecture; null when `count` ends the series.'),
  count: Count.nullable().describe('Dates of the series, counted from `firstDate`. Skipped dates and holidays count too. Null when `untilDate` ends the series.'),
  skippedDates: SkippedDates.describe('Dates without a lecture.'),
};

const lecture = { title: LectureTitle, durationMinutes: DurationMinutes, isRecorded: z.boolean() };

/** Lectures at the same time every week. */
export const Series = z.object({ id: RecordId, ...rule, ...lecture });
export type Series = z.infer<typeof Series>;

export const SeriesForm = z.object({
  ...rule,
  ...lecture,
  untilDate: rule.untilDate.default(null),
  count: rule.count.default(null),
  skippedDates: SkippedDates.default([]),
  isRecorded: z.boolean().default(true),
}).meta({
  anyOf: [
    { required: ['untilDate'], properties: { untilDate: { type: 'string' } } },
    { required: ['count'], properties: { count: { type: 'integer' } } },
  ],
});
export type SeriesForm = z.infer<typeof SeriesForm>;

/** Which lectures of a series a change is for. Lectures that were held, are live or should have begun never change. */
export const SeriesScope = z.enum(['following', 'all']).describe('`following`: this lecture and the later ones. They become a series of their own.');
export type SeriesScope = z.infer<typeof SeriesScope>;

const SeriesChange = z.object({
  title: lecture.title.optional(),
  durationMinutes: lecture.durationMinutes.optional(),
  isRecorded: lecture.isRecorded.optional(),
  weekdays: rule.weekdays.optional(),
  startTime: rule.startTime.optional(),
  untilDate: rule.untilDate.optional(),
  count: rule.count.optional(),
  skippedDates: SkippedDates.optional(),
});

/** A date of a series before it is made. */
export const PreviewedDate = z.object({
  date: PlainDate,
  startsAt: Instant,
  note: z
    .enum(['skipped', 'holiday', 'past', 'overlapping', 'movedByClockChange', 'firstOfTwo'])
    .nullable()
    .describe(
      'Why there is no lecture (`skipped`, `holiday`, `past`), why the series is refused (`overlapping`), or what daylight saving does to it: ' +
        '`movedByClockChange`, the time does not exist on this date and the lecture starts later by the skipped time; `firstOfTwo`, the time exists twice and the first one counts.',
    ),
  detail: z.string().nullable().describe('The name of the holiday, or the title of the other lecture.'),
});
export type PreviewedDate = z.infer<typeof PreviewedDate>;

export const Holiday = z.object({ date: PlainDate, name: typedNote(maxHolidayNameLength).default('') });
export type Holiday = z.infer<typeof Holiday>;

export const CourseSchedule = z.object({
  timeZone: z.string().describe('The IANA time zone of the course.'),
  holidays: z.array(Holiday).describe('Dates on which no series of the course has lectures, the earliest first.'),
  series: z.array(Series),
});
export type CourseSchedule = z.infer<typeof CourseSchedule>;

const Changed = z.object({ lectures: z.array(LectureView).describe('The lectures of the series, the soonest first.') });

export const scheduleRoutes = {
  getSchedule: route({
    method: 'GET',
    path: '/api/v1/courses/:courseId/schedule',
    params: CourseParams,
    response: CourseSchedule,
    auth: 'user',
    summary: 'Get the time zone, the holidays and the series of a course.',
  }),
  setHolidays: route({
    method: 'PUT',
    path: '/api/v1/courses/:courseId/holidays',
    params: CourseParams,
    body: z.object({ holidays: z.array(Holiday).max(maxHolidays, `At most ${maxHolidays} dates.`) }),
    response: CourseSchedule,
    auth: 'user',
    summary: 'Set the dates on which the series of a course have no lectures. Lectures that were moved or scheduled singly stay.',
  }),
  previewSeries: route({
    method: 'POST',
    path: '/api/v1/courses/:courseId/series/preview',
    params: CourseParams,
    body: SeriesForm.extend({ seriesId: RecordId.nullable().default(null).describe('The series that is edited: its own lectures are in nobody’s way.') }),
    response: z.object({ timeZone: z.string(), dates: z.array(PreviewedDate) }),
    auth: 'user',
    summary: 'List the dates that a series would have. Nothing is stored.',
  }),
  createSeries: route({
    method: 'POST',
    path: '/api/v1/courses/:courseId/series',
    params: CourseParams,
    body: SeriesForm,
    response: Changed.extend({ series: Series }),
    status: 201,
    auth: 'user',
    summary: 'Schedule a weekly series of lectures. All of its lectures are made at once.',
  }),
  updateSeries: route({
    method: 'PUT',
    path: '/api/v1/lectures/:lectureId/series',
    params: LectureParams,
    body: SeriesChange.extend({ scope: SeriesScope }),
    response: Changed.extend({ series: Series }),
    auth: 'user',
    summary: 'Change the series of a lecture, from this lecture on or all of it. What was changed in one lecture alone stays.',
  }),
  deleteSeries: route({
    method: 'DELETE',
    path: '/api/v1/lectures/:lectureId/series',
    params: LectureParams,
    query: z.object({ scope: SeriesScope }),
    response: nothing,
    status: 204,
    auth: 'user',
    summary: 'Cancel the lectures of a series that are still to come, from this one on or all of them.',
  }),
};
