import { CodedError, CourseId, LectureId, VideoId, may } from '#engine/contract';
import type { CourseRoles } from '#engine';
import type { CourseAction } from '#engine/contract';
import type { TokenSigner } from '#engine/kernel';
import type { RouteAuth } from '../contract/index.ts';
import type { Caller, CourseAccess } from './Caller.ts';
import type { CourseTargets, LoginDirectory } from './ports.ts';

export interface GatekeeperOptions {
  tokens: TokenSigner;
  logins: LoginDirectory;
  courseRoles: CourseRoles;
  targets: CourseTargets;
}

/** Decides who a request comes from and whether it may be done: the one place of the API that does. */
export class Gatekeeper {
  readonly #options: GatekeeperOptions;

  constructor(options: GatekeeperOptions) {
    this.#options = options;
  }

  /** @throws CodedError `auth.required`, `auth.invalid`, `auth.expired`, `access.denied` */
  async identify(authorization: string | undefined, auth: RouteAuth): Promise<Caller | undefined> {
    if (auth === 'none') return undefined;
    const token = /^Bearer +(\S+)$/i.exec(authorization ?? '')?.[1];
    if (token === undefined) throw new CodedError('auth.required', 'Log in first.');
    const caller = await this.#options.logins.callerOf(this.#options.tokens.verify('access', token));
    if (!caller) throw new CodedError('auth.invalid', 'This login has ended. Log in again.');
    requireSiteRole(caller, auth);
    return caller;
  }

  /** @throws CodedError `access.denied`, `participant.removed`, and `….notFound` for what the request is about */
  async permit(caller: Caller, action: CourseAction, fields: Readonly<Record<string, unknown>>): Promise<CourseAccess> {
    const target = await this.#targetOf(fields);
    const role = await this.#options.courseRoles.roleOf(caller.userId, target.courseId);
    if (role === undefined) throw new CodedError('access.denied', 'You are not enrolled in this course.');
    if (!may(role, action)) throw new CodedError('access.denied', 'Your role in this course does not allow that.');
    if (role === 'student' && target.lectureId && (await this.#options.targets.isRemoved(caller.userId, target.lectureId))) {
      throw new CodedError('participant.removed', 'You were removed from this lecture.');
    }
    return { courseId: target.courseId, role };
  }

  async #targetOf(fields: Readonly<Record<string, unknown>>): Promise<{ courseId: CourseId; lectureId?: LectureId }> {
    const { targets } = this.#options;
    if (fields.videoId !== undefined) return targets.ofVideo(VideoId.parse(fields.videoId));
    if (fields.lectureId !== undefined) {
      const lectureId = LectureId.parse(fields.lectureId);
      return { lectureId, courseId: await targets.ofLecture(lectureId) };
    }
    return { courseId: CourseId.parse(fields.courseId) };
  }
}

function requireSiteRole(caller: Caller, auth: RouteAuth): void {
  const isAllowed = auth === 'user' || caller.roles.includes('admin') || (auth === 'instructor' && caller.roles.includes('instructor'));
  if (isAllowed) return;
  const who = auth === 'admin' ? 'administrators' : 'instructors';
  throw new CodedError('access.denied', `Only ${who} can do that. An administrator can give you the role.`);
}
