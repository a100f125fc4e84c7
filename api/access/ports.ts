import type { AccessClaims, CourseId, LectureId, UserId, VideoId } from '#engine/contract';
import type { Caller } from './Caller.ts';

/** The live logins; an ended one has no caller, however long its access token still runs. */
export interface LoginDirectory {
  callerOf(claims: AccessClaims): Promise<Caller | undefined>;
}

/** Which course a lecture or video belongs to. */
export interface CourseTargets {
  /** @throws CodedError `lecture.notFound` */
  ofLecture(lectureId: LectureId): Promise<CourseId>;
  /** @throws CodedError `video.notFound` */
  ofVideo(videoId: VideoId): Promise<{ courseId: CourseId; lectureId: LectureId }>;
  isRemoved(userId: UserId, lectureId: LectureId): Promise<boolean>;
}
