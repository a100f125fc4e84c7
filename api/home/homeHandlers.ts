import type { Clock } from '#engine/kernel';
import type { Handlers } from '../access/index.ts';
import type { WatchedVideos } from '../content/WatchedVideos.ts';
import type { homeRoutes } from '../contract/index.ts';
import type { Courses } from '../courses/Courses.ts';
import type { LectureViews } from '../lectures/LectureViews.ts';

export interface HomeHandlersOptions {
  courses: Courses;
  views: LectureViews;
  watched: WatchedVideos;
  clock: Clock;
}

const listLength = 12;

export function homeHandlers({ courses, views, watched, clock }: HomeHandlersOptions): Handlers<keyof typeof homeRoutes> {
  return {
    getHome: async ({ caller }) => {
      const enrolled = await courses.ofUser(caller);
      const [ofCourses, continueWatching] = await Promise.all([
        Promise.all(enrolled.map(({ course, role }) => views.current(course, { userId: caller.userId, role, nowMs: clock.nowMs() }))),
        watched.unfinished({ userId: caller.userId, loginId: caller.loginId }, listLength),
      ]);
      const upcoming = ofCourses.flatMap((lectures) => lectures.upcoming).sort((a, b) => (a.scheduledAt ?? '').localeCompare(b.scheduledAt ?? ''));
      return { live: ofCourses.flatMap(({ live }) => live), next: upcoming.slice(0, listLength), continueWatching };
    },
  };
}
