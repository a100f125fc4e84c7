import type { AccessPolicy, LecturePlans } from '#engine';
import { CodedError } from '#engine/contract';
import type { Handlers } from '../access/index.ts';
import type { calendarRoutes } from '../contract/index.ts';
import type { Courses } from '../courses/Courses.ts';
import { courseIdOf } from '../courses/CourseStore.ts';
import type { CourseStore } from '../courses/CourseStore.ts';
import type { LectureDirectory } from '../lectures/LectureDirectory.ts';
import type { LectureViews } from '../lectures/LectureViews.ts';
import { maxFeedEvents } from '../learningLimits.ts';
import { timeZoneOf } from '../schedule/index.ts';
import { lectureEvent } from './CalendarFeeds.ts';
import type { CalendarFeeds } from './CalendarFeeds.ts';
import type { CalendarFeedRow, CalendarFeedStore } from './CalendarFeedStore.ts';
import { icalendar } from './icalendar.ts';

export interface CalendarHandlersOptions {
  feeds: CalendarFeeds;
  store: CalendarFeedStore;
  plans: LecturePlans;
  directory: LectureDirectory;
  views: LectureViews;
  courses: Courses;
  courseStore: CourseStore;
  policy: AccessPolicy;
}

export function calendarHandlers(options: CalendarHandlersOptions): Handlers<keyof typeof calendarRoutes> {
  const { feeds, store, plans, directory, views, courses, courseStore, policy } = options;
  return {
    getCalendar: async ({ query, caller }) => {
      const mine = (await courses.ofUser(caller)).map(({ course }) => course);
      const rows = await plans.plannedIn(mine.map(courseIdOf), query, maxFeedEvents);
      return { lectures: await views.viewMany(await directory.entriesOf(rows), mine), timeZones: Object.fromEntries(mine.map((course) => [course._id, timeZoneOf(course)])) };
    },
    listCalendarFeeds: async ({ caller }) => ({ feeds: (await store.ofUser(caller.userId)).map(feedView) }),
    createCalendarFeed: async ({ body, caller, client }) => {
      if (body.courseId !== null) await policy.requireInCourse(caller.userId, body.courseId, 'lecture.list');
      const { feed, token } = await feeds.create(caller.userId, body.courseId);
      return { ...feedView(feed), url: `${client.origin}/api/v1/calendars/${token}.ics` };
    },
    deleteCalendarFeed: async ({ params, caller }) => {
      if (!(await store.remove(caller.userId, params.calendarId))) throw new CodedError('calendar.notFound', 'You have no such calendar link.');
      return null;
    },
    getLectureCalendar: async ({ params, client }) => {
      const row = await directory.row(params.lectureId);
      const { title: courseTitle } = await courseStore.get(row.courseId);
      const events = row.scheduledAt === null ? [] : [lectureEvent(row, { courseTitle, baseUrl: client.origin })];
      return { fileName: 'lecture.ics', calendar: icalendar({ name: row.title, events }) };
    },
  };
}

function feedView({ _id, courseId, createdAt }: CalendarFeedRow) {
  return { id: _id, courseId, createdAt };
}
