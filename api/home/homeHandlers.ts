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
      const enrolled = await courses.ofUser(caller.userId);
      const rows = enrolled.map(({ course }) => course);
      const [currentOf, continueWatching] = await Promise.all([
        views.current(rows, clock.nowMs()),
        watched.unfinished(caller.userId, homeListLength),
      ]);
      const ofCourses = rows.map(currentOf);
      const upcoming = ofCourses.flatMap((lectures) => lectures.upcoming).sort((a, b) => (a.scheduledAt ?? '').localeCompare(b.scheduledAt ?? ''));
      return { live: ofCourses.flatMap(({ live }) => live), next: upcoming.slice(0, homeListLength), continueWatching };
    },
  };
}
