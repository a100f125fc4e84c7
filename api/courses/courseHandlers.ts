import type { Call, Handlers } from '../access/index.ts';
import { avatarIdOf } from '../accounts/AccountStore.ts';
import type { courseRoutes } from '../contract/index.ts';
import type { SeriesPlanner } from '../schedule/index.ts';
import type { People, Person } from '../enrolment/People.ts';
import type { Courses } from './Courses.ts';
import type { CourseViews } from './CourseViews.ts';
import type { Members } from './Members.ts';
import type { StreamKeyManager } from './StreamKeyManager.ts';

export interface CourseHandlersOptions {
  courses: Courses;
  members: Members;
  people: People;
  views: CourseViews;
  streamKeys: StreamKeyManager;
  schedule: Pick<SeriesPlanner, 'changeTimeZone'>;
}

type CourseHandlers = Omit<Handlers<keyof typeof courseRoutes>, 'listCourses' | 'listCatalogue'>;
type KeyHandlers = Pick<CourseHandlers, 'getStreamKey' | 'issueStreamKey' | 'deleteStreamKey'>;
type EnrolmentHandlers = Pick<CourseHandlers, 'listEnrolments' | 'setEnrolmentRole' | 'removeEnrolment' | 'leaveCourse' | 'listRemovedMembers' | 'readmitMember'>;

export function courseHandlers(options: CourseHandlersOptions): CourseHandlers {
  const { courses, members, views, schedule } = options;
  const show = async ({ params, caller }: Pick<Call<'getCourse'>, 'params' | 'caller'>) =>
    views.detail({ ...(await courses.getFor(params.courseId, caller)), userId: caller.userId });
  return {
    ...enrolmentHandlers(options),
    ...streamKeyHandlers(options),
    createCourse: async ({ body, caller }) => {
      const course = await courses.create(body, caller);
      return views.detail({ course, role: 'owner', userId: caller.userId });
    },
    getCourse: show,
    updateCourse: async ({ params, body, caller }) => {
      const update = () => courses.update(params.courseId, body);
      if (body.timeZone === undefined) await update();
      else await schedule.changeTimeZone(params.courseId, body.timeZone, update);
      return show({ params, caller });
    },
    enrol: async ({ params, body, caller }) => {
      await members.enrol(params.courseId, caller.userId, body?.code);
      return show({ params, caller });
    },
    enrolByCode: async ({ body, caller }) => show({ params: { courseId: await members.enrolByCode(body.code, caller.userId) }, caller }),
  };
}

function enrolmentHandlers({ members, people }: CourseHandlersOptions): EnrolmentHandlers {
  return {
    listEnrolments: async ({ params, query }) => {
      const { people: found, total, nextCursor } = await people.page(params.courseId, query);
      return { enrolments: found.map(enrolmentView), total, nextCursor };
    },
    setEnrolmentRole: async ({ params, body }) => enrolmentView(await members.setRole(params.courseId, params.userId, body.role)),
    removeEnrolment: async ({ params, caller }) => {
      await members.remove(params.courseId, params.userId, caller.userId);
      return null;
    },
    leaveCourse: async ({ params, caller }) => {
      await members.leave(params.courseId, caller.userId);
      return null;
    },
    listRemovedMembers: async ({ params }) => ({
      people: (await members.removed(params.courseId)).map(({ account: { _id, displayName, email }, removedAt }) => ({ userId: _id, displayName, email, removedAt })),
    }),
    readmitMember: async ({ params, caller }) => {
      await members.readmit(params.courseId, params.userId, caller.userId);
      return null;
    },
  };
}

function streamKeyHandlers({ streamKeys }: CourseHandlersOptions): KeyHandlers {
  return {
    getStreamKey: async ({ params, client }) => ({
      serverUrl: streamKeys.serverUrl(client.hostname),
      key: (await streamKeys.find(params.courseId)) ?? null,
    }),
    issueStreamKey: async ({ params, client }) => ({
      serverUrl: streamKeys.serverUrl(client.hostname),
      ...(await streamKeys.issue(params.courseId)),
    }),
    deleteStreamKey: async ({ params }) => {
      await streamKeys.revoke(params.courseId);
      return null;
    },
  };
}

function enrolmentView({ enrolment, account }: Person) {
  const { _id, displayName, email } = account;
  const avatarId = avatarIdOf(account);
  return { userId: _id, displayName, avatarId, email, role: enrolment.role, groupId: enrolment.groupId ?? null, enrolledAt: enrolment.enrolledAt };
}
