import { CodedError } from '#engine/contract';
import type { CourseId, CourseRole, UserId } from '#engine/contract';
import { randomText, toInstant } from '#engine/kernel';
import type { Clock, Logger } from '#engine/kernel';
import type { AccountRow, AccountStore } from '../accounts/AccountStore.ts';
import { userIdOf } from '../accounts/AccountStore.ts';
import type { Caller } from '../access/index.ts';
import type { EnrolmentPolicy } from '../contract/index.ts';
import type { LectureDirectory } from '../lectures/LectureDirectory.ts';
import { courseIdOf } from './CourseStore.ts';
import type { CourseRow, CourseStore } from './CourseStore.ts';
import type { EnrolmentRow, EnrolmentStore } from './EnrolmentStore.ts';

export interface CoursesOptions {
  courses: CourseStore;
  enrolments: EnrolmentStore;
  accounts: AccountStore;
  directory: LectureDirectory;
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

/** Creates and changes courses, and enrols and removes people. */
export class Courses {
  readonly #options: CoursesOptions;

  constructor(options: CoursesOptions) {
    this.#options = options;
  }

  async create(form: Pick<CourseRow, 'title' | 'description' | 'enrolmentPolicy'>, owner: UserId): Promise<CourseRow> {
    const { courses, enrolments, logger } = this.#options;
    const createdAt = this.#now();
    const course = await courses.add({ ...form, ownerId: owner, enrolmentCode: randomText(codeLength), createdAt });
    await enrolments.add({ courseId: course._id, userId: owner, role: 'owner', enrolledAt: createdAt });
    logger.info({ courseId: course._id, userId: owner }, 'course.created');
    return course;
  }

  async update(courseId: CourseId, { newEnrolmentCode, ...change }: CourseChangeForm): Promise<CourseRow> {
    return this.#options.courses.update(courseId, newEnrolmentCode ? { ...change, enrolmentCode: randomText(codeLength) } : change);
  }

  /** @throws CodedError `course.codeWrong`, `course.closed`, `enrolment.exists` */
  async enrol(courseId: CourseId, userId: UserId, code: string | undefined): Promise<void> {
    const { courses, enrolments, logger } = this.#options;
    const { enrolmentPolicy, enrolmentCode } = await courses.get(courseId);
    if (await enrolments.roleOf(userId, courseId)) throw new CodedError('enrolment.exists', 'You are already in this course. Reload the page to open it.');
    if (enrolmentPolicy === 'closed') throw new CodedError('course.closed', 'You cannot join this course yourself: it is closed. Ask the instructor to add you.');
    if (enrolmentPolicy === 'code' && code !== enrolmentCode) {
      const message = code === undefined ? 'This course needs a code. Ask the instructor for it.' : 'The course code is wrong. Check it, or ask the instructor for the current one.';
      throw new CodedError('course.codeWrong', message, { details: { field: 'code' } });
    }
    await enrolments.add({ courseId, userId, role: 'student', enrolledAt: this.#now() });
    logger.info({ courseId, userId }, 'enrolment.added');
  }

  /** Enrols in the course of a code, unless the user is in it. @throws CodedError `course.codeWrong` */
  async enrolByCode(code: string, userId: UserId): Promise<CourseId> {
    const { courses, enrolments } = this.#options;
    const courseId = courseIdOf(await courses.getByCode(code));
    if (!(await enrolments.roleOf(userId, courseId))) await this.enrol(courseId, userId, code);
    return courseId;
  }

  /** Enrols someone by e-mail address, or changes their role. @throws CodedError `account.notFound`, `access.denied` for the owner */
  async enrolByEmail(courseId: CourseId, email: string, role: Exclude<CourseRole, 'owner'>): Promise<{ enrolment: EnrolmentRow; account: AccountRow }> {
    const { accounts, directory, enrolments, logger } = this.#options;
    const account = await accounts.findByEmail(email);
    if (!account || account.deactivatedAt !== null) {
      throw new CodedError('account.notFound', 'There is no account with this email address. Ask the person to sign up first.', { details: { field: 'email' } });
    }
    const userId = userIdOf(account);
    if ((await enrolments.roleOf(userId, courseId)) === 'owner') throw new CodedError('access.denied', 'The role of the owner cannot be changed: every course has one owner.');
    const enrolment = await enrolments.put({ courseId, userId, role, enrolledAt: this.#now() });
    await directory.setRole({ courseId, userId, role });
    logger.info({ courseId, userId, role }, 'enrolment.added');
    return { enrolment, account };
  }

  /** Removes someone from the course and at once from its live rooms. @throws CodedError `access.denied` for the owner, `enrolment.notFound` */
  async remove(courseId: CourseId, userId: UserId, by: Caller): Promise<void> {
    const { enrolments, directory, logger } = this.#options;
    if ((await enrolments.roleOf(userId, courseId)) === 'owner') throw new CodedError('access.denied', 'The owner cannot leave the course: every course has one owner.');
    await enrolments.remove(courseId, userId);
    await directory.expel({ courseId, userId, byUserId: by.userId });
    logger.info({ courseId, userId, byUserId: by.userId }, 'enrolment.removed');
  }

  /** Removes the user of a deactivated account from every live room. */
  async expelEverywhere(userId: UserId): Promise<void> {
    const { directory, enrolments } = this.#options;
    for (const { courseId } of await enrolments.ofUser(userId)) await directory.expel({ courseId: courseId as CourseId, userId, byUserId: userId });
  }

  /** The user's courses, newest first, with the user's role in each. */
  async ofUser(userId: UserId): Promise<{ course: CourseRow; role: CourseRole }[]> {
    const { courses, enrolments } = this.#options;
    const roles = new Map((await enrolments.ofUser(userId)).map(({ courseId, role }) => [courseId, role]));
    const rows = await courses.findMany([...roles.keys()] as CourseId[]);
    return rows.flatMap((course) => {
      const role = roles.get(course._id);
      return role ? [{ course, role }] : [];
    });
  }

  /** The courses that anyone can enrol in. */
  async listOpen(): Promise<CourseRow[]> {
    return this.#options.courses.listOpen();
  }

  async members(courseId: CourseId): Promise<{ enrolment: EnrolmentRow; account: AccountRow }[]> {
    const { accounts, enrolments } = this.#options;
    const rows = await enrolments.ofCourse(courseId);
    const people = await accounts.findMany(rows.map(({ userId }) => userId as UserId));
    return rows.flatMap((enrolment) => {
      const account = people.get(enrolment.userId as UserId);
      return account ? [{ enrolment, account }] : [];
    });
  }

  async ownerNames(rows: readonly CourseRow[]): Promise<(course: CourseRow) => string> {
    const owners = await this.#options.accounts.findMany([...new Set(rows.map(({ ownerId }) => ownerId as UserId))]);
    return ({ ownerId }) => owners.get(ownerId as UserId)?.displayName ?? '';
  }

  /** A course and the user's role in it. @throws CodedError `course.notFound`, `access.denied` for a closed course without a role */
  async getFor(courseId: CourseId, userId: UserId): Promise<{ course: CourseRow; role: CourseRole | null }> {
    const { courses, enrolments } = this.#options;
    const [course, role] = await Promise.all([courses.get(courseId), enrolments.roleOf(userId, courseId)]);
    if (!role && course.enrolmentPolicy === 'closed') throw new CodedError('access.denied', 'You cannot open this course: it is closed, and you are not in it. Ask the instructor to add you.');
    return { course, role: role ?? null };
  }

  async enrolmentCount(course: CourseRow): Promise<number> {
    return this.#options.enrolments.countOf(courseIdOf(course));
  }

  #now(): string {
    return toInstant(this.#options.clock.nowMs());
  }
}
