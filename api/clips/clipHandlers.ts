import { CodedError, may, VideoId } from '#engine/contract';
import type { CourseRole } from '#engine/contract';
import { toInstant } from '#engine/kernel';
import type { Clock } from '#engine/kernel';
import { PlayableVideos } from '#recorder';
import type { ClipStore, VideoCuts, VideoRow, VideoStore } from '#recorder';
import { toSourceMs } from '#recorder/contract';
import type { Span } from '#recorder/contract';
import type { Handlers } from '../access/index.ts';
import { catalogVideo, keptOf } from '../content/recorderVideoCatalog.ts';
import type { VideoViews } from '../content/VideoViews.ts';
import type { clipRoutes, ClipsBy } from '../contract/index.ts';
import type { CourseStore } from '../courses/CourseStore.ts';

export interface ClipHandlersOptions {
  clips: ClipStore;
  cuts: Pick<VideoCuts, 'points'>;
  videos: VideoStore;
  views: VideoViews;
  courseStore: CourseStore;
  clock: Clock;
}

/** Clips of videos. A clip of a clip is one of the same original. */
export function clipHandlers({ clips, cuts, videos, views, courseStore, clock }: ClipHandlersOptions): Handlers<keyof typeof clipRoutes> {
  const playable = new PlayableVideos(videos);
  return {
    createClip: async ({ params, body, caller, course: { courseId, role } }) => {
      const { title: courseTitle, clipsBy } = await courseStore.get(courseId);
      if (!mayClip(role, clipsBy)) throw new CodedError('clip.notAllowed', 'You cannot make clips in this course. Ask its instructor.');
      const video = await playable.get(params.videoId);
      const original = await videos.get(video.clipOf?.videoId ?? video._id);
      const points = await cuts.points(original);
      const made = await clips.create({ original, points, ...sourceSpan(video, points, body), title: body.title, createdBy: caller.userId, createdAt: toInstant(clock.nowMs()) });
      return views.view(catalogVideo(await playable.get(made._id), clock.nowMs()), { ...caller, courseTitle });
    },
    listClips: async ({ params, caller, course: { courseId, role } }) => {
      const { title: courseTitle, clipsBy } = await courseStore.get(courseId);
      const video = await playable.get(params.videoId);
      const rows = await playable.getMany((await clips.of(video.clipOf?.videoId ?? video._id)).map(({ _id }) => VideoId.parse(_id)));
      const newestFirst = rows.toSorted((a, b) => (a.createdAt === b.createdAt ? (a._id < b._id ? 1 : -1) : a.createdAt < b.createdAt ? 1 : -1));
      const shown = newestFirst.map((row) => catalogVideo(row, clock.nowMs())).filter(({ hidden }) => hidden === null || (hidden === 'closed' && may(role, 'video.manage')));
      return { clips: shown.map((one) => views.view(one, { ...caller, courseTitle })), mayCreate: mayClip(role, clipsBy) };
    },
  };
}

function mayClip(role: CourseRole | undefined, clipsBy: ClipsBy): boolean {
  if (clipsBy === 'nobody' || !may(role, 'clip.create')) return false;
  return clipsBy === 'members' || may(role, 'video.manage');
}

/** What viewers see in this range, in source time. A live video is as long as what is recorded of it. */
function sourceSpan(video: VideoRow, points: readonly number[], { startMs, endMs }: Span): Span {
  const kept = keptOf(video);
  if (!kept) return { startMs, endMs: Math.min(endMs, points.at(-1) ?? 0) };
  // The end is the end of the last moment that is in it: at a cut, what follows is after the cut.
  return { startMs: toSourceMs(kept, startMs), endMs: toSourceMs(kept, endMs - 1) + 1 };
}
