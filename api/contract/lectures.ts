import * as z from 'zod';
import { ChatMessage, cleanLine, CourseId, CourseRole, IceServer, Instant, joinTicketSeconds, LectureId, MessageId, UserId } from '#engine/contract';
import { CourseParams, RemovedPerson } from './courses.ts';
import { LectureView } from './lectureView.ts';
import { chatPageSize, maxChatPageSize, maxLectureMinutes, maxTitleLength } from './limits.ts';
import { nothing, route } from './route.ts';

export const LectureTitle = z.string().overwrite(cleanLine).min(1, 'Give the lecture a title.').max(maxTitleLength, `At most ${maxTitleLength} characters.`);
export const DurationMinutes = z.number().int().min(1, 'At least a minute.').max(maxLectureMinutes, 'At most a day.');
export const LectureParams = z.object({ lectureId: LectureId });

/** What a client needs to enter a live room. */
export const JoinTicket = z.object({
  ticket: z.string().describe(`For \`room.join\`. Valid for ${joinTicketSeconds} s, and once.`),
  expiresAt: Instant,
  signaling: z.object({
    namespace: z.string().describe('Socket.IO namespace on this server.'),
    path: z.string().describe('Socket.IO option `path`.'),
  }),
  iceServers: z.array(IceServer),
  lecture: LectureView,
  role: CourseRole,
});
export type JoinTicket = z.infer<typeof JoinTicket>;

export const lectureRoutes = {
  scheduleLecture: route({
    method: 'POST',
    path: '/api/v1/courses/:courseId/lectures',
    params: CourseParams,
    body: z.object({
      title: LectureTitle,
      scheduledAt: Instant.nullable().default(null),
      durationMinutes: DurationMinutes.nullable().default(null),
      isRecorded: z.boolean().default(true),
    }),
    response: LectureView,
    status: 201,
    auth: 'user',
    summary: 'Schedule a lecture, for now or later.',
  }),
  listLectures: route({
    method: 'GET',
    path: '/api/v1/courses/:courseId/lectures',
    params: CourseParams,
    response: z.object({ lectures: z.array(LectureView) }),
    auth: 'user',
    summary: 'List the lectures of a course: live, scheduled, ended.',
  }),
  getLecture: route({
    method: 'GET',
    path: '/api/v1/lectures/:lectureId',
    params: LectureParams,
    response: LectureView.extend({ role: CourseRole }),
    auth: 'user',
    summary: 'Get a lecture and your role in it.',
  }),
  updateLecture: route({
    method: 'PUT',
    path: '/api/v1/lectures/:lectureId',
    params: LectureParams,
    body: z.object({
      title: LectureTitle.optional(),
      scheduledAt: Instant.nullable().optional(),
      durationMinutes: DurationMinutes.nullable().optional(),
      isRecorded: z.boolean().optional().describe('Cannot be changed after the start.'),
    }),
    response: LectureView,
    auth: 'user',
    summary: 'Change a lecture. After it has started, only its title.',
  }),
  deleteLecture: route({
    method: 'DELETE',
    path: '/api/v1/lectures/:lectureId',
    params: LectureParams,
    response: nothing,
    status: 204,
    auth: 'user',
    summary: 'Cancel a scheduled lecture.',
  }),
  listRemovedParticipants: route({
    method: 'GET',
    path: '/api/v1/lectures/:lectureId/removals',
    params: LectureParams,
    response: z.object({ people: z.array(RemovedPerson.omit({ removedAt: true })) }),
    auth: 'user',
    summary: 'List the people who were removed from a lecture.',
  }),
  readmitParticipant: route({
    method: 'DELETE',
    path: '/api/v1/lectures/:lectureId/removals/:userId',
    params: LectureParams.extend({ userId: UserId }),
    response: nothing,
    status: 204,
    auth: 'user',
    summary: 'Lift the removal of a person, who can enter the room and watch the recording again.',
  }),
  getLectureChat: route({
    method: 'GET',
    path: '/api/v1/lectures/:lectureId/chat',
    params: LectureParams,
    query: z.object({
      after: z.coerce.number<number>().int().min(0).default(0).describe('The `lastSeq` of the page that you have. Without it, the first page.'),
      limit: z.coerce.number<number>().int().min(1).max(maxChatPageSize).default(chatPageSize),
    }),
    response: z.object({
      messages: z.array(ChatMessage).describe('Oldest first, without deleted ones.'),
      deletedIds: z.array(MessageId).describe('Messages of earlier pages that were deleted since.'),
      lastSeq: z.number().int().min(0).describe('The number of the last event of this page. Send it as `after` to continue.'),
      hasMore: z.boolean(),
    }),
    auth: 'user',
    summary: 'Get a page of the chat of a lecture: messages and deletions, in the order of their events.',
  }),
};

export const liveRoutes = {
  startLecture: route({
    method: 'POST',
    path: '/api/v1/live/start',
    body: z.union(
      [z.object({ lectureId: LectureId }), z.object({ courseId: CourseId, title: LectureTitle, isRecorded: z.boolean().default(true) })],
      'Send `lectureId`, or `courseId` and `title`.',
    ),
    response: LectureView,
    status: 201,
    auth: 'user',
    summary: 'Start a scheduled lecture, or create and start one.',
  }),
  joinLecture: route({
    method: 'POST',
    path: '/api/v1/live/join',
    body: LectureParams,
    response: JoinTicket,
    auth: 'user',
    summary: 'Get a ticket for the live room.',
  }),
  endLecture: route({
    method: 'POST',
    path: '/api/v1/live/:lectureId/end',
    params: LectureParams,
    response: LectureView,
    auth: 'user',
    summary: 'End a live lecture.',
  }),
};
