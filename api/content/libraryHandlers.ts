import type { AccessPolicy } from '#engine';
import type { CategoryId, VideoId } from '#engine/contract';
import type { Bus, Clock, Database, Logger } from '#engine/kernel';
import type { TranscodeRequests } from '#recorder';
import type { Call, Caller, Handlers } from '../access/index.ts';
import type { libraryRoutes } from '../contract/index.ts';
import type { Courses } from '../courses/Courses.ts';
import type { CourseStore } from '../courses/CourseStore.ts';
import type { Removal } from '../removal/Removal.ts';
import { BulkChanges } from './BulkChanges.ts';
import { Library } from './Library.ts';
import type { ProgressStore } from './ProgressStore.ts';
import type { VideoCatalog } from './VideoCatalog.ts';
import { VideoEdits } from './VideoEdits.ts';
import type { VideoViews } from './VideoViews.ts';

export interface LibraryHandlersOptions {
  database: Database;
  bus: Bus;
  clock: Clock;
  logger: Logger;
  videoCatalog: VideoCatalog;
  views: VideoViews;
  progress: ProgressStore;
  courses: Courses;
  courseStore: CourseStore;
  categories: { require(categoryId: CategoryId): Promise<void> };
  removal: Removal;
  transcodes: TranscodeRequests;
  policy: AccessPolicy;
}

/** The library of a person, and what people change of videos. */
export function libraryHandlers(options: LibraryHandlersOptions): Handlers<keyof typeof libraryRoutes> {
  const { views, progress, courseStore, videoCatalog } = options;
  const library = new Library(options);
  const edits = new VideoEdits(options);
  const bulk = new BulkChanges({ ...options, edits });
  const viewOf = async (videoId: VideoId, { caller, course }: Pick<Call<'updateVideo'>, 'caller' | 'course'>) =>
    views.view(await videoCatalog.get(videoId), { ...viewerOf(caller), courseTitle: (await courseStore.get(course.courseId)).title });
  return {
    listLibrary: async ({ caller, query }) => {
      const { videos, nextCursor } = await library.page(caller, query);
      const marks = await progress.findMany(caller.userId, videos.map(({ video }) => video.id));
      return { videos: videos.map(({ video, courseTitle }) => ({ ...views.view(video, { ...viewerOf(caller), courseTitle }), progress: marks.get(video.id) ?? null })), nextCursor };
    },
    updateVideo: async ({ params: { videoId }, body, ...call }) => {
      const { title, visibility } = await videoCatalog.get(videoId);
      await edits.update(videoId, body);
      call.note({ ...(body.title !== undefined && { titleBefore: title }), ...(body.visibility !== undefined && { visibilityBefore: visibility }) });
      return viewOf(videoId, call);
    },
    moveVideo: async ({ params: { videoId }, body, ...call }) => {
      await edits.move(videoId, body.position);
      return viewOf(videoId, call);
    },
    changeVideos: async ({ caller, body }) => ({ results: await bulk.run(caller, body.videoIds, body.action) }),
  };
}

function viewerOf({ userId, loginId }: Caller) {
  return { userId, loginId };
}
