import type { Clock } from '#engine/kernel';
import type { Handlers } from '../access/index.ts';
import type { WatchedVideos } from '../content/WatchedVideos.ts';
import type { homeRoutes } from '../contract/index.ts';
import type { Courses } from '../courses/Courses.ts';
import type { LectureViews } from '../lectures/LectureViews.ts';
import { homeListLength } from '../limits.ts';

export interface HomeHandlersOptions {
  courses: Courses;
  views: LectureViews;
  watched: WatchedVideos;
  clock: Clock;
}

export function homeHandlers({ courses, views, watched, clock }: HomeHandlersOptions): Handlers<keyof typeof homeRoutes> {
  return {
    getHome: async ({ caller }) => {
      const enrolled = await courses.ofUser(caller);
      const [currentOf, continueWatching] = await Promise.all([
        views.current(enrolled, { userId: caller.userId, nowMs: clock.nowMs() }),
        watched.unfinished({ userId: caller.userId, loginId: caller.loginId }, homeListLength),
      ]);
      const ofCourses = enrolled.map(({ course }) => currentOf(course));
      const upcoming = ofCourses.flatMap((lectures) => lectures.upcoming).sort((a, b) => (a.scheduledAt ?? '').localeCompare(b.scheduledAt ?? ''));
      return { live: ofCourses.flatMap(({ live }) => live), next: upcoming.slice(0, homeListLength), continueWatching };
    },
  };
}
