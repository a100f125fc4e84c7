import { UserId } from '#engine/contract';
import type { CourseId } from '#engine/contract';
import { toInstant } from '#engine/kernel';
import type { Clock } from '#engine/kernel';
import type { Caller, Handlers } from '../access/index.ts';
import { avatarIdOf } from '../accounts/AccountStore.ts';
import type { AccountRow, AccountStore } from '../accounts/AccountStore.ts';
import type { enrolmentRoutes } from '../contract/index.ts';
import type { Courses } from '../courses/Courses.ts';
import type { CourseStore } from '../courses/CourseStore.ts';
import type { EnrolmentStore } from '../courses/EnrolmentStore.ts';
import type { Members } from '../courses/Members.ts';
import { decodeCursor, encodeCursor } from '../paging/index.ts';
import type { Admissions } from './Admissions.ts';
import type { GroupStore } from './GroupStore.ts';
import type { PendingAdmissions } from './PendingAdmissions.ts';
import type { PendingStore } from './PendingStore.ts';
import type { People } from './People.ts';
import type { Requests } from './Requests.ts';
import type { RequestStore } from './RequestStore.ts';
import type { WaitingStore } from './WaitingStore.ts';

export interface EnrolmentHandlersOptions {
  courses: Courses;
  courseStore: CourseStore;
  members: Members;
  accounts: AccountStore;
  enrolments: EnrolmentStore;
  admissions: Admissions;
  waiting: WaitingStore;
  requests: Requests;
  requestStore: RequestStore;
  groups: GroupStore;
  pending: PendingAdmissions;
  pendingStore: PendingStore;
  people: People;
  clock: Clock;
}

type EnrolmentHandlers = Handlers<keyof typeof enrolmentRoutes>;

export function enrolmentHandlers(options: EnrolmentHandlersOptions): EnrolmentHandlers {
  return { ...joiningHandlers(options), ...waitingHandlers(options), ...requestHandlers(options), ...groupHandlers(options), ...pendingHandlers(options) };
}

function joiningHandlers(options: EnrolmentHandlersOptions): Pick<EnrolmentHandlers, 'getAdmission' | 'updateAdmission' | 'getJoining' | 'listClassmates'> {
  const { admissions, people } = options;
  return {
    getAdmission: ({ params }) => admission(options, params.courseId),
    updateAdmission: async ({ params, body }) => {
      await admissions.setCapacity(params.courseId, body.capacity);
      return admission(options, params.courseId);
    },
    getJoining: ({ params, caller }) => joining(options, params.courseId, caller),
    listClassmates: async ({ params, query, caller }) => {
      const page = await people.classmates(params.courseId, query);
      const shown = page.people.map(({ account, enrolment }) => ({ displayName: account.displayName, avatarId: avatarIdOf(account), role: enrolment.role, isYou: account._id === caller.userId }));
      return { people: shown, nextCursor: page.nextCursor };
    },
  };
}

function waitingHandlers(options: EnrolmentHandlersOptions): Pick<EnrolmentHandlers, 'joinWaitingList' | 'leaveWaitingList' | 'listWaiting' | 'removeWaiting'> {
  const { admissions, members, waiting } = options;
  return {
    joinWaitingList: async ({ params, body, caller }) => {
      await members.wait(params.courseId, caller.userId, body?.code);
      return joining(options, params.courseId, caller);
    },
    leaveWaitingList: async ({ params, caller }) => {
      await admissions.stopWaiting(params.courseId, caller.userId);
      return null;
    },
    listWaiting: async ({ params: { courseId }, query: { cursor, limit } }) => {
      const list = `waiting ${courseId}`;
      const after = cursor === undefined ? undefined : String(decodeCursor(list, cursor).key);
      const rows = await waiting.page(courseId, { after, limit: limit + 1 });
      const page = rows.slice(0, limit);
      const last = page.at(-1);
      const accounts = await accountsOf(options, page);
      return {
        people: page.flatMap((row) => (accounts.has(row.userId) ? [{ ...personOf(accounts.get(row.userId)), joinedAt: row.joinedAt }] : [])),
        nextCursor: last && rows.length > limit ? encodeCursor(list, { key: last.order, id: last._id }) : null,
      };
    },
    removeWaiting: async ({ params }) => {
      await admissions.stopWaiting(params.courseId, params.userId);
      return null;
    },
  };
}

function requestHandlers(options: EnrolmentHandlersOptions): Pick<EnrolmentHandlers, 'sendRequest' | 'withdrawRequest' | 'listRequests' | 'approveRequest' | 'declineRequest'> {
  const { requests, requestStore } = options;
  return {
    sendRequest: async ({ params, body, caller }) => {
      await requests.send(params.courseId, caller.userId, body.note);
      return joining(options, params.courseId, caller);
    },
    withdrawRequest: async ({ params, caller }) => {
      await requests.withdraw(params.courseId, caller.userId);
      return null;
    },
    listRequests: async ({ params: { courseId }, query: { cursor, limit } }) => {
      const list = `requests ${courseId}`;
      const place = cursor === undefined ? undefined : decodeCursor(list, cursor);
      const rows = await requestStore.page(courseId, { after: place && { key: String(place.key), id: place.id }, limit: limit + 1 });
      const page = rows.slice(0, limit);
      const last = page.at(-1);
      const accounts = await accountsOf(options, page);
      return {
        requests: page.flatMap(({ _id, userId, note, createdAt }) => (accounts.has(userId) ? [{ id: _id, ...personOf(accounts.get(userId)), note, createdAt }] : [])),
        nextCursor: last && rows.length > limit ? encodeCursor(list, { key: last.createdAt, id: last._id }) : null,
      };
    },
    approveRequest: async ({ params, caller }) => ({ outcome: (await requests.approve(params.courseId, params.requestId, caller.userId)).outcome }),
    declineRequest: async ({ params, caller }) => {
      await requests.decline(params.courseId, params.requestId, caller.userId);
      return null;
    },
  };
}

function groupHandlers(options: EnrolmentHandlersOptions): Pick<EnrolmentHandlers, 'listGroups' | 'createGroup' | 'renameGroup' | 'deleteGroup' | 'setMemberGroup'> {
  const { groups, enrolments, waiting, pendingStore, clock } = options;
  const view = ({ _id, name }: { _id: string; name: string }) => ({ id: _id, name });
  return {
    listGroups: async ({ params }) => ({ groups: (await groups.ofCourse(params.courseId)).map(view) }),
    createGroup: async ({ params, body }) => view(await groups.add(params.courseId, body.name, toInstant(clock.nowMs()))),
    renameGroup: async ({ params, body }) => view(await groups.rename(params.courseId, params.groupId, body.name)),
    deleteGroup: async ({ params: { courseId, groupId } }) => {
      await groups.remove(courseId, groupId);
      await Promise.all([enrolments, waiting, pendingStore].map((store) => store.emptyGroup(courseId, groupId)));
      return null;
    },
    setMemberGroup: async ({ params: { courseId, userId }, body: { groupId } }) => {
      if (groupId !== null) await groups.require(courseId, groupId);
      await enrolments.setGroup(courseId, userId, groupId);
      return null;
    },
  };
}

function pendingHandlers({ pending, pendingStore }: EnrolmentHandlersOptions): Pick<EnrolmentHandlers, 'listPending' | 'deletePending'> {
  return {
    listPending: async ({ params: { courseId }, query: { cursor, limit } }) => {
      const list = `pending ${courseId}`;
      const after = cursor === undefined ? undefined : String(decodeCursor(list, cursor).key);
      const rows = await pendingStore.page(courseId, { after, limit: limit + 1 });
      const page = rows.slice(0, limit);
      const last = page.at(-1);
      return {
        people: page.map(({ _id, email, name, role, groupId, createdAt }) => ({ id: _id, email, name, role, groupId, createdAt })),
        nextCursor: last && rows.length > limit ? encodeCursor(list, { key: last.email, id: last._id }) : null,
      };
    },
    deletePending: async ({ params }) => {
      await pending.withdraw(params.courseId, params.pendingId);
      return null;
    },
  };
}

async function admission({ courseStore, admissions, enrolments, waiting, requestStore, pendingStore }: EnrolmentHandlersOptions, courseId: CourseId) {
  const [{ enrolmentPolicy }, capacity, studentCount, waitingCount, requestCount, pendingCount] = await Promise.all([
    courseStore.get(courseId),
    admissions.capacityOf(courseId),
    enrolments.countStudents(courseId),
    waiting.count(courseId),
    requestStore.countOpen(courseId),
    pendingStore.count(courseId),
  ]);
  return { enrolmentPolicy, capacity, studentCount, waitingCount, requestCount, pendingCount };
}

async function joining({ courses, admissions, waiting, requests, requestStore }: EnrolmentHandlersOptions, courseId: CourseId, caller: Caller) {
  const { course, role } = await courses.getFor(courseId, caller);
  const [isFull, waitingCount, place, position, request] = await Promise.all([
    admissions.isFull(courseId),
    waiting.count(courseId),
    waiting.find(courseId, caller.userId),
    waiting.position(courseId, caller.userId),
    requestStore.find(courseId, caller.userId),
  ]);
  const isAsking = role === null && request !== undefined && request.state !== 'approved';
  return {
    enrolmentPolicy: course.enrolmentPolicy,
    role,
    isFull,
    waitingCount,
    waiting: place && position !== undefined && role === null ? { position, joinedAt: place.joinedAt } : null,
    request: isAsking ? { state: request.state === 'declined' ? ('declined' as const) : ('open' as const), note: request.note, createdAt: request.createdAt, mayAskAgainAt: requests.mayAskAgainAt(request) } : null,
  };
}

async function accountsOf({ accounts }: EnrolmentHandlersOptions, rows: readonly { userId: string }[]): Promise<Map<string, AccountRow>> {
  return accounts.findMany(rows.map(({ userId }) => UserId.parse(userId)));
}

function personOf(account: AccountRow | undefined) {
  if (!account) throw new Error('an account that was just found is missing');
  return { userId: account._id, displayName: account.displayName, email: account.email, avatarId: avatarIdOf(account) };
}
