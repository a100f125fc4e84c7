import { may } from '#engine/contract';
import type { CourseId } from '#engine/contract';
import { toInstant } from '#engine/kernel';
import type { Clock } from '#engine/kernel';
import type { Caller, Handlers } from '../access/index.ts';
import type { contentRoutes } from '../contract/index.ts';
import type { CourseStore } from '../courses/CourseStore.ts';
import type { WatchedStore } from '../progress/index.ts';
import type { ProgressStore } from './ProgressStore.ts';
import { pageOfRows } from '../paging/index.ts';
import type { VideoCatalog } from './VideoCatalog.ts';
import { shownSeconds, sourceSeconds, sourceSpans } from './editedPositions.ts';
import { placeInCourse } from './videoOrder.ts';
import type { Viewer, VideoViews } from './VideoViews.ts';

export interface ContentHandlersOptions {
  videoCatalog: VideoCatalog;
  views: VideoViews;
  progress: ProgressStore;
  ranges: Pick<WatchedStore, 'add'>;
  courses: CourseStore;
  clock: Clock;
}

export function contentHandlers({ videoCatalog, views, progress, ranges, courses, clock }: ContentHandlersOptions): Handlers<keyof typeof contentRoutes> {
  const titleOf = async (courseId: CourseId) => (await courses.get(courseId)).title;
  return {
    getVideo: async ({ params, course, caller }) => {
      const video = await videoCatalog.get(params.videoId);
      return views.view(video, { ...viewerOf(caller), courseTitle: await titleOf(course.courseId) });
    },
    getPlayback: async ({ params, course, caller }) => {
      const video = await videoCatalog.get(params.videoId);
      return views.playback(video, { ...viewerOf(caller), courseTitle: await titleOf(course.courseId) });
    },
    listVideos: async ({ params, query, course, caller }) => {
      const viewer = { ...viewerOf(caller), courseTitle: await titleOf(params.courseId) };
      const shown = (await videoCatalog.ofCourse(params.courseId)).filter(({ hidden }) => hidden === null || may(course.role, 'video.manage'));
      const placed = shown.map((video) => ({ _id: video.id, video, place: placeInCourse(video) }));
      const { rows, nextCursor } = pageOfRows(placed, { list: `videos ${params.courseId}`, sortBy: 'place', direction: 1, ...query });
      return { videos: rows.map(({ video }) => views.view(video, viewer)), nextCursor };
    },
    getProgress: async ({ params, caller }) => {
      const [mark, { kept }] = [await progress.find(caller.userId, params.videoId), await videoCatalog.get(params.videoId)];
      return mark ? { ...mark, positionSeconds: shownSeconds(kept, mark.positionSeconds) } : { positionSeconds: 0, isFinished: false, updatedAt: null };
    },
    saveProgress: async ({ params, body: { watched, ...body }, caller, course: { courseId } }) => {
      const { kept } = await videoCatalog.get(params.videoId);
      const mark = { ...body, updatedAt: toInstant(clock.nowMs()) };
      const added = watched.flatMap((span) => sourceSpans(kept, span));
      if (added.length > 0) await ranges.add({ userId: caller.userId, videoId: params.videoId, courseId, ranges: added, at: mark.updatedAt });
      await progress.put(caller.userId, params.videoId, { ...mark, positionSeconds: sourceSeconds(kept, mark.positionSeconds) });
      return mark;
    },
  };
}

function viewerOf({ userId, loginId }: Caller): Viewer {
  return { userId, loginId };
}
