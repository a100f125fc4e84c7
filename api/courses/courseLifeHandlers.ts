import type { Call, Handlers } from '../access/index.ts';
import type { courseLifeRoutes } from '../contract/index.ts';
import type { CourseCovers } from './CourseCovers.ts';
import type { CourseLife } from './CourseLife.ts';
import type { Courses } from './Courses.ts';
import type { CourseStep } from './courseTransition.ts';
import type { CourseViews } from './CourseViews.ts';

export interface CourseLifeHandlersOptions {
  courses: Courses;
  life: CourseLife;
  covers: CourseCovers;
  views: CourseViews;
}

export function courseLifeHandlers({ courses, life, covers, views }: CourseLifeHandlersOptions): Omit<Handlers<keyof typeof courseLifeRoutes>, 'listDeletedCourses'> {
  const show = async ({ params, caller }: Pick<Call<'publishCourse'>, 'params' | 'caller'>) =>
    views.detail({ ...(await courses.getFor(params.courseId, caller)), userId: caller.userId });
  const take = (step: CourseStep) => async ({ params, caller }: Pick<Call<'publishCourse'>, 'params' | 'caller'>) => {
    await life.step(params.courseId, step, caller.userId);
    return show({ params, caller });
  };
  return {
    publishCourse: take('publish'),
    unpublishCourse: take('unpublish'),
    archiveCourse: take('archive'),
    unarchiveCourse: take('unarchive'),
    setCourseCover: async ({ params, body, caller }) => {
      await covers.set(params.courseId, body);
      return show({ params, caller });
    },
    deleteCourseCover: async ({ params, caller }) => {
      await covers.remove(params.courseId);
      return show({ params, caller });
    },
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
