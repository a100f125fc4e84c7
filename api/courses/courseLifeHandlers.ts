import type { Call, Handlers } from '../access/index.ts';
import type { courseLifeRoutes } from '../contract/index.ts';
import type { CourseLife } from './CourseLife.ts';
import type { Courses } from './Courses.ts';
import type { CourseStep } from './courseTransition.ts';
import type { CourseViews } from './CourseViews.ts';

export interface CourseLifeHandlersOptions {
  courses: Courses;
  life: CourseLife;
  views: CourseViews;
}

export function courseLifeHandlers({ courses, life, views }: CourseLifeHandlersOptions): Omit<Handlers<keyof typeof courseLifeRoutes>, 'listDeletedCourses'> {
  const take = (step: CourseStep) => async ({ params: { courseId }, caller }: Pick<Call<'publishCourse'>, 'params' | 'caller'>) => {
    await life.step(courseId, step, caller.userId);
    return views.detail({ ...(await courses.getFor(courseId, caller)), userId: caller.userId });
  };
  return {
    publishCourse: take('publish'),
    unpublishCourse: take('unpublish'),
    archiveCourse: take('archive'),
    unarchiveCourse: take('unarchive'),
    duplicateCourse: async ({ params, body, caller }) => {
      const course = await life.duplicate(params.courseId, body, caller);
      return views.detail({ course, role: 'owner', userId: caller.userId });
    },
    deleteCourse: async ({ params, caller }) => {
      await life.delete(params.courseId, caller.userId);
      return null;
    },
    restoreCourse: async ({ params, caller }) => {
      await life.restore(params.courseId, caller.userId);
      return null;
    },
  };
}
