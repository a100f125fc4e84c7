import type { CourseId, CourseRole, SiteRole, TokenScope, UserId } from '#engine/contract';

/** The account that makes a request, in its current state (the token may be older). */
export interface Caller {
  userId: UserId;
  email: string;
  displayName: string;
  roles: readonly SiteRole[];
  loginId: string;
  /** Of the access token with which the request is made; undefined for a login, which may do all that its account may. */
  scopes?: readonly TokenScope[];
}

/** The caller's role in the course of the request. The access policy has allowed the action. */
export interface CourseAccess {
  courseId: CourseId;
  role: CourseRole;
}
