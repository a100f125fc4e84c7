import { CodedError, formerInstructorName } from '#engine/contract';
import type { CategoryId, CourseId, CourseRole, UserId } from '#engine/contract';
import { randomText, toInstant } from '#engine/kernel';
import type { Clock, Logger } from '#engine/kernel';
import type { AccountStore } from '../accounts/AccountStore.ts';
import type { Caller } from '../access/index.ts';
import type { WaitingStore } from '../enrolment/WaitingStore.ts';
import type { LectureDirectory } from '../lectures/LectureDirectory.ts';
import { requireCourseAllowed } from '../settings/index.ts';
import type { CurrentSettings } from '../settings/index.ts';
import { roleNow } from './ActiveCourseRoles.ts';
import type { Categories } from './Categories.ts';
import type { CourseChange, CourseSettings } from './courseRow.ts';
import type { CourseSearch } from './CourseSearch.ts';
import { courseIdOf } from './CourseStore.ts';
import type { CourseRow, CourseStore, NewCourse } from './CourseStore.ts';
import type { EnrolmentStore } from './EnrolmentStore.ts';
import type { StreamKeyManager } from './StreamKeyManager.ts';

export interface CoursesOptions {
  courses: CourseStore;
  search: CourseSearch;
  categories: Categories;
  enrolments: EnrolmentStore;
  /** The people who wait for a seat, who see the course. */
  waiting: Pick<WaitingStore, 'find'>;
  accounts: AccountStore;
  directory: LectureDirectory;
  streamKeys: StreamKeyManager;
  settings: CurrentSettings;
  clock: Clock;
  logger: Logger;
}

export type CourseForm = CourseSettings & Pick<NewCourse, 'state' | 'enrolmentPolicy'>;
export type CourseChangeForm = { [K in Exclude<keyof CourseForm, 'state'>]?: CourseForm[K] | undefined } & { newEnrolmentCode?: boolean | undefined };

/** 40 random bits. The rate limit of `enrol` keeps them from being guessed. */
const codeLength = 8;

/** Creates and changes courses, and says which ones people have. */
export class Courses {
  readonly #options: CoursesOptions;

  constructor(options: CoursesOptions) {
    this.#options = options;
  }

  /** @throws CodedError `category.notFound`, `course.limitReached` */
  async create(form: CourseForm, { userId: owner, roles }: Pick<Caller, 'userId' | 'roles'>): Promise<CourseRow> {
    const { courses, categories, enrolments, settings, clock, logger } = this.#options;
    if (settings.current.maxCoursesPerInstructor !== null) requireCourseAllowed(settings.current, { roles, courses: (await this.#owned(owner)).length });
    if (form.categoryId !== null) await categories.require(form.categoryId as CategoryId);
    const createdAt = toInstant(clock.nowMs());
    const course = await courses.add({ ...form, ownerId: owner, enrolmentCode: randomText(codeLength), createdAt });
    await enrolments.add({ courseId: course._id, userId: owner, role: 'owner', enrolledAt: createdAt });
    await this.makeFindable(course);
    logger.info({ courseId: course._id, userId: owner }, 'course.created');
    return course;
  }

  /** @throws CodedError `course.notFound`, `category.notFound` */
  async update(courseId: CourseId, { newEnrolmentCode, ...form }: CourseChangeForm): Promise<CourseRow> {
    const { courses, categories, clock } = this.#options;
    if (typeof form.categoryId === 'string') await categories.require(form.categoryId as CategoryId);
    const change = { ...form, updatedAt: toInstant(clock.nowMs()), ...(newEnrolmentCode ? { enrolmentCode: randomText(codeLength) } : {}) } as CourseChange;
    const course = await courses.update(courseId, change);
    if (form.title !== undefined || form.tags !== undefined) await this.makeFindable(course);
    return course;
  }

  /** Lets the courses of a person be found by the new name, and the person be sorted by it. */
  async renamed(userId: UserId): Promise<void> {
    await this.#options.enrolments.forgetName(userId);
    for (const course of await this.#options.courses.ownedBy(userId)) await this.makeFindable(course);
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

  /** The courses that the caller sees as a member, newest first, with the role in each. Students do not see drafts. */
  async ofUser({ userId, roles: siteRoles }: Pick<Caller, 'userId' | 'roles'>): Promise<{ course: CourseRow; role: CourseRole }[]> {
    const { courses, enrolments } = this.#options;
    const roles = new Map((await enrolments.ofUser(userId)).map(({ courseId, role }) => [courseId, roleNow(role, siteRoles)]));
    const rows = await courses.findMany([...roles.keys()] as CourseId[]);
    return rows.flatMap((course) => {
      const role = roles.get(course._id);
      return role && !(role === 'student' && course.state === 'draft') ? [{ course, role }] : [];
    });
  }

  async ownerNames(rows: readonly CourseRow[]): Promise<(course: CourseRow) => string> {
    const owners = await this.#options.accounts.findMany([...new Set(rows.map(({ ownerId }) => ownerId as UserId))]);
    return ({ ownerId }) => owners.get(ownerId as UserId)?.displayName ?? formerInstructorName;
  }

  /**
   * A course and the caller's role in it. @throws CodedError `course.notFound`; `course.notPublished` for a student of a draft;
   * `access.denied` without a role in a course that is closed, archived or a draft
   */
  async getFor(courseId: CourseId, { userId, roles }: Pick<Caller, 'userId' | 'roles'>): Promise<{ course: CourseRow; role: CourseRole | null }> {
    const { courses, enrolments, waiting } = this.#options;
    const [course, stored] = await Promise.all([courses.get(courseId), enrolments.roleOf(userId, courseId)]);
    const role = roleNow(stored, roles);
    if (roles.includes('admin')) return { course, role: role ?? null };
    if (role === 'student' && course.state === 'draft') throw new CodedError('course.notPublished', 'This course is not published yet. Your instructor will open it to you.');
    const isWaiting = role === undefined && (await waiting.find(courseId, userId)) !== undefined;
    const isVisible = role !== undefined || (course.state === 'published' && (course.enrolmentPolicy !== 'closed' || isWaiting));
    if (!isVisible) throw new CodedError('access.denied', 'You cannot open this course: it is closed, and you are not in it. Ask the instructor to add you.');
    return { course, role: role ?? null };
  }

  /**
   * Stores the words by which the course is found. Somebody may have changed the course meanwhile: the words of the last change
   * stay, whichever call ends last.
   */
  async makeFindable(course: CourseRow): Promise<void> {
    const { courses, search } = this.#options;
    for (let row: CourseRow | undefined = course; row; ) {
      await search.put(row, (await this.ownerNames([row]))(row));
      const now: CourseRow | undefined = await courses.find(courseIdOf(row));
      if (!now || now.version === row.version) return;
      row = now;
    }
  }

  async #owned(userId: UserId): Promise<CourseId[]> {
    return (await this.#options.enrolments.ofUser(userId)).filter(({ role }) => role === 'owner').map(({ courseId }) => courseId as CourseId);
  }
}
