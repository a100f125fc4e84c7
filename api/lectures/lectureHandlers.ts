import { CodedError } from '#engine/contract';
import type { Clock } from '#engine/kernel';
import type { Handlers } from '../access/index.ts';
import type { lectureRoutes } from '../contract/index.ts';
import type { CourseStore } from '../courses/CourseStore.ts';
import { scheduleToleranceMs } from '../limits.ts';
import type { LectureDirectory } from './LectureDirectory.ts';
import type { LectureViews } from './LectureViews.ts';

export interface LectureHandlersOptions {
  directory: LectureDirectory;
  views: LectureViews;
  courses: CourseStore;
  clock: Clock;
}

export function lectureHandlers({ directory, views, courses, clock }: LectureHandlersOptions): Handlers<keyof typeof lectureRoutes> {
  return {
    scheduleLecture: async ({ params, body, caller }) => {
      requireFuture(body.scheduledAt, clock);
      const course = await courses.get(params.courseId);
      return views.view(await directory.schedule({ courseId: params.courseId, ...body, createdBy: caller.userId }), course);
    },
    listLectures: async ({ params }) => ({ lectures: await views.ofCourse(await courses.get(params.courseId)) }),
    getLecture: async ({ params, course }) => ({ ...(await views.get(params.lectureId, courses)), role: course.role }),
    updateLecture: async ({ params, body }) => {
      const { scheduledAt } = await directory.get(params.lectureId);
      if (body.scheduledAt !== scheduledAt) requireFuture(body.scheduledAt, clock);
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

/** A late lecture keeps its time; a new time is a plan. @throws CodedError `request.invalid` */
function requireFuture(scheduledAt: string | null | undefined, clock: Clock): void {
  if (!scheduledAt || Date.parse(scheduledAt) > clock.nowMs() - scheduleToleranceMs) return;
  throw new CodedError('request.invalid', 'This time has passed. Choose a later one.', { details: { field: 'scheduledAt' } });
}
