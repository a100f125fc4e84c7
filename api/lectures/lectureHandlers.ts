import type { Handlers } from '../access/index.ts';
import type { lectureRoutes } from '../contract/index.ts';
import type { CourseStore } from '../courses/CourseStore.ts';
import type { LectureDirectory } from './LectureDirectory.ts';
import type { LectureViews } from './LectureViews.ts';

export interface LectureHandlersOptions {
  directory: LectureDirectory;
  views: LectureViews;
  courses: CourseStore;
}

export function lectureHandlers({ directory, views, courses }: LectureHandlersOptions): Handlers<keyof typeof lectureRoutes> {
  return {
    scheduleLecture: async ({ params, body, caller }) => {
      const course = await courses.get(params.courseId);
      return views.view(await directory.schedule({ courseId: params.courseId, ...body, createdBy: caller.userId }), course);
    },
    listLectures: async ({ params }) => ({ lectures: await views.ofCourse(await courses.get(params.courseId)) }),
    getLecture: async ({ params, course }) => ({ ...(await views.get(params.lectureId, courses)), role: course.role }),
    updateLecture: async ({ params, body }) => {
      await directory.update(params.lectureId, body);
      return views.get(params.lectureId, courses);
    },
    deleteLecture: async ({ params }) => {
      await directory.cancel(params.lectureId);
      return null;
    },
    getLectureChat: ({ params, query }) => directory.chatPage(params.lectureId, { afterSeq: query.after, limit: query.limit }),
  };
}
