import { CodedError, isPossibleIn, may, mayAdministrate } from '../contract/index.ts';
import type { CourseAction, CourseCondition, CourseId, CourseRole, LectureId, UserId } from '../contract/index.ts';
import type { CourseRoles } from './ports.ts';

/** What the policy asks about lectures. `LectureRegistry` answers it. */
export interface LectureFacts {
  /** @throws CodedError `lecture.notFound` */
  courseOf(lectureId: LectureId): Promise<CourseId>;
  isRemoved(userId: UserId, lectureId: LectureId): Promise<boolean>;
}

export interface AccessPolicyOptions {
  courseRoles: CourseRoles;
  lectures: LectureFacts;
}

/** A person's relation to one lecture. */
export interface LectureStanding {
  /** The role in the lecture's course now; undefined without an enrolment. */
  role: CourseRole | undefined;
  /** Of the lecture's course; `published` when left out or unknown. */
  condition?: CourseCondition | undefined;
  /** A moderator removed the person from this lecture. */
  isRemoved: boolean;
}

interface Request {
  userId: UserId;
  courseId: CourseId;
  action: CourseAction;
}

/**
 * Who may do what in a course and in its lectures: the only place that decides it, for REST, rooms and media.
 * A removal from a lecture holds for its room, chat and replay, and for every role but `owner`, also one that was given
 * after the removal. An administrator may end, list, delete and restore what others own. In a draft, students may nothing; in an
 * archived course, nobody may start or change anything; a deleted one can only be restored.
 */
export class AccessPolicy {
  readonly #options: AccessPolicyOptions;

  constructor(options: AccessPolicyOptions) {
    this.#options = options;
  }

  /**
   * The role that allows the action; an administrator without a role acts as the owner.
   * @throws CodedError `access.denied`, `enrolment.removed`
   */
  async requireInCourse(userId: UserId, courseId: CourseId, action: CourseAction): Promise<CourseRole> {
    const place = await this.#options.courseRoles.placeOf(userId, courseId);
    return this.#require({ ...place, isRemoved: false }, { userId, courseId, action });
  }

  /** @throws CodedError `access.denied`, `enrolment.removed`, `participant.removed`, `lecture.notFound` */
  async requireInLecture(userId: UserId, lectureId: LectureId, action: CourseAction): Promise<{ courseId: CourseId; role: CourseRole }> {
    const { courseRoles, lectures } = this.#options;
    const courseId = await lectures.courseOf(lectureId);
    const place = await courseRoles.placeOf(userId, courseId);
    const isRemoved = await lectures.isRemoved(userId, lectureId);
    return { courseId, role: await this.#require({ ...place, isRemoved }, { userId, courseId, action }) };
  }

  /** False where `requireInLecture` refuses to let the person watch. @throws CodedError `lecture.notFound` */
  async mayWatch(userId: UserId, lectureId: LectureId): Promise<boolean> {
    const { courseRoles, lectures } = this.#options;
    const place = await courseRoles.placeOf(userId, await lectures.courseOf(lectureId));
    return refusalOf({ ...place, isRemoved: await lectures.isRemoved(userId, lectureId) }, 'lecture.watch') === undefined;
  }

  /** Those of the lectures that the person may watch. Asks for the role once in each course. */
  async watchable<T extends { lectureId: LectureId; courseId: CourseId }>(userId: UserId, among: readonly T[]): Promise<T[]> {
    const { courseRoles, lectures } = this.#options;
    const places = new Map<CourseId, Omit<LectureStanding, 'isRemoved'>>();
    for (const courseId of new Set(among.map((one) => one.courseId))) places.set(courseId, await courseRoles.placeOf(userId, courseId));
    const standings = await Promise.all(among.map(async ({ lectureId, courseId }) => ({ role: undefined, ...places.get(courseId), isRemoved: await lectures.isRemoved(userId, lectureId) })));
    return among.filter((_, index) => refusalOf(standings[index] as LectureStanding, 'lecture.watch') === undefined);
  }

  async #require(standing: LectureStanding, { userId, courseId, action }: Request): Promise<CourseRole> {
    const { courseRoles } = this.#options;
    const refusal = refusalOf(standing, action);
    if (!refusal) return standing.role as CourseRole;
    if (mayAdministrate(action) && (await courseRoles.isAdmin(userId))) return requirePossible(standing, action) ?? 'owner';
    if (standing.role === undefined && (await courseRoles.isRemovedFromCourse(userId, courseId))) throw removedFromCourse();
    throw refusal;
  }
}

/** The role that allows the action. @throws CodedError `access.denied`, `participant.removed` */
export function requireAllowed(standing: LectureStanding, action: CourseAction): CourseRole {
  const refusal = refusalOf(standing, action);
  if (refusal) throw refusal;
  return standing.role as CourseRole;
}

export function removedFromCourse(): CodedError {
  return new CodedError('enrolment.removed', 'You were removed from this course. If this is a mistake, ask the instructor to let you in again.');
}

/** Returns the role. @throws CodedError `course.notFound`, `course.archived` */
function requirePossible({ role, condition = 'published' }: LectureStanding, action: CourseAction): CourseRole | undefined {
  const refusal = isPossibleIn(condition, action) ? undefined : conditionRefusal(condition);
  if (refusal) throw refusal;
  return role;
}

function conditionRefusal(condition: CourseCondition): CodedError {
  if (condition === 'deleted') return new CodedError('course.notFound', 'This course was deleted. For some days, its owner can restore it.');
  return new CodedError('course.archived', 'This course is archived: its recordings can be watched, and nothing new starts. The owner can take it out of the archive.');
}

function refusalOf({ role, isRemoved, condition = 'published' }: LectureStanding, action: CourseAction): CodedError | undefined {
  if (role !== undefined && condition === 'deleted' && !isPossibleIn(condition, action)) return conditionRefusal(condition);
  if (role === 'student' && condition === 'draft') return new CodedError('course.notPublished', 'This course is not published yet. Your instructor will open it to you.');
  if (role === undefined) return new CodedError('access.denied', 'You are not in this course. Open the course link from your instructor and join the course first.');
  if (isRemoved && role !== 'owner') return new CodedError('participant.removed', 'You were removed from this lecture and cannot rejoin. If this is a mistake, talk to the instructor.');
  if (!may(role, action)) return new CodedError('access.denied', `Your role in this course (${role}) does not allow this. Ask the instructor of the course to change it.`);
  return isPossibleIn(condition, action) ? undefined : conditionRefusal(condition);
}

/** @throws CodedError `access.denied` for a role that does not present */
export function requirePresenter({ role }: { role: CourseRole }): void {
  if (!may(role, 'lecture.present')) throw new CodedError('access.denied', 'You cannot send video or audio: only presenters can. Open the lecture in the studio.');
}
