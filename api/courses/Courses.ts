import { CodedError } from '#engine/contract';
import type { CourseId, CourseRole, UserId } from '#engine/contract';
import { randomText, toInstant } from '#engine/kernel';
import type { Clock, Logger } from '#engine/kernel';
import type { AccountStore } from '../accounts/AccountStore.ts';
import type { Caller } from '../access/index.ts';
import type { EnrolmentPolicy } from '../contract/index.ts';
import type { LectureDirectory } from '../lectures/LectureDirectory.ts';
import { roleNow } from './ActiveCourseRoles.ts';
import type { CourseRow, CourseStore } from './CourseStore.ts';
import type { EnrolmentStore } from './EnrolmentStore.ts';
import type { InvitationStore } from './InvitationStore.ts';
import type { RemovalStore } from './RemovalStore.ts';
import type { StreamKeyManager } from './StreamKeyManager.ts';

export interface CoursesOptions {
  courses: CourseStore;
  enrolments: EnrolmentStore;
  removals: RemovalStore;
  invitations: InvitationStore;
  accounts: AccountStore;
  directory: LectureDirectory;
  streamKeys: StreamKeyManager;
  clock: Clock;
  logger: Logger;
}

export interface CourseChangeForm {
  title?: string | undefined;
  description?: string | undefined;
  enrolmentPolicy?: EnrolmentPolicy | undefined;
  newEnrolmentCode?: boolean | undefined;
}

/** 40 random bits. The rate limit of `enrol` keeps them from being guessed. */
const codeLength = 8;

/** Creates, changes and deletes courses. */
export class Courses {
  readonly #options: CoursesOptions;

  constructor(options: CoursesOptions) {
    this.#options = options;
  }

  async create(form: Pick<CourseRow, 'title' | 'description' | 'enrolmentPolicy'>, owner: UserId): Promise<CourseRow> {
    const { courses, enrolments, clock, logger } = this.#options;
    const createdAt = toInstant(clock.nowMs());
    const course = await courses.add({ ...form, ownerId: owner, enrolmentCode: randomText(codeLength), createdAt });
    await enrolments.add({ courseId: course._id, userId: owner, role: 'owner', enrolledAt: createdAt });
    logger.info({ courseId: course._id, userId: owner }, 'course.created');
    return course;
  }

  async update(courseId: CourseId, { newEnrolmentCode, ...change }: CourseChangeForm): Promise<CourseRow> {
    return this.#options.courses.update(courseId, newEnrolmentCode ? { ...change, enrolmentCode: randomText(codeLength) } : change);
  }

  /**
   * Ends its live lecture, revokes its stream key and everybody's access. The stored recordings stay, and nobody can open them.
   * The roles go last, so that the owner can repeat a deletion that failed. @throws CodedError `course.notFound`
   */
  async delete(courseId: CourseId, byUserId: UserId): Promise<void> {
    const { courses, enrolments, removals, invitations, directory, streamKeys, logger } = this.#options;
    // The course of a deletion that failed half-way may be gone, and its members not yet.
    if ((await enrolments.countOf(courseId)) === 0) await courses.get(courseId);
    await streamKeys.revokeIfAny(courseId);
    await directory.closeCourse(courseId);
    await courses.remove(courseId);
    await removals.forget(courseId);
    await invitations.removeAll(courseId);
    await enrolments.removeAll(courseId);
    logger.info({ courseId, byUserId }, 'course.deleted');
  }

  /** Revokes the stream keys of the courses that a person owns: the right to use them ends with the account or the role. */
  async revokeStreamKeys(userId: UserId): Promise<void> {
    for (const courseId of await this.#owned(userId)) await this.#options.streamKeys.revokeIfAny(courseId);
  }

  /** Applies the loss of the instructor role to the live rooms of the person's courses. */
  async demoteOwner(userId: UserId): Promise<void> {
    for (const courseId of await this.#owned(userId)) await this.#options.directory.setRole({ courseId, userId, role: 'student' });
  }

  /** Removes the user of a deactivated account from every live room. */
  async expelEverywhere(userId: UserId): Promise<void> {
    const { directory, enrolments } = this.#options;
    for (const { courseId } of await enrolments.ofUser(userId)) await directory.expel({ courseId: courseId as CourseId, userId, byUserId: userId });
  }

  /** The caller's courses, newest first, with the role in each. */
  async ofUser({ userId, roles: siteRoles }: Pick<Caller, 'userId' | 'roles'>): Promise<{ course: CourseRow; role: CourseRole }[]> {
    const { courses, enrolments } = this.#options;
    const roles = new Map((await enrolments.ofUser(userId)).map(({ courseId, role }) => [courseId, roleNow(role, siteRoles)]));
    const rows = await courses.findMany([...roles.keys()] as CourseId[]);
    return rows.flatMap((course) => {
      const role = roles.get(course._id);
      return role ? [{ course, role }] : [];
    });
  }

  /** The courses that anyone can enrol in; for an administrator all courses. */
  async catalogue({ roles }: Pick<Caller, 'roles'>): Promise<CourseRow[]> {
    return roles.includes('admin') ? this.#options.courses.listAll() : this.#options.courses.listOpen();
  }

  async ownerNames(rows: readonly CourseRow[]): Promise<(course: CourseRow) => string> {
    const owners = await this.#options.accounts.findMany([...new Set(rows.map(({ ownerId }) => ownerId as UserId))]);
    return ({ ownerId }) => owners.get(ownerId as UserId)?.displayName ?? '';
  }

  /** A course and the caller's role in it. @throws CodedError `course.notFound`, `access.denied` for a closed course without a role */
  async getFor(courseId: CourseId, { userId, roles }: Pick<Caller, 'userId' | 'roles'>): Promise<{ course: CourseRow; role: CourseRole | null }> {
    const { courses, enrolments } = this.#options;
    const [course, role] = await Promise.all([courses.get(courseId), enrolments.roleOf(userId, courseId)]);
    const isVisible = role !== undefined || course.enrolmentPolicy !== 'closed' || roles.includes('admin');
    if (!isVisible) throw new CodedError('access.denied', 'You cannot open this course: it is closed, and you are not in it. Ask the instructor to add you.');
    return { course, role: roleNow(role, roles) ?? null };
  }

  async #owned(userId: UserId): Promise<CourseId[]> {
    return (await this.#options.enrolments.ofUser(userId)).filter(({ role }) => role === 'owner').map(({ courseId }) => courseId as CourseId);
  }
}
