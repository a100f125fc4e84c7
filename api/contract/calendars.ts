import * as z from 'zod';
import { CourseId, Instant, RecordId } from '#engine/contract';
import { LectureParams } from './lectures.ts';
import { LectureView } from './lectureView.ts';
import { maxCalendarDays } from './limits.ts';
import { nothing, route } from './route.ts';

/** A calendar feed that calendar programs subscribe to. Its URL is secret, and shown only once. */
export const CalendarFeed = z.object({
  id: RecordId,
  courseId: CourseId.nullable().describe('Null for a feed with all of your courses.'),
  createdAt: Instant,
});
export type CalendarFeed = z.infer<typeof CalendarFeed>;

const Span = z
  .object({ from: Instant, before: Instant })
  .refine(({ from, before }) => from < before, { path: ['before'], message: 'The end has to be after the start.' })
  .refine(({ from, before }) => Date.parse(before) - Date.parse(from) <= maxCalendarDays * 24 * 3600_000, { path: ['before'], message: `At most ${maxCalendarDays} days.` });

export const calendarRoutes = {
  getCalendar: route({
    method: 'GET',
    path: '/api/v1/calendar',
    query: Span,
    response: z.object({
      lectures: z.array(LectureView).describe('Those planned to start in the span, the soonest first.'),
      timeZones: z.record(z.string(), z.string()).describe('The IANA time zone of each course, by its id.'),
    }),
    auth: 'user',
    summary: 'List the planned lectures of all your courses in a span of time.',
  }),
  listCalendarFeeds: route({
    method: 'GET',
    path: '/api/v1/calendars',
    response: z.object({ feeds: z.array(CalendarFeed) }),
    auth: 'user',
    summary: 'List your calendar feeds.',
  }),
  createCalendarFeed: route({
    method: 'POST',
    path: '/api/v1/calendars',
    body: z.object({ courseId: CourseId.nullable().default(null) }),
    response: CalendarFeed.extend({ url: z.string().describe('For calendar programs. Whoever has it can read the feed; only its hash is stored.') }),
    status: 201,
    auth: 'user',
    summary: 'Create a calendar feed of a course or of all your courses. An earlier one of the same kind stops working.',
  }),
  deleteCalendarFeed: route({
    method: 'DELETE',
    path: '/api/v1/calendars/:calendarId',
    params: z.object({ calendarId: RecordId }),
    response: nothing,
    status: 204,
    auth: 'user',
    summary: 'Revoke a calendar feed.',
  }),
  getLectureCalendar: route({
    method: 'GET',
    path: '/api/v1/lectures/:lectureId/calendar',
    params: LectureParams,
    response: z.object({ fileName: z.string(), calendar: z.string().describe('iCalendar (RFC 5545).') }),
    auth: 'user',
    summary: 'Get a lecture as a calendar file.',
  }),
};
