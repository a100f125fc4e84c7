// Responsible for what is discussed: which lecture or video a comment belongs to, who may see it, and where its moments are.
import type { AccessPolicy, VideoPlace } from '#engine';
import { LectureId, VideoId } from '#engine/contract';
import type { UserId , CourseId} from '#engine/contract';
import { keptSpans, toEditedMs, toSourceMs } from '#recorder/contract';
import type { Span } from '#recorder/contract';
import type { VideoRow, VideoStore } from '#recorder';
import type { VideoCatalog } from '../content/VideoCatalog.ts';
import type { CommentRow } from './CommentStore.ts';

/** A lecture with its recording, or an uploaded video. */
export interface Subject {
  id: LectureId | VideoId;
  courseId: CourseId;
  /** The parts of the video that are shown; undefined without one, and while no part is cut. */
  kept: readonly Span[] | undefined;
}

export interface SubjectsOptions {
  videos: Pick<VideoStore, 'get'>;
  videoCatalog: Pick<VideoCatalog, 'get' | 'ofLectures'>;
  policy: Pick<AccessPolicy, 'requireForVideo' | 'requireInLecture'>;
}

export class Subjects {
  readonly #options: SubjectsOptions;

  constructor(options: SubjectsOptions) {
    this.#options = options;
  }

  /** @throws CodedError `video.notFound` */
  async ofVideo(videoId: VideoId): Promise<Subject> {
    const video = await this.#options.videoCatalog.get(videoId);
    return { id: video.lectureId ?? videoId, courseId: video.courseId, kept: keptOf(await this.#options.videos.get(videoId)) };
  }

  async ofLecture(lectureId: LectureId, courseId: CourseId): Promise<Subject> {
    const [video] = await this.#options.videoCatalog.ofLectures([lectureId]);
    return { id: lectureId, courseId, kept: video && keptOf(await this.#options.videos.get(video.id)) };
  }

  async ofComment({ subjectId, courseId }: CommentRow): Promise<Subject> {
    return isLecture(subjectId) ? this.ofLecture(subjectId, courseId) : this.ofVideo(VideoId.parse(subjectId));
  }

  /** Whoever may not watch what is discussed sees no comment on it. @throws CodedError `access.denied`, `participant.removed`, `video.hidden`, `video.notFound` */
  async requireVisible({ subjectId }: CommentRow, userId: UserId): Promise<void> {
    const { policy, videoCatalog } = this.#options;
    if (isLecture(subjectId)) await policy.requireInLecture(userId, subjectId, 'comment.read');
    else await policy.requireForVideo(userId, (await videoCatalog.get(VideoId.parse(subjectId))) satisfies VideoPlace, 'comment.read');
  }
}

export function isLecture(subjectId: string): subjectId is LectureId {
  return LectureId.safeParse(subjectId).success;
}

/** Source time of a moment that a viewer sees. */
export function sourceMsOf({ kept }: Subject, atSeconds: number): number {
  const atMs = Math.round(atSeconds * 1000);
  return kept ? toSourceMs(kept, atMs) : atMs;
}

/** The moment as viewers see it; null when it is cut. */
export function atSecondsOf({ kept }: Subject, atMs: number | null): number | null {
  if (atMs === null) return null;
  const shownMs = kept ? toEditedMs(kept, atMs) : atMs;
  return shownMs === null ? null : shownMs / 1000;
}

function keptOf(video: VideoRow): Span[] | undefined {
  return video.cuts.length > 0 ? keptSpans(video.durationSeconds * 1000, video.cuts) : undefined;
}
