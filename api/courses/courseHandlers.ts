import { may } from '#engine/contract';
import type { CourseRole } from '#engine/contract';
import type { Clock } from '#engine/kernel';
import type { Call, Handlers } from '../access/index.ts';
import type { AccountRow } from '../accounts/AccountStore.ts';
import type { courseRoutes } from '../contract/index.ts';
import type { LectureViews } from '../lectures/LectureViews.ts';
import type { CourseRow } from './CourseStore.ts';
import type { Courses } from './Courses.ts';
import type { EnrolmentRow } from './EnrolmentStore.ts';
import type { StreamKeyManager } from './StreamKeyManager.ts';

export interface CourseHandlersOptions {
  courses: Courses;
  views: LectureViews;
  streamKeys: StreamKeyManager;
  clock: Clock;
}

type CourseHandlers = Handlers<keyof typeof courseRoutes>;
type KeyHandlers = Pick<CourseHandlers, 'getStreamKey' | 'issueStreamKey' | 'deleteStreamKey'>;
type EnrolmentHandlers = Pick<CourseHandlers, 'listEnrolments' | 'addEnrolment' | 'removeEnrolment'>;

export function courseHandlers(options: CourseHandlersOptions): CourseHandlers {
  const { courses } = options;
  const show = (call: Pick<Call<'getCourse'>, 'params' | 'caller'>) => detail(options, call);
  return {
    ...enrolmentHandlers(options),
    ...streamKeyHandlers(options),
    createCourse: async ({ body, caller }) => {
      const course = await courses.create(body, caller.userId);
      return describe(options, { course, role: 'owner' });
    },
    listCourses: async ({ caller }) => {
      const mine = await courses.ofUser(caller.userId);
      const nameOf = await courses.ownerNames(mine.map(({ course }) => course));
      const currentOf = await options.views.current(mine.map(({ course }) => course), options.clock.nowMs());
      return { courses: mine.map(({ course, role }) => summary({ course, role, ownerName: nameOf(course) }, currentOf)) };
    },
    listCatalogue: async ({ caller }) => listCatalogue(courses, caller.userId),
    getCourse: show,
    updateCourse: async ({ params, body, caller }) => {
      await courses.update(params.courseId, body);
      return show({ params, caller });
    },
    enrol: async ({ params, body, caller }) => {
      await courses.enrol(params.courseId, caller.userId, body?.code);
      return show({ params, caller });
    },
    enrolByCode: async ({ body, caller }) => show({ params: { courseId: await courses.enrolByCode(body.code, caller.userId) }, caller }),
    leaveCourse: async ({ params, caller }) => {
      await courses.remove(params.courseId, caller.userId, caller);
      return null;
    },
  };
}

function enrolmentHandlers({ courses }: CourseHandlersOptions): EnrolmentHandlers {
  return {
    listEnrolments: async ({ params }) => ({ enrolments: (await courses.members(params.courseId)).map(enrolmentView) }),
    addEnrolment: async ({ params, body }) => enrolmentView(await courses.enrolByEmail(params.courseId, body.email, body.role)),
    removeEnrolment: async ({ params, caller }) => {
      await courses.remove(params.courseId, params.userId, caller);
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

async function listCatalogue(courses: Courses, userId: Call<'listCatalogue'>['caller']['userId']) {
  const [open, mine] = await Promise.all([courses.listOpen(), courses.ofUser(userId)]);
  const nameOf = await courses.ownerNames(open);
  const roles = new Map(mine.map(({ course, role }) => [course._id, role]));
  return { courses: open.map((course) => basics({ course, role: roles.get(course._id) ?? null, ownerName: nameOf(course) })) };
}

interface CourseOf {
  course: CourseRow;
  role: CourseRole | null;
  ownerName: string;
}

function basics({ course, role, ownerName }: CourseOf) {
  const { _id, title, description, enrolmentPolicy, createdAt } = course;
  return { id: _id, title, description, ownerName, enrolmentPolicy, role, createdAt };
}

function summary(shown: CourseOf, currentOf: Awaited<ReturnType<LectureViews['current']>>) {
  if (shown.role === null) return { ...basics(shown), liveLecture: null, nextLecture: null };
  const { live, upcoming } = currentOf(shown.course);
  return { ...basics(shown), liveLecture: live[0] ?? null, nextLecture: upcoming[0] ?? null };
}

async function detail(options: CourseHandlersOptions, { params, caller }: Pick<Call<'getCourse'>, 'params' | 'caller'>) {
  return describe(options, await options.courses.getFor(params.courseId, caller.userId));
}

async function describe(options: CourseHandlersOptions, { course, role }: Omit<CourseOf, 'ownerName'>) {
  const { courses, views, clock } = options;
  const ownerName = (await courses.ownerNames([course]))(course);
  const canEdit = may(role ?? undefined, 'course.edit');
  const canCount = may(role ?? undefined, 'enrolment.list');
  return {
    ...summary({ course, role, ownerName }, await views.current(role === null ? [] : [course], clock.nowMs())),
    enrolmentCode: canEdit && course.enrolmentPolicy === 'code' ? course.enrolmentCode : null,
    enrolmentCount: canCount ? await courses.enrolmentCount(course) : null,
  };
}

function enrolmentView({ enrolment, account }: { enrolment: EnrolmentRow; account: AccountRow }) {
  const { _id, displayName, email } = account;
  return { userId: _id, displayName, email, role: enrolment.role, enrolledAt: enrolment.enrolledAt };
}
