import type { Call, Handlers } from '../access/index.ts';
import type { courseLifeRoutes, courseRoutes } from '../contract/index.ts';
import type { CourseLists } from './CourseLists.ts';
import type { Courses } from './Courses.ts';
import { placeByActivity } from './CourseViews.ts';
import type { CourseViews } from './CourseViews.ts';

export interface CourseListHandlersOptions {
  courses: Courses;
  lists: CourseLists;
  views: CourseViews;
}

export function courseListHandlers({ courses, lists, views }: CourseListHandlersOptions): Pick<Handlers<keyof typeof courseRoutes | keyof typeof courseLifeRoutes>, 'listCourses' | 'listCatalogue' | 'listDeletedCourses'> {
  return {
    listCourses: async ({ caller, query }) => {
      const mine = await lists.own(caller, query);
      const isByActivity = query.order === 'activity';
      const ofAll = await views.lecturesOf(isByActivity ? mine : [], caller.userId);
      const page = lists.ownPage(mine, { ...query, placeOf: placeByActivity(ofAll) });
      const lecturesOf = isByActivity ? ofAll : await views.lecturesOf(page.rows, caller.userId);
      return { courses: await views.summaries(page.rows, lecturesOf), nextCursor: page.nextCursor };
    },
    listCatalogue: async ({ caller, query }: Call<'listCatalogue'>) => {
      const [{ rows, nextCursor, isCut }, mine] = await Promise.all([lists.catalogue(caller, query), courses.ofUser(caller)]);
      const roles = new Map(mine.map(({ course, role }) => [course._id, role]));
      return { courses: await views.catalogue(rows, ({ _id }) => roles.get(_id) ?? null, caller.roles.includes('admin')), nextCursor, isCut };
    },
    listDeletedCourses: async ({ caller, query }) => {
      const { rows, nextCursor } = await lists.deleted(caller, query);
      return { courses: await views.deleted(rows), nextCursor };
    },
  };
}
