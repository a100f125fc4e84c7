import * as z from 'zod';
import { VideoParams } from './content.ts';
import { route } from './route.ts';
import { VideoView } from './video.ts';

/** Videos in a list of recommendations, at most: two rows of a wide page. */
export const maxRecommendations = 12;

/** Why a video is recommended: what counted most. */
export const RecommendationReason = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('next'), afterTitle: z.string().describe('The video that it follows in the order of its course.') }),
  z.object({ kind: z.literal('tags'), tags: z.array(z.string()).min(1).describe('Tags that both have.') }),
  z.object({ kind: z.literal('words'), words: z.array(z.string()).min(1).describe('Words that both speak of.') }),
  z.object({ kind: z.literal('watched'), afterTitle: z.string().describe('Others in the course who watched this one watched it, too.') }),
  z.object({ kind: z.literal('course') }).describe('It is in the same course.'),
  z.object({ kind: z.literal('new') }).describe('It is new in a course of the caller.'),
]);
export type RecommendationReason = z.infer<typeof RecommendationReason>;

export const Recommendation = z.object({ video: VideoView, reason: RecommendationReason });
export type Recommendation = z.infer<typeof Recommendation>;

const Recommendations = z.object({ videos: z.array(Recommendation).max(maxRecommendations).describe('The best first. Only videos that the caller may watch.') });

export const recommendationRoutes = {
  listRelated: route({
    method: 'GET',
    path: '/api/v1/content/:videoId/related',
    params: VideoParams,
    response: Recommendations,
    auth: 'user',
    summary: 'List what to watch after a video: the next one of the course, then related ones.',
  }),
  listRecommendations: route({
    method: 'GET',
    path: '/api/v1/home/recommendations',
    response: Recommendations,
    auth: 'user',
    summary: 'List what to watch next, by what you watched lately. Videos that you have started are in `continueWatching` of the home page.',
  }),
};
