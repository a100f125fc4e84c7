import { removedFromCourse } from '#engine';
import { CodedError } from '#engine/contract';
import type { CourseId, CourseRole, UserId } from '#engine/contract';
import { toInstant } from '#engine/kernel';
import type { Clock, Logger } from '#engine/kernel';
import type { AccountRow, AccountStore } from '../accounts/AccountStore.ts';
import type { Admission, Admissions } from '../enrolment/Admissions.ts';
import type { LectureDirectory } from '../lectures/LectureDirectory.ts';
import { courseIdOf } from './CourseStore.ts';
import type { CourseStore } from './CourseStore.ts';
import { requirePublished } from './courseTransition.ts';
import type { EnrolmentRow, EnrolmentStore } from './EnrolmentStore.ts';
import type { RemovalStore } from './RemovalStore.ts';

export interface MembersOptions {
  courses: CourseStore;
  enrolments: EnrolmentStore;
  removals: RemovalStore;
  accounts: AccountStore;
  admissions: Admissions;
  directory: LectureDirectory;
  clock: Clock;
  logger: Logger;
}

/** A member of a course, with the account. */
export interface Member {
  enrolment: EnrolmentRow;
  account: AccountRow;
}

/** Enrols people in courses, changes their roles, removes them and lets them in again. */
export class Members {
  readonly #options: MembersOptions;

  constructor(options: MembersOptions) {
    this.#options = options;
  }

  /** @throws CodedError `course.codeWrong`, `course.closed`, `course.notPublished`, `course.archived`, `course.approvalNeeded`, `course.full`, `enrolment.exists`, `enrolment.removed` */
  async enrol(courseId: CourseId, userId: UserId, code: string | undefined): Promise<void> {
    await this.#requireWayIn(courseId, userId, code);
    await this.#options.admissions.enrol(courseId, userId);
  }

  /** Joins the waiting list of a course; enrols if a seat is free. @throws CodedError as `enrol`, except `course.full` */
  async wait(courseId: CourseId, userId: UserId, code: string | undefined): Promise<void> {
    await this.#requireWayIn(courseId, userId, code);
    await this.#options.admissions.admit({ courseId, userId, role: 'student' });
  }

  /** Enrols in the course of a code, unless the user is in it. @throws CodedError `course.codeWrong`, `enrolment.removed` */
  async enrolByCode(code: string, userId: UserId): Promise<CourseId> {
    const { courses, enrolments } = this.#options;
    const courseId = courseIdOf(await courses.getByCode(code));
    if (!(await enrolments.roleOf(userId, courseId))) await this.enrol(courseId, userId, code);
    return courseId;
  }

  /** Changes the role of a member. @throws CodedError `enrolment.notFound`, `access.denied` for the owner */
  async setRole(courseId: CourseId, userId: UserId, role: Exclude<CourseRole, 'owner'>): Promise<Member> {
    if (!(await this.#options.enrolments.roleOf(userId, courseId))) throw notEnrolled();
    const account = await this.#options.accounts.get(userId);
    return { enrolment: await this.#changeRole(courseId, userId, role), account };
  }

  /** Removes someone from the course and at once from its live rooms; a code does not let them in again. @throws CodedError `access.denied` for the owner, `enrolment.notFound` */
  async remove(courseId: CourseId, userId: UserId, byUserId: UserId): Promise<void> {
    const { enrolments, removals } = this.#options;
    const role = await enrolments.roleOf(userId, courseId);
    if (role === undefined) throw notEnrolled();
    if (role !== 'owner') await removals.put({ courseId, userId, byUserId, removedAt: this.#now() });
    await this.#end(courseId, userId, byUserId);
  }

  async roleOf(courseId: CourseId, userId: UserId): Promise<CourseRole | undefined> {
    return this.#options.enrolments.roleOf(userId, courseId);
  }

  /** @throws CodedError `access.denied` for the owner, `enrolment.notFound` */
  async leave(courseId: CourseId, userId: UserId): Promise<void> {
    await this.#end(courseId, userId, userId);
  }

  /** @throws CodedError `enrolment.removed` for someone who was removed after this time, or at any time */
  async requireNotRemovedSince(courseId: CourseId, userId: UserId, instant: string | undefined): Promise<void> {
    const removal = await this.#options.removals.find(courseId, userId);
    if (removal && (instant === undefined || removal.removedAt > instant)) throw removedFromCourse();
  }

  /** Admits a person whom the owner has invited, removed before or not. A student needs a seat, or waits for one. @throws CodedError `access.denied` for the owner */
  async admit(courseId: CourseId, userId: UserId, role: Exclude<CourseRole, 'owner'>): Promise<Admission> {
    const { enrolments, removals, admissions } = this.#options;
    await removals.forget(courseId, userId);
    if (role === 'student' || !(await enrolments.roleOf(userId, courseId))) return admissions.admit({ courseId, userId, role });
    await this.#changeRole(courseId, userId, role);
    return { outcome: 'enrolled' };
  }

  /** Lifts the removal of someone, who can enrol again. @throws CodedError `enrolment.notFound` */
  async readmit(courseId: CourseId, userId: UserId, byUserId: UserId): Promise<void> {
    await this.#options.removals.lift(courseId, userId);
    this.#options.logger.info({ courseId, userId, byUserId }, 'enrolment.readmitted');
  }

  async removed(courseId: CourseId): Promise<{ account: AccountRow; removedAt: string }[]> {
    const rows = await this.#options.removals.ofCourse(courseId);
    const people = await this.#options.accounts.findMany(rows.map(({ userId }) => userId as UserId));
    return rows.flatMap(({ userId, removedAt }) => {
      const account = people.get(userId as UserId);
      return account ? [{ account, removedAt }] : [];
    });
  }

  async count(courseId: CourseId): Promise<number> {
    return this.#options.enrolments.countOf(courseId);
  }

  /** Changes the role of somebody who is enrolled, in the live rooms too. An assistant who becomes a student keeps access, also in a full course. */
  async #changeRole(courseId: CourseId, userId: UserId, role: Exclude<CourseRole, 'owner'>): Promise<EnrolmentRow> {
    const { enrolments, admissions, directory, logger } = this.#options;
    if ((await enrolments.roleOf(userId, courseId)) === 'owner') throw new CodedError('access.denied', 'The role of the owner cannot be changed: every course has one owner.');
    const enrolment = await enrolments.setRole(courseId, userId, role);
    await directory.setRole({ courseId, userId, role });
    logger.info({ courseId, userId, role }, 'enrolment.roleSet');
    if (role !== 'student') await admissions.moveUp(courseId);
    return enrolment;
  }

  /** Enrols someone by the claims of a sign-in provider; changes nothing for a member, and resolves with false. @throws CodedError `course.notFound`, `enrolment.removed` */
  async grant({ courseId, role }: { courseId: CourseId; role: 'student' | 'assistant' }, userId: UserId): Promise<boolean> {
    const { courses, enrolments, removals } = this.#options;
    if (await enrolments.roleOf(userId, courseId)) return false;
    await courses.get(courseId);
    if (await removals.find(courseId, userId)) throw removedFromCourse();
    await this.admit(courseId, userId, role);
    return true;
  }

  async #end(courseId: CourseId, userId: UserId, byUserId: UserId): Promise<void> {
    const { enrolments, directory, logger } = this.#options;
    if ((await enrolments.roleOf(userId, courseId)) === 'owner') throw new CodedError('access.denied', 'The owner cannot leave the course: every course has one owner.');
    await enrolments.remove(courseId, userId);
    await directory.expel({ courseId, userId, byUserId });
    logger.info({ courseId, userId, byUserId }, 'enrolment.removed');
    await this.#options.admissions.moveUp(courseId);
  }

  async #requireWayIn(courseId: CourseId, userId: UserId, code: string | undefined): Promise<void> {
    const { courses, enrolments, removals } = this.#options;
    const course = await courses.get(courseId);
    const { enrolmentPolicy, enrolmentCode } = course;
    if (await enrolments.roleOf(userId, courseId)) throw new CodedError('enrolment.exists', 'You are already in this course. Reload the page to open it.');
    if (await removals.find(courseId, userId)) throw removedFromCourse();
    requirePublished(course);
    if (enrolmentPolicy === 'closed') throw new CodedError('course.closed', 'You cannot join this course yourself: it is closed. Ask the instructor to add you.');
    if (enrolmentPolicy === 'request') throw new CodedError('course.approvalNeeded', 'The instructor decides who joins this course. Send a request.');
    if (enrolmentPolicy === 'code' && code !== enrolmentCode) {
      const message = code === undefined ? 'This course needs a code. Ask the instructor for it.' : 'The course code is wrong. Check it, or ask the instructor for the current one.';
      throw new CodedError('course.codeWrong', message, { details: { field: 'code' } });
    }
  }

  #now(): string {
    return toInstant(this.#options.clock.nowMs());
  }
}

function notEnrolled(): CodedError {
  return new CodedError('enrolment.notFound', 'This person is no longer in the course. Reload the page.');
}
