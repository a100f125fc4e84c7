import * as z from 'zod';
import { CourseId, Instant } from '#engine/contract';
import { CourseTitle, Term } from './courseFields.ts';
import { CourseDetail, CourseParams } from './courses.ts';
import { imageUpload } from './images.ts';
import { coursePageSize, courseTrashDays, maxCoursePageSize, maxShiftWeeks } from './limits.ts';
import { NextCursor, pageQuery } from './paging.ts';
import { nothing, route, UploadBody } from './route.ts';

/** A course in the trash. */
export const DeletedCourse = z.object({
  id: CourseId,
  title: z.string(),
  ownerName: z.string(),
  deletedAt: Instant,
  restorableUntil: Instant.describe('After this time it is removed for good.'),
});
export type DeletedCourse = z.infer<typeof DeletedCourse>;

/** How to copy the lectures of a course: the scheduled ones, moved by whole weeks at the same local time of the course. */
const LectureCopies = z.object({ shiftWeeks: z.number().int().min(-maxShiftWeeks).max(maxShiftWeeks) });

const course = '/api/v1/courses/:courseId';

/** What happens to a whole course. */
export const courseLifeRoutes = {
  listDeletedCourses: route({
    method: 'GET',
    path: '/api/v1/courses/trash',
    query: pageQuery({ size: coursePageSize, maxSize: maxCoursePageSize, filters: {} }),
    response: z.object({ courses: z.array(DeletedCourse), nextCursor: NextCursor }),
    auth: 'user',
    summary: 'List the deleted courses that you can restore: your own, or for administrators all of them. The newest course first.',
  }),
  publishCourse: route({
    method: 'POST',
    path: `${course}/publish`,
    params: CourseParams,
    response: CourseDetail,
    auth: 'user',
    summary: 'Publish a draft: students see it and can enrol.',
  }),
  unpublishCourse: route({
    method: 'POST',
    path: `${course}/unpublish`,
    params: CourseParams,
    response: CourseDetail,
    auth: 'user',
    summary: 'Make a published course a draft again: its students do not see it until it is published. Refused while a lecture is live.',
  }),
  archiveCourse: route({
    method: 'POST',
    path: `${course}/archive`,
    params: CourseParams,
    response: CourseDetail,
    auth: 'user',
    summary: 'Archive a published course: its members can replay its lectures, and nothing new starts. Refused while a lecture is live.',
  }),
  unarchiveCourse: route({
    method: 'POST',
    path: `${course}/unarchive`,
    params: CourseParams,
    response: CourseDetail,
    auth: 'user',
    summary: 'Take a course out of the archive. It is published again.',
  }),
  setCourseCover: route({
    method: 'PUT',
    path: `${course}/cover`,
    params: CourseParams,
    body: UploadBody,
    upload: imageUpload,
    response: CourseDetail,
    auth: 'user',
    summary: 'Set the cover image of a course. It is cropped to 16:9 around its centre, and its metadata is removed.',
  }),
  deleteCourseCover: route({
    method: 'DELETE',
    path: `${course}/cover`,
    params: CourseParams,
    response: CourseDetail,
    auth: 'user',
    summary: 'Remove the cover image of a course.',
  }),
  duplicateCourse: route({
    method: 'POST',
    path: `${course}/duplicate`,
    params: CourseParams,
    body: z.object({
      title: CourseTitle,
      term: Term.nullable().default(null),
      lectures: LectureCopies.nullable().default(null).describe('Null copies no lectures.'),
    }),
    response: CourseDetail,
    status: 201,
    auth: 'instructor',
    summary: 'Copy a course as a draft of your own, for the next term: its description, cover, settings and, if wanted, its schedule; no people and no recordings.',
  }),
  deleteCourse: route({
    method: 'DELETE',
    path: course,
    params: CourseParams,
    response: nothing,
    status: 204,
    auth: 'user',
    summary: `Move a course to the trash: its live lecture ends, and nobody sees it. Its owner and administrators can restore it for ${courseTrashDays} days.`,
  }),
  restoreCourse: route({
    method: 'POST',
    path: `${course}/restore`,
    params: CourseParams,
    response: nothing,
    status: 204,
    auth: 'user',
    summary: 'Restore a course from the trash, as it was. Its stream key has to be issued again.',
  }),
};
