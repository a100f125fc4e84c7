import type { AccessPolicy } from '#engine';
import { isCoded } from '#engine/contract';
import type { VideoId } from '#engine/contract';
import type { CourseStore } from '../courses/CourseStore.ts';
import type { ProgressRow, ProgressStore } from './ProgressStore.ts';
import type { VideoCatalog } from './VideoCatalog.ts';
import type { Viewer, VideoViews } from './VideoViews.ts';

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

  async unfinished(viewer: Viewer, limit: number) {
    const rows = await this.#options.progress.latest(viewer.userId, limit);
    return (await Promise.all(rows.map((row) => this.#watched(viewer, row)))).filter((watched) => watched !== undefined);
  }

  async #watched(viewer: Viewer, row: ProgressRow) {
    const { videoCatalog, views, courses, policy } = this.#options;
    const video = await videoCatalog.get(row.videoId as VideoId).catch((error: unknown) => {
      if (isCoded(error, 'video.notFound')) return undefined;
      throw error;
    });
    if (!video || !(await policy.mayWatch(viewer.userId, video.lectureId))) return undefined;
    const { title: courseTitle } = await courses.get(video.courseId);
    return { video: views.view(video, { ...viewer, courseTitle }), progress: row };
  }
}
