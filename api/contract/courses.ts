import * as z from 'zod';
import { CourseId, CourseRole, Instant, UserId } from '#engine/contract';
import { Email } from './accounts.ts';
import { LectureView } from './lectureView.ts';
import { maxDescriptionLength, maxEnrolmentCodeLength, maxTitleLength } from './limits.ts';
import { nothing, route } from './route.ts';

/** `open`: anyone with an account; `code`: whoever knows the code; `closed`: only people the owner adds. */
export const EnrolmentPolicy = z.enum(['open', 'code', 'closed']);
export type EnrolmentPolicy = z.infer<typeof EnrolmentPolicy>;

export const Course = z.object({
  id: CourseId,
  title: z.string(),
  description: z.string(),
  ownerName: z.string(),
  enrolmentPolicy: EnrolmentPolicy,
  /** What you are in it; null when you are not enrolled. */
  role: CourseRole.nullable(),
  createdAt: Instant,
});
export type Course = z.infer<typeof Course>;

/** A course in a list. The two lectures are null for someone who is not enrolled. */
export const CourseSummary = Course.extend({
  liveLecture: LectureView.nullable(),
  nextLecture: LectureView.nullable(),
});
export type CourseSummary = z.infer<typeof CourseSummary>;

export const CourseDetail = CourseSummary.extend({
  /** For the owner of a course with a code; null otherwise. */
  enrolmentCode: z.string().nullable(),
  /** For owner and assistants; null otherwise. */
  enrolmentCount: z.number().int().nullable(),
});
export type CourseDetail = z.infer<typeof CourseDetail>;

export const Enrolment = z.object({
  userId: UserId,
  displayName: z.string(),
  email: z.string(),
  role: CourseRole,
  enrolledAt: Instant,
});
export type Enrolment = z.infer<typeof Enrolment>;

const CourseForm = z.object({
  title: z.string().trim().min(1, 'Give the course a title.').max(maxTitleLength, `At most ${maxTitleLength} characters.`),
  description: z.string().trim().max(maxDescriptionLength, `At most ${maxDescriptionLength} characters.`).default(''),
  enrolmentPolicy: EnrolmentPolicy.default('code'),
});
const CourseChange = z.object({
  title: CourseForm.shape.title.optional(),
  description: z.string().trim().max(maxDescriptionLength, `At most ${maxDescriptionLength} characters.`).optional(),
  enrolmentPolicy: EnrolmentPolicy.optional(),
  /** True makes a new code; the old one stops working. */
  newEnrolmentCode: z.boolean().optional(),
});
export const CourseParams = z.object({ courseId: CourseId });
const courses = '/api/v1/courses';

export const courseRoutes = {
  createCourse: route({
    method: 'POST',
    path: courses,
    body: CourseForm,
    response: CourseDetail,
    status: 201,
    auth: 'instructor',
    summary: 'Create a course; you own it.',
  }),
  listCourses: route({
    method: 'GET',
    path: courses,
    response: z.object({ courses: z.array(CourseSummary) }),
    auth: 'user',
    summary: 'The courses you own, assist or are enrolled in.',
  }),
  listCatalogue: route({
    method: 'GET',
    path: `${courses}/catalogue`,
    response: z.object({ courses: z.array(Course) }),
    auth: 'user',
    summary: 'The courses anyone can enrol in.',
  }),
  getCourse: route({
    method: 'GET',
    path: `${courses}/:courseId`,
    params: CourseParams,
    response: CourseDetail,
    auth: 'user',
    summary: 'One course. Someone who is not enrolled sees what it is about, unless it is closed.',
  }),
  updateCourse: route({
    method: 'PUT',
    path: `${courses}/:courseId`,
    params: CourseParams,
    body: CourseChange,
    response: CourseDetail,
    auth: 'user',
    summary: 'Change title, description or how people enrol.',
  }),
  enrol: route({
    method: 'POST',
    path: `${courses}/:courseId/enrol`,
    params: CourseParams,
    body: z.object({ code: z.string().trim().toLowerCase().max(maxEnrolmentCodeLength).optional() }).optional(),
    response: CourseDetail,
    status: 201,
    auth: 'user',
    summary: 'Enrol yourself, with the code if the course asks for one.',
  }),
  leaveCourse: route({
    method: 'DELETE',
    path: `${courses}/:courseId/enrolment`,
    params: CourseParams,
    response: nothing,
    status: 204,
    auth: 'user',
    summary: 'Leave the course.',
  }),
  listEnrolments: route({
    method: 'GET',
    path: `${courses}/:courseId/enrolments`,
    params: CourseParams,
    response: z.object({ enrolments: z.array(Enrolment) }),
    auth: 'user',
    summary: 'Who is in the course.',
  }),
  addEnrolment: route({
    method: 'POST',
    path: `${courses}/:courseId/enrolments`,
    params: CourseParams,
    body: z.object({ email: Email, role: CourseRole.exclude(['owner']).default('student') }),
    response: Enrolment,
    status: 201,
    auth: 'user',
    summary: 'Add someone by e-mail address; someone who is in it already gets the given role.',
  }),
  removeEnrolment: route({
    method: 'DELETE',
    path: `${courses}/:courseId/enrolments/:userId`,
    params: CourseParams.extend({ userId: UserId }),
    response: nothing,
    status: 204,
    auth: 'user',
    summary: 'Remove someone from the course: out of a live room and its media at once.',
  }),
  getStreamKey: route({
    method: 'GET',
    path: `${courses}/:courseId/stream-key`,
    params: CourseParams,
    response: z.object({
      serverUrl: z.string().describe('What OBS calls "Server".'),
      key: z.object({ hint: z.string().describe('Its last characters.'), createdAt: Instant }).nullable(),
    }),
    auth: 'user',
    summary: 'Is there a stream key, and where does OBS send to?',
  }),
  issueStreamKey: route({
    method: 'POST',
    path: `${courses}/:courseId/stream-key`,
    params: CourseParams,
    response: z.object({
      serverUrl: z.string(),
      streamKey: z.string().describe('What OBS calls "Stream Key". Shown this once; only its hash is kept.'),
      createdAt: Instant,
    }),
    status: 201,
    auth: 'user',
    summary: 'Issue a stream key; an older one stops working.',
  }),
  deleteStreamKey: route({
    method: 'DELETE',
    path: `${courses}/:courseId/stream-key`,
    params: CourseParams,
    response: nothing,
    status: 204,
    auth: 'user',
    summary: 'Take the stream key back.',
  }),
};
