import * as z from 'zod';
import { CourseId, CourseRole, Instant, UserId } from '#engine/contract';
import { LectureView } from './lectureView.ts';
import { maxDescriptionLength, maxEnrolmentCodeLength, maxTitleLength } from './limits.ts';
import { nothing, route } from './route.ts';
import { typedLine, typedText } from './text.ts';

/** Who can enrol. `open`: anyone with an account; `code`: anyone with the code; `closed`: only people whom the owner adds. */
export const EnrolmentPolicy = z.enum(['open', 'code', 'closed']);
export type EnrolmentPolicy = z.infer<typeof EnrolmentPolicy>;

export const Course = z.object({
  id: CourseId,
  title: z.string(),
  description: z.string(),
  ownerName: z.string(),
  enrolmentPolicy: EnrolmentPolicy,
  role: CourseRole.nullable().describe('Your role; null when you are not enrolled.'),
  createdAt: Instant,
});
export type Course = z.infer<typeof Course>;

/** A course in a list. */
export const CourseSummary = Course.extend({
  liveLecture: LectureView.nullable().describe('Null also when you are not enrolled.'),
  nextLecture: LectureView.nullable().describe('Null also when you are not enrolled.'),
});
export type CourseSummary = z.infer<typeof CourseSummary>;

/** A course in the catalogue. */
export const CatalogueCourse = Course.extend({
  liveLecture: LectureView.nullable().describe('For administrators; null otherwise.'),
});
export type CatalogueCourse = z.infer<typeof CatalogueCourse>;

export const CourseDetail = CourseSummary.extend({
  enrolmentCode: z.string().nullable().describe('For the owner of a course with a code; null otherwise.'),
  enrolmentCount: z.number().int().nullable().describe('For owner and assistants; null otherwise.'),
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

export const RemovedPerson = z.object({ userId: UserId, displayName: z.string(), email: z.string(), removedAt: Instant });
export type RemovedPerson = z.infer<typeof RemovedPerson>;

const Description = typedText(maxDescriptionLength);

const CourseForm = z.object({
  title: typedLine({ max: maxTitleLength, empty: 'Give the course a title.' }),
  description: Description.default(''),
  enrolmentPolicy: EnrolmentPolicy.default('code'),
});
const CourseChange = z.object({
  title: CourseForm.shape.title.optional(),
  description: Description.optional(),
  enrolmentPolicy: EnrolmentPolicy.optional(),
  newEnrolmentCode: z.boolean().optional().describe('True replaces the code; the old one stops working.'),
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
    summary: 'Create a course and own it.',
  }),
  listCourses: route({
    method: 'GET',
    path: courses,
    response: z.object({ courses: z.array(CourseSummary) }),
    auth: 'user',
    summary: 'List the courses that you own, assist or are enrolled in.',
  }),
  listCatalogue: route({
    method: 'GET',
    path: `${courses}/catalogue`,
    response: z.object({ courses: z.array(CatalogueCourse) }),
    auth: 'user',
    summary: 'List the courses that anyone can enrol in; for administrators all courses, with their live lectures.',
  }),
  getCourse: route({
    method: 'GET',
    path: `${courses}/:courseId`,
    params: CourseParams,
    response: CourseDetail,
    auth: 'user',
    summary: 'Get a course. A closed course is visible to its members only.',
  }),
  updateCourse: route({
    method: 'PUT',
    path: `${courses}/:courseId`,
    params: CourseParams,
    body: CourseChange,
    response: CourseDetail,
    auth: 'user',
    summary: 'Change the title, the description, or how people enrol.',
  }),
  deleteCourse: route({
    method: 'DELETE',
    path: `${courses}/:courseId`,
    params: CourseParams,
    response: nothing,
    status: 204,
    auth: 'user',
    summary: 'Delete a course: its live lecture ends, and nobody can open its recordings. For the owner and administrators.',
  }),
  enrol: route({
    method: 'POST',
    path: `${courses}/:courseId/enrol`,
    params: CourseParams,
    body: z.object({ code: z.string().trim().toLowerCase().max(maxEnrolmentCodeLength).optional() }).optional(),
    response: CourseDetail,
    status: 201,
    auth: 'user',
    summary: 'Enrol in a course, with its code if it has one.',
  }),
  enrolByCode: route({
    method: 'POST',
    path: '/api/v1/enrolments',
    body: z.object({ code: z.string().trim().toLowerCase().min(1, 'Enter the code.').max(maxEnrolmentCodeLength) }),
    response: CourseDetail,
    status: 201,
    auth: 'user',
    summary: 'Enrol in the course that has this code.',
  }),
  leaveCourse: route({
    method: 'DELETE',
    path: `${courses}/:courseId/enrolment`,
    params: CourseParams,
    response: nothing,
    status: 204,
    auth: 'user',
    summary: 'Leave a course.',
  }),
  listEnrolments: route({
    method: 'GET',
    path: `${courses}/:courseId/enrolments`,
    params: CourseParams,
    response: z.object({ enrolments: z.array(Enrolment) }),
    auth: 'user',
    summary: 'List the members of a course.',
  }),
  setEnrolmentRole: route({
    method: 'PUT',
    path: `${courses}/:courseId/enrolments/:userId`,
    params: CourseParams.extend({ userId: UserId }),
    body: z.object({ role: CourseRole.exclude(['owner']) }),
    response: Enrolment,
    auth: 'user',
    summary: 'Change the role of a member.',
  }),
  removeEnrolment: route({
    method: 'DELETE',
    path: `${courses}/:courseId/enrolments/:userId`,
    params: CourseParams.extend({ userId: UserId }),
    response: nothing,
    status: 204,
    auth: 'user',
    summary: 'Remove a member from a course, and at once from its live room and media. Enrolling again is refused until the removal is lifted.',
  }),
  listRemovedMembers: route({
    method: 'GET',
    path: `${courses}/:courseId/removals`,
    params: CourseParams,
    response: z.object({ people: z.array(RemovedPerson) }),
    auth: 'user',
    summary: 'List the people who were removed from a course.',
  }),
  readmitMember: route({
    method: 'DELETE',
    path: `${courses}/:courseId/removals/:userId`,
    params: CourseParams.extend({ userId: UserId }),
    response: nothing,
    status: 204,
    auth: 'user',
    summary: 'Lift the removal of a person, who can enrol again.',
  }),
  getStreamKey: route({
    method: 'GET',
    path: `${courses}/:courseId/stream-key`,
    params: CourseParams,
    response: z.object({
      serverUrl: z.string().describe('What OBS calls "Server".'),
      key: z.object({ hint: z.string().describe('The last four characters of the key.'), createdAt: Instant }).nullable(),
    }),
    auth: 'user',
    summary: 'Get the address for OBS, and whether the course has a stream key.',
  }),
  issueStreamKey: route({
    method: 'POST',
    path: `${courses}/:courseId/stream-key`,
    params: CourseParams,
    response: z.object({
      serverUrl: z.string(),
      streamKey: z.string().describe('What OBS calls "Stream Key". It is shown once; only its hash is stored.'),
      createdAt: Instant,
    }),
    status: 201,
    auth: 'user',
    summary: 'Issue a stream key. The earlier one stops working.',
  }),
  deleteStreamKey: route({
    method: 'DELETE',
    path: `${courses}/:courseId/stream-key`,
    params: CourseParams,
    response: nothing,
    status: 204,
    auth: 'user',
    summary: 'Revoke the stream key.',
  }),
};
