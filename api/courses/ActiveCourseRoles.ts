import type { CourseRoles } from '#engine';
import type { CourseId, CourseRole, UserId } from '#engine/contract';
import type { AccountStore } from '../accounts/AccountStore.ts';

/** The course roles of active accounts; a deactivated account has none. */
export class ActiveCourseRoles implements CourseRoles {
  readonly #accounts: AccountStore;
  readonly #enrolments: CourseRoles;

  constructor(accounts: AccountStore, enrolments: CourseRoles) {
    this.#accounts = accounts;
    this.#enrolments = enrolments;
  }

  async roleOf(userId: UserId, courseId: CourseId): Promise<CourseRole | undefined> {
    const [account, role] = await Promise.all([this.#accounts.find(userId), this.#enrolments.roleOf(userId, courseId)]);
    return account?.deactivatedAt === null ? role : undefined;
  }
}
