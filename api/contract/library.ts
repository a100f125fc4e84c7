import * as z from 'zod';
import { CategoryId, CourseId, Instant, VideoId } from '#engine/contract';
import { VideoSource, VideoState, VideoVisibility } from '#recorder/contract';
import { VideoParams } from './content.ts';
import { CourseDescription, normalisedTag, Tags } from './courseFields.ts';
import { libraryPageSize, maxBulkVideos, maxLibraryPageSize, maxListedVideos, maxSearchLength, maxTagLength, maxTitleLength } from './limits.ts';
import { NextCursor, pageQuery } from './paging.ts';
import { route } from './route.ts';
import { typedLine } from './text.ts';
import { Progress, VideoView } from './video.ts';

export const VideoTitle = typedLine({ max: maxTitleLength, empty: 'Give the video a title.' });

const changes = {
  title: VideoTitle,
  description: CourseDescription,
  tags: Tags,
  categoryId: CategoryId.nullable(),
  isDownloadable: z.boolean(),
  visibility: VideoVisibility,
  visibleFrom: Instant.nullable().describe('Before it, only those who manage videos see it; null: at once.'),
};

/** What a person changes of a video. Fields that are left out stay. */
export const VideoChange = z.object(changes).partial();
export type VideoChange = z.infer<typeof VideoChange>;

/** `order`: that of its course, for the videos of one course. */
export const LibraryOrder = z.enum(['newest', 'title', 'longest', 'largest', 'order']);
export type LibraryOrder = z.infer<typeof LibraryOrder>;

const filters = {
  search: z.string().trim().max(maxSearchLength).optional().describe('Words of the title, or the beginnings or parts of them.'),
  courseId: CourseId.optional().describe('Only of this course.'),
  state: VideoState.optional(),
  source: VideoSource.optional(),
  visibility: VideoVisibility.optional(),
  tag: z.string().max(maxTagLength).overwrite(normalisedTag).optional(),
  categoryId: CategoryId.optional(),
  sort: LibraryOrder.default('newest'),
};

/** A video in the library, with the position of the person who looks. */
export const LibraryVideo = VideoView.extend({ progress: Progress.nullable().describe('Null for a video that you have never watched.') });
export type LibraryVideo = z.infer<typeof LibraryVideo>;

/** What is done to several videos at once. */
export const BulkAction = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('visibility'), visibility: VideoVisibility }),
  z.object({ kind: z.literal('download'), isDownloadable: z.boolean() }),
  z.object({ kind: z.literal('category'), categoryId: CategoryId.nullable() }),
  z.object({ kind: z.literal('tags'), add: Tags.default([]), remove: Tags.default([]) }),
  z.object({ kind: z.literal('move'), to: z.enum(['first', 'last']) }),
  z.object({ kind: z.literal('transcode') }),
  z.object({ kind: z.literal('delete') }),
  z.object({ kind: z.literal('restore') }),
]);
export type BulkAction = z.infer<typeof BulkAction>;

const BulkResult = z.object({
  videoId: VideoId,
  problem: z.object({ code: z.string(), message: z.string() }).nullable().describe('Why nothing was changed; null if it was done.'),
});

export const libraryRoutes = {
  listLibrary: route({
    method: 'GET',
    path: '/api/v1/content',
    query: pageQuery({ size: libraryPageSize, maxSize: maxLibraryPageSize, filters }),
    response: z.object({ videos: z.array(LibraryVideo), nextCursor: NextCursor }),
    auth: 'user',
    summary: 'List the videos of your courses, in pages. A page may have fewer videos than its limit and be followed by others.',
  }),
  updateVideo: route({
    method: 'PUT',
    path: '/api/v1/content/:videoId/update',
    params: VideoParams,
    body: VideoChange,
    response: VideoView,
    auth: 'user',
    summary: 'Change what a video says about itself, and who may watch it.',
  }),
  moveVideo: route({
    method: 'PUT',
    path: '/api/v1/content/:videoId/position',
    params: VideoParams,
    body: z.object({ position: z.number().int().min(0).max(maxListedVideos).describe('0 for the first place among the videos of its course. A place behind the last one is the last one.') }),
    response: VideoView,
    auth: 'user',
    summary: 'Move a video to another place in its course.',
  }),
  changeVideos: route({
    method: 'POST',
    path: '/api/v1/content/bulk',
    body: z.object({ videoIds: z.array(VideoId).min(1).max(maxBulkVideos), action: BulkAction }),
    response: z.object({ results: z.array(BulkResult) }),
    auth: 'user',
    summary: 'Do the same to several videos. Each of them has a result of its own, in the order of the request.',
  }),
};
