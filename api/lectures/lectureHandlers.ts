import type { ChatPage, LectureChange } from '#engine';
import { CodedError } from '#engine/contract';
import type { Clock } from '#engine/kernel';
import { toEditedMs } from '#recorder/contract';
import type { Span } from '#recorder/contract';
import type { Handlers } from '../access/index.ts';
import type { AccountStore } from '../accounts/AccountStore.ts';
import type { lectureRoutes } from '../contract/index.ts';
import type { CourseStore } from '../courses/CourseStore.ts';
import { scheduleToleranceMs } from '../limits.ts';
import type { CoursePlanner, SeriesPlanner } from '../schedule/index.ts';
import type { LectureDirectory, LectureEntry } from './LectureDirectory.ts';
import type { LectureViews } from './LectureViews.ts';

export interface LectureHandlersOptions {
  directory: LectureDirectory;
  views: LectureViews;
  courses: CourseStore;
  accounts: AccountStore;
  clock: Clock;
  planner: CoursePlanner;
  series: SeriesPlanner;
}

export function lectureHandlers({ directory, views, courses, accounts, clock, planner, series }: LectureHandlersOptions): Handlers<keyof typeof lectureRoutes> {
  return {
    scheduleLecture: async ({ params, body, caller }) => {
      requireFuture(body.scheduledAt, clock.nowMs());
      return planner.change(params.courseId, async ({ course, timeZone }) => {
        await planner.requireFree(params.courseId, body, timeZone);
        return views.view(await directory.schedule({ courseId: params.courseId, ...body, createdBy: caller.userId }), course);
      });
    },
    listLectures: async ({ params }) => ({ lectures: await views.ofCourse(await courses.get(params.courseId)) }),
    getLecture: async ({ params, course }) => ({ ...(await views.get(params.lectureId, courses)), role: course.role }),
    updateLecture: async ({ params, body }) => {
      const { courseId } = await directory.get(params.lectureId);
      await planner.change(courseId, async ({ timeZone }) => {
        const before = await directory.get(params.lectureId);
        const isMoved = body.scheduledAt !== undefined && body.scheduledAt !== before.scheduledAt;
        // A form that changes something else sends the date again, which may have passed meanwhile.
        if (isMoved) requireFuture(body.scheduledAt, clock.nowMs());
        const after = { _id: before.id, title: before.title, scheduledAt: body.scheduledAt ?? before.scheduledAt, durationMinutes: body.durationMinutes ?? before.durationMinutes };
        if (before.state === 'scheduled' && (isMoved || after.durationMinutes !== before.durationMinutes)) await planner.requireFree(courseId, after, timeZone);
        await directory.update(params.lectureId, { ...body, ...ownChange(before, body) });
      });
      return views.get(params.lectureId, courses);
    },
    deleteLecture: async ({ params }) => {
      const row = await directory.row(params.lectureId);
      await planner.change(row.courseId, () => series.skip(row));
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
    getLectureChat: async ({ params, query }) => withoutCuts(await directory.chatPage(params.lectureId, { afterSeq: query.after, limit: query.limit }), await views.keptOf(params.lectureId)),
  };
}

/** What was said in a part of the lecture that is cut is gone with it. */
function withoutCuts(page: ChatPage, kept: readonly Span[] | null): ChatPage {
  return kept ? { ...page, messages: page.messages.filter(({ atMs }) => toEditedMs(kept, atMs) !== null) } : page;
}

/** What is changed in a lecture of a series alone stays when the series changes. */
function ownChange(before: LectureEntry, change: LectureChange): Pick<LectureChange, 'series'> {
  if (!before.series) return {};
  const fields = (['title', 'scheduledAt', 'durationMinutes', 'isRecorded'] as const).filter((field) => change[field] !== undefined && change[field] !== before[field]);
  return { series: { ...before.series, ownFields: [...new Set([...before.series.ownFields, ...fields])] } };
}

/** @throws CodedError `request.invalid` for a date that has passed */
function requireFuture(scheduledAt: string | null | undefined, nowMs: number): void {
  const isPast = typeof scheduledAt === 'string' && Date.parse(scheduledAt) < nowMs - scheduleToleranceMs;
  if (isPast) throw new CodedError('lecture.timePassed', 'This time has passed. Choose a later one, or start the lecture now.', { details: { field: 'scheduledAt' } });
}
