import { requireScope, requireSiteRole } from '#engine';
import type { AccessPolicy, VideoPlace } from '#engine';
import { CodedError, CourseId, LectureId, meetsScope, VideoId } from '#engine/contract';
import type { CourseAction } from '#engine/contract';
import type { TokenSigner } from '#engine/kernel';
import { groupOf, scopeOf } from '../contract/index.ts';
import type { RouteSpec } from '../contract/index.ts';
import type { Caller, CourseAccess } from './Caller.ts';
import { isAccessToken } from './ports.ts';
import type { AccessTokenDirectory, LoginDirectory } from './ports.ts';

export interface GatekeeperOptions {
  tokens: TokenSigner;
  logins: LoginDirectory;
  accessTokens: AccessTokenDirectory;
  policy: AccessPolicy;
  /** @throws CodedError `video.notFound` */
  placeOfVideo: (videoId: VideoId) => Promise<VideoPlace>;
}

/** Identifies the caller of a request and asks the access policy whether the caller may make it. */
export class Gatekeeper {
  readonly #options: GatekeeperOptions;

  constructor(options: GatekeeperOptions) {
    this.#options = options;
  }

  /** @throws CodedError `auth.required`, `auth.invalid`, `auth.expired`, `access.denied` */
  async identify(authorization: string | undefined, spec: Pick<RouteSpec, 'auth' | 'method' | 'path'>): Promise<Caller | undefined> {
    if (spec.auth === 'none') return undefined;
    const token = /^Bearer +(\S+)$/i.exec(authorization ?? '')?.[1];
    if (token === undefined) throw new CodedError('auth.required', 'Sign in first.');
    const caller = await this.#callerOf(token, spec);
    requireSiteRole(caller.roles, spec.auth);
    return caller;
  }

  async #callerOf(token: string, spec: Pick<RouteSpec, 'auth' | 'method' | 'path'>): Promise<Caller> {
    if (!isAccessToken(token)) {
      const caller = await this.#options.logins.callerOf(this.#options.tokens.verify('access', token));
      if (caller) return caller;
      throw new CodedError('auth.invalid', 'Your session has ended. Sign in again.');
    }
    const caller = await this.#options.accessTokens.callerOf(token);
    if (!caller?.scopes) throw new CodedError('auth.invalid', 'This access token is not valid: it was revoked, or it has expired. Make another one.');
    requireScope(caller.scopes, scopeOf(spec));
    // With a token a person is an administrator only where the token says so.
    const isAdmin = meetsScope(caller.scopes, `admin:${groupOf(spec) ?? 'site'}`);
    return isAdmin ? caller : { ...caller, roles: caller.roles.filter((role) => role !== 'admin') };
  }

  /** @throws CodedError `access.denied`, `participant.removed`, `lecture.notFound`, `video.notFound`, `video.hidden` */
  async permit(caller: Caller, action: CourseAction, target: Readonly<Record<string, unknown>>): Promise<CourseAccess> {
    const { policy, placeOfVideo } = this.#options;
    const options = { isAdminAllowed: caller.scopes === undefined || caller.roles.includes('admin') };
    if (target.videoId !== undefined) return policy.requireForVideo(caller.userId, await placeOfVideo(VideoId.parse(target.videoId)), action, options);
    if (target.lectureId !== undefined) return policy.requireInLecture(caller.userId, LectureId.parse(target.lectureId), action, options);
    const courseId = CourseId.parse(target.courseId);
    return { courseId, role: await policy.requireInCourse(caller.userId, courseId, action, options) };
  }
}
