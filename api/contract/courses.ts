import * as z from 'zod';
import { CategoryId, CourseId, CourseRole, CourseState, ImageId, Instant, RecordId, UserId } from '#engine/contract';
import { ClipsBy, CourseDescription, courseSettings, CourseTitle, normalisedTag, Term } from './courseFields.ts';
import { maxMemberPageSize, memberPageSize } from './enrolmentLimits.ts';
import { LectureView } from './lectureView.ts';
import { coursePageSize, maxCoursePageSize, maxCourseSearchLength, maxEnrolmentCodeLength, maxSearchLength, maxTagLength } from './limits.ts';
import { NextCursor, pageQuery } from './paging.ts';
import { nothing, route } from './route.ts';

/**
 * Who can enrol. `open`: anyone with an account; `code`: anyone with the code; `request`: anyone whom the owner approves; `closed`: only
 * people whom the owner adds.
 */
export const EnrolmentPolicy = z.enum(['open', 'code', 'request', 'closed']);
export type EnrolmentPolicy = z.infer<typeof EnrolmentPolicy>;

export const Course = z.object({
  id: CourseId,
  title: z.string(),
  ownerName: z.string(),
  state: CourseState,
  enrolmentPolicy: EnrolmentPolicy,
  role: CourseRole.nullable().describe('Your role; null when you are not enrolled.'),
  category: z.object({ id: CategoryId, name: z.string() }).nullable(),
  tags: z.array(z.string()),
  coverId: ImageId.nullable().describe('Its cover image; null without one.'),
  timeZone: z.string().describe('IANA time zone of its schedule.'),
  language: z.string().nullable().describe('BCP 47 tag.'),
  term: Term.nullable(),
  clipsBy: ClipsBy,
  createdAt: Instant,
  updatedAt: Instant,
});
export type Course = z.infer<typeof Course>;

const ListedCourse = Course.extend({ excerpt: z.string().describe('The beginning of its description, as plain text.') });

/** A course in a list. */
export const CourseSummary = ListedCourse.extend({
  liveLecture: LectureView.nullable().describe('Null also when you are not enrolled.'),
  nextLecture: LectureView.nullable().describe('Null also when you are not enrolled.'),
});
export type CourseSummary = z.infer<typeof CourseSummary>;

/** A course in the catalogue. */
export const CatalogueCourse = ListedCourse.extend({
  liveLecture: LectureView.nullable().describe('For administrators; null otherwise.'),
});
export type CatalogueCourse = z.infer<typeof CatalogueCourse>;

export const CourseDetail = Course.extend({
  description: z.string().describe('Markdown, as the owner wrote it: render it without raw HTML.'),
  version: z.number().int().describe('Raised by every change of the course.'),
  liveLecture: LectureView.nullable().describe('Null also when you are not enrolled.'),
  nextLecture: LectureView.nullable().describe('Null also when you are not enrolled.'),
  enrolmentCode: z.string().nullable().describe('For the owner of a course with a code; null otherwise.'),
  enrolmentCount: z.number().int().nullable().describe('For owner and assistants; null otherwise.'),
});
export type CourseDetail = z.infer<typeof CourseDetail>;

export const Enrolment = z.object({
  userId: UserId,
  displayName: z.string(),
  avatarId: ImageId.nullable(),
  email: z.string(),
  role: CourseRole,
  groupId: RecordId.nullable(),
  enrolledAt: Instant,
});
export type Enrolment = z.infer<typeof Enrolment>;

export const RemovedPerson = z.object({ userId: UserId, displayName: z.string(), email: z.string(), removedAt: Instant });
export type RemovedPerson = z.infer<typeof RemovedPerson>;

const CourseForm = z.object({
  title: CourseTitle,
  description: CourseDescription.default(''),
  enrolmentPolicy: EnrolmentPolicy.default('code'),
  state: CourseState.exclude(['archived']).default('published').describe('A draft is prepared before students see it.'),
  categoryId: courseSettings.categoryId.default(null),
  tags: courseSettings.tags.default([]),
  timeZone: courseSettings.timeZone.default('UTC'),
  language: courseSettings.language.default(null),
  term: courseSettings.term.default(null),
  clipsBy: courseSettings.clipsBy.default('assistants'),
});
const CourseChange = z.object({
  title: CourseTitle.optional(),
  description: CourseDescription.optional(),
  enrolmentPolicy: EnrolmentPolicy.optional(),
  newEnrolmentCode: z.boolean().optional().describe('True replaces the code; the old one stops working.'),
  ...z.object(courseSettings).partial().shape,
});
const courseFilters = {
  search: z.string().trim().max(maxCourseSearchLength).optional().describe('Beginnings of words of the title, the tags, the category or the name of the owner.'),
  categoryId: CategoryId.optional(),
  tag: z.string().max(2 * maxTagLength).overwrite(normalisedTag).optional(),
  state: CourseState.optional(),
};
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
    query: pageQuery({
      size: coursePageSize,
      maxSize: maxCoursePageSize,
      filters: {
        ...courseFilters,
        as: z.enum(['teacher', 'student']).optional().describe('Those that you own or assist, or those that you are a student of.'),
        order: z.enum(['activity', 'newest', 'title']).default('activity').describe('`activity`: live ones first, then by their next lecture.'),
      },
    }),
    response: z.object({ courses: z.array(CourseSummary), nextCursor: NextCursor }),
    auth: 'user',
    summary: 'List the courses that you own, assist or are enrolled in.',
  }),
  listCatalogue: route({
    method: 'GET',
    path: `${courses}/catalogue`,
    query: pageQuery({
      size: coursePageSize,
      maxSize: maxCoursePageSize,
      filters: { ...courseFilters, order: z.enum(['newest', 'title']).default('newest') },
    }),
    response: z.object({
      courses: z.array(CatalogueCourse),
      nextCursor: NextCursor,
      isCut: z.boolean().describe('More courses match the search than were read: a longer search finds the others.'),
    }),
    auth: 'user',
    summary: 'List the courses that anyone can enrol in; for administrators all courses, with their live lectures.',
  }),
  getCourse: route({
    method: 'GET',
    path: `${courses}/:courseId`,
    params: CourseParams,
    response: CourseDetail,
    auth: 'user',
    summary: 'Get a course. A closed or archived course is visible to its members only, and a draft to those who prepare it.',
  }),
  updateCourse: route({
    method: 'PUT',
    path: `${courses}/:courseId`,
    params: CourseParams,
    body: CourseChange,
    response: CourseDetail,
    auth: 'user',
    summary: 'Change what the course says about itself, or how people enrol.',
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
    query: pageQuery({
      size: memberPageSize,
      maxSize: maxMemberPageSize,
      filters: {
        search: z.string().trim().max(maxSearchLength).optional().describe('Part of the name or the e-mail address.'),
        role: CourseRole.optional(),
        group: z.union([RecordId, z.literal('none')]).optional().describe('`none`: people without a group.'),
      },
    }),
    response: z.object({ enrolments: z.array(Enrolment), total: z.number().int().describe('Members that match, on all pages.'), nextCursor: NextCursor }),
    auth: 'user',
    summary: 'List or search the members of a course, by name.',
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
      key: z.object({ hint: z.string().describe('The last four characters of the key.'), createdAt: Instant, unawaitedAt: Instant.nullable().describe('When an encoder connected with the key last and was refused, because no lecture was live or due. Null after a connection that was accepted.') }).nullable(),
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
