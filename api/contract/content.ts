import * as z from 'zod';
import { VideoId } from '#engine/contract';
import { CourseParams } from './courses.ts';
import { maxListedVideos, maxPositionSeconds, maxReportedRanges } from './limits.ts';
import { NextCursor, pageQuery } from './paging.ts';
import { route } from './route.ts';
import { PlaybackView, Progress, VideoView } from './video.ts';

export const VideoParams = z.object({ videoId: VideoId });

const Position = z.number().min(0).max(maxPositionSeconds);
const WatchedSpan = z
  .object({ startSeconds: Position, endSeconds: Position })
  .refine(({ startSeconds, endSeconds }) => startSeconds < endSeconds, { path: ['endSeconds'], message: 'The end has to be after the start.' });

export const contentRoutes = {
  getVideo: route({
    method: 'GET',
    path: '/api/v1/content/:videoId',
    params: VideoParams,
    response: VideoView,
    auth: 'user',
    summary: 'Get a video.',
  }),
  getPlayback: route({
    method: 'GET',
    path: '/api/v1/content/:videoId/stream',
    params: VideoParams,
    response: PlaybackView,
    auth: 'user',
    summary: 'Get the signed playlist URLs of a video.',
  }),
  listVideos: route({
    method: 'GET',
    path: '/api/v1/courses/:courseId/videos',
    params: CourseParams,
    query: pageQuery({ size: maxListedVideos, maxSize: maxListedVideos, filters: {} }),
    response: z.object({ videos: z.array(VideoView), nextCursor: NextCursor }),
    auth: 'user',
    summary: 'List the videos of a course in its order: those that were given a place, then the others, the newest first.',
  }),
  getProgress: route({
    method: 'GET',
    path: '/api/v1/content/:videoId/progress',
    params: VideoParams,
    response: Progress,
    auth: 'user',
    summary: 'Get your position in a video.',
  }),
  saveProgress: route({
    method: 'PUT',
    path: '/api/v1/content/:videoId/progress',
    params: VideoParams,
    body: z.object({
      positionSeconds: z.number().min(0).max(maxPositionSeconds),
      isFinished: z.boolean().default(false),
      watched: z.array(WatchedSpan).max(maxReportedRanges).default([]).describe('Parts that were watched since the last save.'),
    }),
    response: Progress,
    auth: 'user',
    summary: 'Save your position in a video.',
  }),
};
