import type { CourseRoles } from '#engine';
import type { CourseId, CourseRole, SiteRole, UserId } from '#engine/contract';
import type { AccountStore } from '../accounts/AccountStore.ts';
import type { EnrolmentStore } from './EnrolmentStore.ts';
import type { RemovalStore } from './RemovalStore.ts';

/** What accounts may do now: a deactivated account nothing, a former instructor no more than a student. */
export class ActiveCourseRoles implements CourseRoles {
  readonly #accounts: AccountStore;
  readonly #enrolments: EnrolmentStore;
  readonly #removals: RemovalStore;

  constructor({ accounts, enrolments, removals }: { accounts: AccountStore; enrolments: EnrolmentStore; removals: RemovalStore }) {
    this.#accounts = accounts;
    this.#enrolments = enrolments;
    this.#removals = removals;
  }

  async roleOf(userId: UserId, courseId: CourseId): Promise<CourseRole | undefined> {
    const [account, role] = await Promise.all([this.#accounts.find(userId), this.#enrolments.roleOf(userId, courseId)]);
    return account?.deactivatedAt === null ? roleNow(role, account.roles) : undefined;
  }

  async isRemovedFromCourse(userId: UserId, courseId: CourseId): Promise<boolean> {
    return (await this.#removals.find(courseId, userId)) !== undefined;
  }

  async isAdmin(userId: UserId): Promise<boolean> {
    const account = await this.#accounts.find(userId);
    return account?.deactivatedAt === null && account.roles.includes('admin');
  }
}

/** The role of an enrolment, as far as the account still allows it: only instructors and administrators teach a course of their own. */
export function roleNow<R extends CourseRole | undefined>(role: R, siteRoles: readonly SiteRole[]): R | 'student' {
  return role === 'owner' && !siteRoles.includes('instructor') && !siteRoles.includes('admin') ? 'student' : role;
}
