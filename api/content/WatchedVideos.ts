import { may } from '#engine/contract';
import type { CourseId, UserId, VideoId } from '#engine/contract';
import type { CourseStore } from '../courses/CourseStore.ts';
import type { EnrolmentStore } from '../courses/EnrolmentStore.ts';
import type { ProgressStore } from './ProgressStore.ts';
import type { VideoCatalog } from './VideoCatalog.ts';
import type { VideoViews } from './VideoViews.ts';

export interface WatchedVideosOptions {
  progress: ProgressStore;
  videoCatalog: VideoCatalog;
  views: VideoViews;
  courses: CourseStore;
  enrolments: Pick<EnrolmentStore, 'ofUser'>;
}

/** The videos that a user has started and not finished, and may still watch. */
export class WatchedVideos {
  readonly #options: WatchedVideosOptions;

  constructor(options: WatchedVideosOptions) {
    this.#options = options;
  }

  async unfinished(userId: UserId, limit: number) {
    const { progress, videoCatalog, views, courses, enrolments } = this.#options;
    const rows = await progress.latest(userId, limit);
    if (rows.length === 0) return [];
    const [found, enrolled] = await Promise.all([videoCatalog.getMany(rows.map(({ videoId }) => videoId as VideoId)), enrolments.ofUser(userId)]);
    const roles = new Map(enrolled.map(({ courseId, role }) => [courseId as CourseId, role]));
    const allowed = found.filter(({ courseId }) => may(roles.get(courseId), 'lecture.watch'));
    const videos = new Map<string, (typeof allowed)[number]>(allowed.map((video) => [video.id, video]));
    const titles = new Map((await courses.findMany([...new Set(allowed.map(({ courseId }) => courseId))])).map(({ _id, title }) => [_id, title]));
    return rows.flatMap((row) => {
      const video = videos.get(row.videoId);
      const courseTitle = video && titles.get(video.courseId);
      return video && courseTitle !== undefined ? [{ video: views.view(video, { userId, courseTitle }), progress: row }] : [];
    });
  }
}
