import type { AccessClaims, CourseId, LectureId, UserId, VideoId } from '#engine/contract';
import type { Caller } from './Caller.ts';

/** The live logins; an ended one has no caller, however long its access token still runs. */
export interface LoginDirectory {
  callerOf(claims: AccessClaims): Promise<Caller | undefined>;
}
