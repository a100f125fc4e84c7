import * as z from 'zod';
import { cleanText, CourseRole, ImageId, Instant, RecordId, UserId } from '#engine/contract';
import { CourseParams, EnrolmentPolicy } from './courses.ts';
import { maxCapacity, maxGroupNameLength, maxMemberPageSize, maxRequestNoteLength, memberPageSize } from './enrolmentLimits.ts';
import { maxEnrolmentCodeLength } from './limits.ts';
import { NextCursor, pageQuery } from './paging.ts';
import { nothing, route } from './route.ts';
import { typedLine } from './text.ts';

const page = pageQuery({ size: memberPageSize, maxSize: maxMemberPageSize, filters: {} });

/** How a course takes people in, and what is going on, for its owner and assistants. */
export const Admission = z.object({
  enrolmentPolicy: EnrolmentPolicy,
  capacity: z.number().int().nullable().describe('Students at most; null: no limit. Owner and assistants are not counted.'),
  studentCount: z.number().int(),
  waitingCount: z.number().int(),
  requestCount: z.number().int().describe('Requests to be decided.'),
  pendingCount: z.number().int().describe('People of lists who have no account with a verified address yet.'),
});
export type Admission = z.infer<typeof Admission>;

/** How you can join a course, and how far you are. */
export const Joining = z.object({
  enrolmentPolicy: EnrolmentPolicy,
  role: CourseRole.nullable().describe('Your role; null when you are not enrolled.'),
  isFull: z.boolean(),
  waitingCount: z.number().int(),
  waiting: z.object({ position: z.number().int().describe('Counts from 1.'), joinedAt: Instant }).nullable().describe('Your place on the waiting list.'),
  request: z
    .object({ state: z.enum(['open', 'declined']), note: z.string(), createdAt: Instant, mayAskAgainAt: Instant.nullable().describe('Of a declined request.') })
    .nullable()
    .describe('Your request to join.'),
});
export type Joining = z.infer<typeof Joining>;

export const Group = z.object({ id: RecordId, name: z.string() });
export type Group = z.infer<typeof Group>;
export const GroupName = typedLine({ max: maxGroupNameLength, empty: 'Give the group a name.' });

export const EnrolmentRequest = z.object({ id: RecordId, userId: UserId, displayName: z.string(), email: z.string(), avatarId: ImageId.nullable(), note: z.string(), createdAt: Instant });
export type EnrolmentRequest = z.infer<typeof EnrolmentRequest>;

export const WaitingPerson = z.object({ userId: UserId, displayName: z.string(), email: z.string(), avatarId: ImageId.nullable(), joinedAt: Instant });
export type WaitingPerson = z.infer<typeof WaitingPerson>;

/** Someone on a list of the instructor without an account with a verified address. */
export const PendingPerson = z.object({ id: RecordId, email: z.string(), name: z.string(), role: CourseRole, groupId: RecordId.nullable(), createdAt: Instant });
export type PendingPerson = z.infer<typeof PendingPerson>;

/** What members see of one another: no address, no id. */
export const Classmate = z.object({ displayName: z.string(), avatarId: ImageId.nullable(), role: CourseRole, isYou: z.boolean() });
export type Classmate = z.infer<typeof Classmate>;

const course = '/api/v1/courses/:courseId';
const Note = z.string().overwrite(cleanText).max(maxRequestNoteLength, `At most ${maxRequestNoteLength} characters.`).default('');
const GroupParams = CourseParams.extend({ groupId: RecordId });
const RequestParams = CourseParams.extend({ requestId: RecordId });

export const enrolmentRoutes = {
  getAdmission: route({ method: 'GET', path: `${course}/admission`, params: CourseParams, response: Admission, auth: 'user', summary: 'See how a course takes people in, and how many wait.' }),
  updateAdmission: route({
    method: 'PUT',
    path: `${course}/admission`,
    params: CourseParams,
    body: z.object({ capacity: z.number().int().min(0, 'At least 0.').max(maxCapacity, `At most ${maxCapacity}.`).nullable() }),
    response: Admission,
    auth: 'user',
    summary: 'Set how many students a course admits. More seats go to the waiting list; fewer remove nobody.',
  }),
  getJoining: route({ method: 'GET', path: `${course}/joining`, params: CourseParams, response: Joining, auth: 'user', summary: 'See how you can join a course: your request, your place on the waiting list.' }),
  joinWaitingList: route({
    method: 'POST',
    path: `${course}/waiting-list`,
    params: CourseParams,
    body: z.object({ code: z.string().trim().toLowerCase().max(maxEnrolmentCodeLength).optional() }).optional(),
    response: Joining,
    status: 201,
    auth: 'user',
    summary: 'Join the waiting list of a full course, with its code if it has one. Enrols you if a seat is free.',
  }),
  leaveWaitingList: route({ method: 'DELETE', path: `${course}/waiting-list/me`, params: CourseParams, response: nothing, status: 204, auth: 'user', summary: 'Leave the waiting list.' }),
  listWaiting: route({
    method: 'GET',
    path: `${course}/waiting-list`,
    params: CourseParams,
    query: page,
    response: z.object({ people: z.array(WaitingPerson), nextCursor: NextCursor }),
    auth: 'user',
    summary: 'List the people who wait for a seat, the first one first.',
  }),
  removeWaiting: route({
    method: 'DELETE',
    path: `${course}/waiting-list/:userId`,
    params: CourseParams.extend({ userId: UserId }),
    response: nothing,
    status: 204,
    auth: 'user',
    summary: 'Take a person off the waiting list.',
  }),
  sendRequest: route({ method: 'POST', path: `${course}/requests`, params: CourseParams, body: z.object({ note: Note }), response: Joining, status: 201, auth: 'user', summary: 'Ask to join a course, or change the note of your request.' }),
  withdrawRequest: route({ method: 'DELETE', path: `${course}/requests/mine`, params: CourseParams, response: nothing, status: 204, auth: 'user', summary: 'Withdraw your request to join.' }),
  listRequests: route({
    method: 'GET',
    path: `${course}/requests`,
    params: CourseParams,
    query: page,
    response: z.object({ requests: z.array(EnrolmentRequest), nextCursor: NextCursor }),
    auth: 'user',
    summary: 'List the requests to be decided, the oldest first.',
  }),
  approveRequest: route({
    method: 'POST',
    path: `${course}/requests/:requestId/approve`,
    params: RequestParams,
    response: z.object({ outcome: z.enum(['enrolled', 'alreadyIn', 'waiting']) }),
    auth: 'user',
    summary: 'Approve a request: the person is enrolled, or waits for a seat if the course is full.',
  }),
  declineRequest: route({ method: 'POST', path: `${course}/requests/:requestId/decline`, params: RequestParams, response: nothing, status: 204, auth: 'user', summary: 'Decline a request.' }),
  listGroups: route({ method: 'GET', path: `${course}/groups`, params: CourseParams, response: z.object({ groups: z.array(Group) }), auth: 'user', summary: 'List the groups of a course by name; at most 100.' }),
  createGroup: route({ method: 'POST', path: `${course}/groups`, params: CourseParams, body: z.object({ name: GroupName }), response: Group, status: 201, auth: 'user', summary: 'Create a group of a course.' }),
  renameGroup: route({ method: 'PUT', path: `${course}/groups/:groupId`, params: GroupParams, body: z.object({ name: GroupName }), response: Group, auth: 'user', summary: 'Rename a group.' }),
  deleteGroup: route({ method: 'DELETE', path: `${course}/groups/:groupId`, params: GroupParams, response: nothing, status: 204, auth: 'user', summary: 'Delete a group. Its people stay in the course.' }),
  setMemberGroup: route({
    method: 'PUT',
    path: `${course}/enrolments/:userId/group`,
    params: CourseParams.extend({ userId: UserId }),
    body: z.object({ groupId: RecordId.nullable() }),
    response: nothing,
    status: 204,
    auth: 'user',
    summary: 'Put a member into a group of the course, or into none. A person is in one group at most.',
  }),
  listPending: route({
    method: 'GET',
    path: `${course}/pending`,
    params: CourseParams,
    query: page,
    response: z.object({ people: z.array(PendingPerson), nextCursor: NextCursor }),
    auth: 'user',
    summary: 'List the people of lists who have no account with a verified address yet, by address.',
  }),
  deletePending: route({
    method: 'DELETE',
    path: `${course}/pending/:pendingId`,
    params: CourseParams.extend({ pendingId: RecordId }),
    response: nothing,
    status: 204,
    auth: 'user',
    summary: 'Withdraw the admission of a person of a list.',
  }),
  listClassmates: route({
    method: 'GET',
    path: `${course}/classmates`,
    params: CourseParams,
    query: page,
    response: z.object({ people: z.array(Classmate), nextCursor: NextCursor }),
    auth: 'user',
    summary: 'List the people of a course as its members see them: by name, without addresses and ids.',
  }),
};
