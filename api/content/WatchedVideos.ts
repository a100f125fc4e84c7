import type { CourseRoles } from '#engine';
import { isCoded, may } from '#engine/contract';
import type { UserId, VideoId } from '#engine/contract';
import type { CourseStore } from '../courses/CourseStore.ts';
import type { ProgressRow, ProgressStore } from './ProgressStore.ts';
import type { VideoCatalog } from './VideoCatalog.ts';
import type { VideoViews } from './VideoViews.ts';

export interface WatchedVideosOptions {
  progress: ProgressStore;
  videoCatalog: VideoCatalog;
  views: VideoViews;
  courses: CourseStore;
  courseRoles: CourseRoles;
}

/** The videos that a user has started and not finished, and may still watch. */
export class WatchedVideos {
  readonly #options: WatchedVideosOptions;

  constructor(options: WatchedVideosOptions) {
    this.#options = options;
  }

  async unfinished(userId: UserId, limit: number) {
    const rows = await this.#options.progress.latest(userId, limit);
    return (await Promise.all(rows.map((row) => this.#watched(userId, row)))).filter((watched) => watched !== undefined);
  }

  async #watched(userId: UserId, row: ProgressRow) {
    const { videoCatalog, views, courses, courseRoles } = this.#options;
    const video = await videoCatalog.get(row.videoId as VideoId).catch((error: unknown) => {
      if (isCoded(error, 'video.notFound')) return undefined;
      throw error;
    });
    if (!video || !may(await courseRoles.roleOf(userId, video.courseId), 'lecture.watch')) return undefined;
    const { title: courseTitle } = await courses.get(video.courseId);
    return { video: views.view(video, { userId, courseTitle }), progress: row };
  }
}
