import { requireSiteRole } from '#engine';
import type { AccessPolicy } from '#engine';
import { CodedError, CourseId, LectureId, VideoId } from '#engine/contract';
import type { CourseAction } from '#engine/contract';
import type { TokenSigner } from '#engine/kernel';
import type { RouteAuth } from '../contract/index.ts';
import type { Caller, CourseAccess } from './Caller.ts';
import type { LoginDirectory } from './ports.ts';

export interface GatekeeperOptions {
  tokens: TokenSigner;
  logins: LoginDirectory;
  policy: AccessPolicy;
  /** @throws CodedError `video.notFound` */
  lectureOfVideo: (videoId: VideoId) => Promise<LectureId>;
}

/** Identifies the caller of a request and asks the access policy whether the caller may make it. */
export class Gatekeeper {
  readonly #options: GatekeeperOptions;

  constructor(options: GatekeeperOptions) {
    this.#options = options;
  }

  /** @throws CodedError `auth.required`, `auth.invalid`, `auth.expired`, `access.denied` */
  async identify(authorization: string | undefined, auth: RouteAuth): Promise<Caller | undefined> {
    if (auth === 'none') return undefined;
    const token = /^Bearer +(\S+)$/i.exec(authorization ?? '')?.[1];
    if (token === undefined) throw new CodedError('auth.required', 'Sign in first.');
    const caller = await this.#options.logins.callerOf(this.#options.tokens.verify('access', token));
    if (!caller) throw new CodedError('auth.invalid', 'Your session has ended. Sign in again.');
    requireSiteRole(caller.roles, auth);
    return caller;
  }

  /** @throws CodedError `access.denied`, `participant.removed`, `lecture.notFound`, `video.notFound` */
  async permit(caller: Caller, action: CourseAction, target: Readonly<Record<string, unknown>>): Promise<CourseAccess> {
    const lectureId = await this.#lectureIn(target);
    if (lectureId !== undefined) return this.#options.policy.requireInLecture(caller.userId, lectureId, action);
    const courseId = CourseId.parse(target.courseId);
    return { courseId, role: await this.#options.policy.requireInCourse(caller.userId, courseId, action) };
  }

  async #lectureIn({ videoId, lectureId }: Readonly<Record<string, unknown>>): Promise<LectureId | undefined> {
    if (videoId !== undefined) return this.#options.lectureOfVideo(VideoId.parse(videoId));
    return lectureId === undefined ? undefined : LectureId.parse(lectureId);
  }
}
