import { CodedError, isPossibleIn, may, mayAdministrate, meetsScope, meetsSiteRequirement } from '../contract/index.ts';
import type { CourseAction, CourseCondition, CourseId, CourseRole, LectureId, NeededScope, SiteRequirement, SiteRole, TokenScope, UserId } from '../contract/index.ts';
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

/** A video, as far as its place decides who may watch it. */
export interface VideoPlace {
  courseId: CourseId;
  /** The lecture that it is a recording of; null for an upload, which no removal from a lecture hides. */
  lectureId: LectureId | null;
  /** Only those who manage videos see it: it is `deleted`, or `closed`: not open yet, not playable yet, or failed. */
  hidden: 'deleted' | 'closed' | null;
}

interface Request {
  userId: UserId;
  courseId: CourseId;
  action: CourseAction;
  isAdminAllowed: boolean;
}

export interface PolicyOptions {
  /** False for an access token without the scope of administrators. */
  isAdminAllowed?: boolean;
}

/**
 * Who may do what in a course and in its lectures: the only place that decides it, for REST, rooms and media.
 * A removal from a lecture holds for its room, chat and replay, and for every role but `owner`, also one that was given
 * after the removal. An administrator may end, list, delete and restore what others own, and look after their videos, without watching them. In a draft, students may nothing; in an
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
  // eslint-disable-next-line max-params
  async requireInCourse(userId: UserId, courseId: CourseId, action: CourseAction, { isAdminAllowed = true }: PolicyOptions = {}): Promise<CourseRole> {
    const place = await this.#options.courseRoles.placeOf(userId, courseId);
    return this.#require({ ...place, isRemoved: false }, { userId, courseId, action, isAdminAllowed });
  }

  /** @throws CodedError `access.denied`, `enrolment.removed`, `participant.removed`, `lecture.notFound` */
  // eslint-disable-next-line max-params
  async requireInLecture(userId: UserId, lectureId: LectureId, action: CourseAction, { isAdminAllowed = true }: PolicyOptions = {}): Promise<{ courseId: CourseId; role: CourseRole }> {
    const { courseRoles, lectures } = this.#options;
    const courseId = await lectures.courseOf(lectureId);
    const place = await courseRoles.placeOf(userId, courseId);
    const isRemoved = await lectures.isRemoved(userId, lectureId);
    return { courseId, role: await this.#require({ ...place, isRemoved }, { userId, courseId, action, isAdminAllowed }) };
  }

  /** For what is done in the name of an administrator later. @throws CodedError `access.denied` */
  async requireAdmin(userId: UserId): Promise<void> {
    requireSiteRole((await this.#options.courseRoles.isAdmin(userId)) ? ['admin'] : [], 'admin');
  }

  /**
   * What a person may do with a video: by its course, and by the lecture that it is a recording of.
   * @throws CodedError `access.denied`, `enrolment.removed`, `participant.removed`, `lecture.notFound`, `video.notFound`, `video.hidden`
   */
  // eslint-disable-next-line max-params
  async requireForVideo(userId: UserId, video: VideoPlace, action: CourseAction, { isAdminAllowed = true }: PolicyOptions = {}): Promise<{ courseId: CourseId; role: CourseRole }> {
    const { courseId } = video;
    const place = await this.#options.courseRoles.placeOf(userId, courseId);
    const standing = { ...place, isRemoved: await this.#isRemoved(userId, video) };
    const role = await this.#require(standing, { userId, courseId, action, isAdminAllowed });
    const refusal = hiddenRefusal(role, video);
    if (refusal) throw refusal;
    return { courseId, role };
  }

  /** False where `requireForVideo` refuses to let the person watch. @throws CodedError `lecture.notFound` */
  async mayWatchVideo(userId: UserId, video: VideoPlace): Promise<boolean> {
    return (await this.watchable(userId, [video])).length > 0;
  }

  /** Those of the videos that the person may watch. Asks for the role once in each course. */
  async watchable<T extends VideoPlace>(userId: UserId, among: readonly T[]): Promise<T[]> {
    const { courseRoles } = this.#options;
    const places = new Map<CourseId, Omit<LectureStanding, 'isRemoved'>>();
    for (const courseId of new Set(among.map((one) => one.courseId))) places.set(courseId, await courseRoles.placeOf(userId, courseId));
    const standings = await Promise.all(among.map(async (video): Promise<LectureStanding> => ({ role: undefined, ...places.get(video.courseId), isRemoved: await this.#isRemoved(userId, video) })));
    return among.filter((video, index) => {
      const standing = standings[index] as LectureStanding;
      return (refusalOf(standing, 'lecture.watch') ?? hiddenRefusal(standing.role, video)) === undefined;
    });
  }

  async #isRemoved(userId: UserId, { lectureId }: Pick<VideoPlace, 'lectureId'>): Promise<boolean> {
    return lectureId !== null && (await this.#options.lectures.isRemoved(userId, lectureId));
  }

  async #require(standing: LectureStanding, { userId, courseId, action, isAdminAllowed }: Request): Promise<CourseRole> {
    const { courseRoles } = this.#options;
    const refusal = refusalOf(standing, action);
    if (!refusal) return standing.role as CourseRole;
    if (isAdminAllowed && mayAdministrate(action) && (await courseRoles.isAdmin(userId))) return requirePossible(standing, action) ?? 'owner';
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

function hiddenRefusal(role: CourseRole | undefined, { hidden }: VideoPlace): CodedError | undefined {
  if (hidden === null || may(role, 'video.manage')) return undefined;
  if (hidden === 'deleted') return new CodedError('video.notFound', 'There is no such video.');
  return new CodedError('video.hidden', 'This video is not open yet. Ask the instructor of the course when it will be.');
}

/** Returns the role. @throws CodedError `course.notFound`, `course.archived` */
function requirePossible({ role, condition }: LectureStanding, action: CourseAction): CourseRole | undefined {
  if (condition === undefined) throw new CodedError('course.notFound', 'This course does not exist. It may have been deleted; check the link.');
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
  if (!may(role, action)) return roleRefusal(role, action);
  return isPossibleIn(condition, action) ? undefined : conditionRefusal(condition);
}

/** What a member of a room may do, by the role there. @throws CodedError `access.denied` */
export function requireRole({ role }: { role: CourseRole }, action: CourseAction): void {
  if (!may(role, action)) throw roleRefusal(role, action);
}

/** What the site requires of an account. @throws CodedError `access.denied` */
export function requireSiteRole(roles: readonly SiteRole[], required: SiteRequirement): void {
  if (meetsSiteRequirement(roles, required)) return;
  const who = required === 'admin' ? 'administrators' : 'instructors';
  throw new CodedError('access.denied', `Only ${who} can do this. Ask an administrator to give you the role.`);
}

/** What an access token may do, as far as its account may. A login, which has no scopes, may do all of it. @throws CodedError `access.denied` */
export function requireScope(scopes: readonly TokenScope[] | undefined, needed: NeededScope): void {
  if (scopes === undefined || meetsScope(scopes, needed)) return;
  const reason = needed === 'never' ? 'This is not for access tokens: sign in to do it.' : `This access token has no scope ${needed}. Make another one.`;
  throw new CodedError('access.denied', reason);
}

/** Moderators act on members of the course, in the room or not, except its owners. @throws CodedError `access.denied` */
export function requireSubject(subjectRole: CourseRole | undefined): void {
  if (subjectRole === 'owner') throw new CodedError('access.denied', 'The owner of the course cannot be muted or removed.');
}

/** What a person reads who asks for what their role does not allow, where there is more to say than that. */
const refusals: Partial<Record<CourseAction, string>> = {
  'lecture.present': 'You cannot send video or audio: only presenters can. Open the lecture in the studio.',
  'chat.post': 'Your role in this course does not allow you to write in the chat. Ask the instructor.',
  'chat.moderate': 'Only instructors and assistants can moderate the chat. Ask one of them.',
  'hand.lowerOthers': 'You cannot lower the hand of someone else: only instructors and assistants can.',
  'participant.remove': 'You cannot mute or remove people: only instructors and assistants can. Ask one of them.',
};

function roleRefusal(role: CourseRole, action: CourseAction): CodedError {
  return new CodedError('access.denied', refusals[action] ?? `Your role in this course (${role}) does not allow this. Ask the instructor of the course to change it.`);
}
