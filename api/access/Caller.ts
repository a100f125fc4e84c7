import type { CourseId, CourseRole, SiteRole, UserId } from '#engine/contract';

/** The account behind a request, as it is now (not as it was when its token was signed). */
export interface Caller {
  userId: UserId;
  email: string;
  displayName: string;
  roles: readonly SiteRole[];
  loginId: string;
}

/** What the caller is in the course that a request is about; the permission it needs has been checked. */
export interface CourseAccess {
  courseId: CourseId;
  role: CourseRole;
}
