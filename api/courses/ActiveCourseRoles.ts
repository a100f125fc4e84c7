import type { CourseRoles } from '#engine';
import type { CourseCondition, CourseId, CourseRole, SiteRole, UserId } from '#engine/contract';
import type { AccountStore } from '../accounts/AccountStore.ts';
import { conditionOf } from './CourseStore.ts';
import type { CourseStore } from './CourseStore.ts';
import type { EnrolmentStore } from './EnrolmentStore.ts';
import type { RemovalStore } from './RemovalStore.ts';

export interface ActiveCourseRolesOptions {
  accounts: AccountStore;
  courses: CourseStore;
  enrolments: EnrolmentStore;
  removals: RemovalStore;
}

/** What accounts may do now: a deactivated account nothing, a former instructor no more than a student. */
export class ActiveCourseRoles implements CourseRoles {
  readonly #options: ActiveCourseRolesOptions;

  constructor(options: ActiveCourseRolesOptions) {
    this.#options = options;
  }

  async roleOf(userId: UserId, courseId: CourseId): Promise<CourseRole | undefined> {
    const { role, condition } = await this.placeOf(userId, courseId);
    if (condition === 'deleted' || (condition === 'draft' && role === 'student')) return undefined;
    return role;
  }

  async placeOf(userId: UserId, courseId: CourseId): Promise<{ role: CourseRole | undefined; condition: CourseCondition | undefined }> {
    const { accounts, courses, enrolments } = this.#options;
    const [account, role, course] = await Promise.all([accounts.find(userId), enrolments.roleOf(userId, courseId), courses.find(courseId)]);
    return { role: account?.deactivatedAt === null ? roleNow(role, account.roles) : undefined, condition: course && conditionOf(course) };
  }

  async isRemovedFromCourse(userId: UserId, courseId: CourseId): Promise<boolean> {
    return (await this.#options.removals.find(courseId, userId)) !== undefined;
  }

  async isAdmin(userId: UserId): Promise<boolean> {
    const account = await this.#options.accounts.find(userId);
    return account?.deactivatedAt === null && account.roles.includes('admin');
  }
}

/** The role of an enrolment, as far as the account still allows it: only instructors and administrators teach a course of their own. */
export function roleNow<R extends CourseRole | undefined>(role: R, siteRoles: readonly SiteRole[]): R | 'student' {
  return role === 'owner' && !siteRoles.includes('instructor') && !siteRoles.includes('admin') ? 'student' : role;
}
