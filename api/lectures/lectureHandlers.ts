import { CodedError } from '#engine/contract';
import type { Clock } from '#engine/kernel';
import type { Handlers } from '../access/index.ts';
import type { AccountStore } from '../accounts/AccountStore.ts';
import type { lectureRoutes } from '../contract/index.ts';
import type { CourseStore } from '../courses/CourseStore.ts';
import { scheduleToleranceMs } from '../limits.ts';
import type { LectureDirectory } from './LectureDirectory.ts';
import type { LectureViews } from './LectureViews.ts';

export interface LectureHandlersOptions {
  directory: LectureDirectory;
  views: LectureViews;
  courses: CourseStore;
  accounts: AccountStore;
  clock: Clock;
}

export function lectureHandlers({ directory, views, courses, accounts, clock }: LectureHandlersOptions): Handlers<keyof typeof lectureRoutes> {
  return {
    scheduleLecture: async ({ params, body, caller }) => {
      requireFuture(body.scheduledAt, clock.nowMs());
      const course = await courses.get(params.courseId);
      return views.view(await directory.schedule({ courseId: params.courseId, ...body, createdBy: caller.userId }), course);
    },
    listLectures: async ({ params }) => ({ lectures: await views.ofCourse(await courses.get(params.courseId)) }),
    getLecture: async ({ params, course }) => ({ ...(await views.get(params.lectureId, courses)), role: course.role }),
    updateLecture: async ({ params, body }) => {
      // A form that changes something else sends the date again, which may have passed meanwhile.
      if ((await directory.get(params.lectureId)).scheduledAt !== body.scheduledAt) requireFuture(body.scheduledAt, clock.nowMs());
      await directory.update(params.lectureId, body);
      return views.get(params.lectureId, courses);
    },
    deleteLecture: async ({ params }) => {
      await directory.cancel(params.lectureId);
      return null;
    },
    listRemovedParticipants: async ({ params }) => {
      const people = await accounts.findMany(await directory.removedFrom(params.lectureId));
      return { people: [...people].map(([userId, { displayName, email }]) => ({ userId, displayName, email })) };
    },
    readmitParticipant: async ({ params, caller }) => {
      await directory.readmit(params.lectureId, { userId: params.userId, byUserId: caller.userId });
      return null;
    },
    getLectureChat: ({ params, query }) => directory.chatPage(params.lectureId, { afterSeq: query.after, limit: query.limit }),
  };
}

/** @throws CodedError `request.invalid` for a date that has passed */
function requireFuture(scheduledAt: string | null | undefined, nowMs: number): void {
  const isPast = typeof scheduledAt === 'string' && Date.parse(scheduledAt) < nowMs - scheduleToleranceMs;
  if (isPast) throw new CodedError('request.invalid', 'This time has passed. Choose a later one, or start the lecture now.', { details: { field: 'scheduledAt' } });
}
