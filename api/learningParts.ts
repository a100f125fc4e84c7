import type { AccessPolicy, LecturePlans } from '#engine';
import type { Clock, Database, RateLimiters } from '#engine/kernel';
import type { AccountStore } from './accounts/AccountStore.ts';
import { announcementHandlers } from './announcements/announcementHandlers.ts';
import { AnnouncementStore } from './announcements/AnnouncementStore.ts';
import { calendarHandlers, CalendarFeeds, CalendarFeedStore, CancelledLectures } from './calendar/index.ts';
import type { VideoCatalog } from './content/VideoCatalog.ts';
import type { Courses } from './courses/Courses.ts';
import type { CourseStore } from './courses/CourseStore.ts';
import type { EnrolmentStore } from './courses/EnrolmentStore.ts';
import type { LectureDirectory } from './lectures/LectureDirectory.ts';
import type { LectureViews } from './lectures/LectureViews.ts';
import { AttendanceStore, CourseProgress, progressHandlers, WatchedStore } from './progress/index.ts';
import { quizParts } from './quizzes/openQuizzes.ts';
import { CoursePlanner, scheduleHandlers, SeriesPlanner, SeriesStore } from './schedule/index.ts';

export interface LearningPartsOptions {
  database: Database;
  plans: LecturePlans;
  directory: LectureDirectory;
  courseStore: CourseStore;
  enrolments: EnrolmentStore;
  accounts: AccountStore;
  videoCatalog: VideoCatalog;
  limiters: RateLimiters;
  clock: Clock;
}

/** What changes the plan of courses. The rest needs the views of courses, which need this. */
export function planningParts({ database, plans, directory, courseStore, clock }: LearningPartsOptions) {
  const cancelled = new CancelledLectures(database, clock);
  const planner = new CoursePlanner({ plans, directory, courses: courseStore, clock, onCancelled: (lecture) => cancelled.add(lecture) });
  const store = new SeriesStore(database);
  return { planner, cancelled, store, series: new SeriesPlanner({ store, planner, plans }) };
}

/** Series, calendars, announcements and progress: their handlers, and what others use of them. */
export function learningParts(
  options: LearningPartsOptions,
  { planning, courses, views, policy }: { planning: ReturnType<typeof planningParts>; courses: Courses; views: LectureViews; policy: AccessPolicy },
) {
  const { database, plans, directory, courseStore, enrolments, accounts, videoCatalog, limiters, clock } = options;
  const feedStore = new CalendarFeedStore(database);
  const calendars = new CalendarFeeds({ store: feedStore, cancelled: planning.cancelled, plans, courses, accounts, limiters, clock });
  const watched = new WatchedStore(database);
  const handlers = {
    ...scheduleHandlers({ series: planning.series, store: planning.store, plans, directory, courses: courseStore, views }),
    ...calendarHandlers({ feeds: calendars, store: feedStore, plans, directory, views, courses, courseStore, policy }),
    ...announcementHandlers({ store: new AnnouncementStore(database), accounts, clock }),
    ...quizParts(options),
    ...progressHandlers({ progress: new CourseProgress({ attendance: new AttendanceStore(database), watched, enrolments, accounts, videoCatalog, directory }) }),
  };
  return { calendars, watched, handlers };
}
