import type { CourseAction } from '#engine/contract';

/**
 * What a route requires beyond the `auth` of its contract. `account`: nothing. `course`: a course role that allows the
 * action, in the course of the `courseId`, `lectureId` or `videoId` in the path, or else in the body.
 */
export type RouteAccess = 'account' | { course: CourseAction };
