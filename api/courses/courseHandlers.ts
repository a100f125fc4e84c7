import { may } from '#engine/contract';
import type { CourseRole, UserId } from '#engine/contract';
import type { Clock } from '#engine/kernel';
import type { Call, Handlers } from '../access/index.ts';
import type { courseRoutes } from '../contract/index.ts';
import type { LectureViews } from '../lectures/LectureViews.ts';
import { courseIdOf } from './CourseStore.ts';
import type { CourseRow } from './CourseStore.ts';
import type { Courses } from './Courses.ts';
import type { Member, Members } from './Members.ts';
import type { StreamKeyManager } from './StreamKeyManager.ts';

export interface CourseHandlersOptions {
  courses: Courses;
  members: Members;
  views: LectureViews;
  streamKeys: StreamKeyManager;
  clock: Clock;
}

type CourseHandlers = Handlers<keyof typeof courseRoutes>;
type KeyHandlers = Pick<CourseHandlers, 'getStreamKey' | 'issueStreamKey' | 'deleteStreamKey'>;
type EnrolmentHandlers = Pick<CourseHandlers, 'listEnrolments' | 'setEnrolmentRole' | 'removeEnrolment' | 'leaveCourse' | 'listRemovedMembers' | 'readmitMember'>;

export function courseHandlers(options: CourseHandlersOptions): CourseHandlers {
  const { courses, members } = options;
  const show = (call: Pick<Call<'getCourse'>, 'params' | 'caller'>) => detail(options, call);
  return {
    ...enrolmentHandlers(options),
    ...streamKeyHandlers(options),
    createCourse: async ({ body, caller }) => {
      const course = await courses.create(body, caller);
      return describe(options, { course, role: 'owner', userId: caller.userId });
    },
    listCourses: async ({ caller }) => {
      const mine = await courses.ofUser(caller);
      const nameOf = await courses.ownerNames(mine.map(({ course }) => course));
      const currentOf = await options.views.current(mine, { userId: caller.userId, nowMs: options.clock.nowMs() });
      return { courses: mine.map(({ course, role }) => summary({ course, role, ownerName: nameOf(course) }, currentOf)) };
    },
    listCatalogue: async ({ caller }) => listCatalogue(options, caller),
    getCourse: show,
    updateCourse: async ({ params, body, caller }) => {
      await courses.update(params.courseId, body);
      return show({ params, caller });
    },
    enrol: async ({ params, body, caller }) => {
      await members.enrol(params.courseId, caller.userId, body?.code);
      return show({ params, caller });
    },
    enrolByCode: async ({ body, caller }) => show({ params: { courseId: await members.enrolByCode(body.code, caller.userId) }, caller }),
    deleteCourse: async ({ params, caller }) => {
      await courses.delete(params.courseId, caller.userId);
      return null;
    },
  };
}

function enrolmentHandlers({ members }: CourseHandlersOptions): EnrolmentHandlers {
  return {
    listEnrolments: async ({ params }) => ({ enrolments: (await members.all(params.courseId)).map(enrolmentView) }),
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

async function listCatalogue({ courses, views }: CourseHandlersOptions, caller: Call<'listCatalogue'>['caller']) {
  const [listed, mine] = await Promise.all([courses.catalogue(caller), courses.ofUser(caller)]);
  const liveOf = await views.liveOf(caller.roles.includes('admin') ? listed : []);
  const nameOf = await courses.ownerNames(listed);
  const roles = new Map(mine.map(({ course, role }) => [course._id, role]));
  return { courses: listed.map((course) => ({ ...basics({ course, role: roles.get(course._id) ?? null, ownerName: nameOf(course) }), liveLecture: liveOf(course) })) };
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
  return describe(options, { ...(await options.courses.getFor(params.courseId, caller)), userId: caller.userId });
}

async function describe(options: CourseHandlersOptions, { course, role, userId }: Omit<CourseOf, 'ownerName'> & { userId: UserId }) {
  const { courses, members, views, clock } = options;
  const ownerName = (await courses.ownerNames([course]))(course);
  const canEdit = may(role ?? undefined, 'course.edit');
  const canCount = may(role ?? undefined, 'enrolment.list');
  return {
    ...summary({ course, role, ownerName }, await views.current(role === null ? [] : [{ course, role }], { userId, nowMs: clock.nowMs() })),
    enrolmentCode: canEdit && course.enrolmentPolicy === 'code' ? course.enrolmentCode : null,
    enrolmentCount: canCount ? await members.count(courseIdOf(course)) : null,
  };
}

function enrolmentView({ enrolment, account }: Member) {
  const { _id, displayName, email } = account;
  return { userId: _id, displayName, email, role: enrolment.role, enrolledAt: enrolment.enrolledAt };
}
