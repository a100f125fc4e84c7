import type { AccessPolicy } from '#engine';
import type { VideoId } from '#engine/contract';
import type { Caller } from '../access/index.ts';
import type { CourseStore } from '../courses/CourseStore.ts';
import type { ProgressStore } from './ProgressStore.ts';
import { shownSeconds } from './editedPositions.ts';
import type { VideoCatalog } from './VideoCatalog.ts';
import type { VideoViews } from './VideoViews.ts';

export interface WatchedVideosOptions {
  progress: ProgressStore;
  videoCatalog: VideoCatalog;
  views: VideoViews;
  courses: CourseStore;
  policy: AccessPolicy;
}

/** The videos that a user has started and not finished, and may still watch. */
export class WatchedVideos {
  readonly #options: WatchedVideosOptions;

  constructor(options: WatchedVideosOptions) {
    this.#options = options;
  }

  async unfinished(viewer: Pick<Caller, 'userId' | 'loginId'>, limit: number) {
    const { progress, videoCatalog, views, courses, policy } = this.#options;
    const rows = await progress.latest(viewer.userId, limit);
    if (rows.length === 0) return [];
    const found = await videoCatalog.getMany(rows.map(({ videoId }) => videoId as VideoId));
    const allowed = await policy.watchable(viewer.userId, found);
    const videos = new Map<string, (typeof allowed)[number]>(allowed.map((video) => [video.id, video]));
    const titles = new Map((await courses.findMany([...new Set(allowed.map(({ courseId }) => courseId))])).map(({ _id, title }) => [_id, title]));
    return rows.flatMap((row) => {
      const video = videos.get(row.videoId);
      const courseTitle = video && titles.get(video.courseId);
      return video && courseTitle !== undefined ? [{ video: views.view(video, { ...viewer, courseTitle }), progress: { ...row, positionSeconds: shownSeconds(video.kept, row.positionSeconds) } }] : [];
    });
  }
}
