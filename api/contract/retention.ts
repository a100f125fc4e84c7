import * as z from 'zod';
import { Instant, VideoId } from '#engine/contract';
import { VideoSource } from '#recorder/contract';
import { VideoParams } from './content.ts';
import { CourseParams } from './courses.ts';
import { route } from './route.ts';

export const RetentionRule = z
  .union([z.enum(['site', 'never']), z.number().int('Enter a whole number.').min(1, 'At least one day.').max(36_500, 'At most 36500 days.')])
  .describe('Days after which it is deleted; `site`: as the site says; `never`: it is kept.');
export type RetentionRule = z.infer<typeof RetentionRule>;

export const CourseRetention = z.object({ recordings: RetentionRule, uploads: RetentionRule, chat: RetentionRule.describe('Counted from the end of the lecture.') });
export type CourseRetention = z.infer<typeof CourseRetention>;

const Days = z.number().int().min(1).nullable().describe('Null: never.');

/** What is in force. */
export const EffectiveRetention = z.object({ recordingDays: Days, uploadDays: Days, chatDays: Days });
export type EffectiveRetention = z.infer<typeof EffectiveRetention>;

export const RetainedVideo = z.object({
  id: VideoId,
  title: z.string(),
  source: VideoSource,
  createdAt: Instant,
  retainUntil: Instant.nullable().describe('When it is deleted; null: it is kept.'),
  isKept: z.boolean().describe('Somebody has chosen to keep it.'),
});
export type RetainedVideo = z.infer<typeof RetainedVideo>;

const RetentionView = z.object({
  retention: CourseRetention,
  site: EffectiveRetention.describe('What courses do that follow the site.'),
  effective: EffectiveRetention,
  videos: z.array(RetainedVideo).describe('Those that will be deleted, the soonest first, and those that are kept by choice; at most 200.'),
});
export type RetentionView = z.infer<typeof RetentionView>;

export const retentionRoutes = {
  getRetention: route({
    method: 'GET',
    path: '/api/v1/courses/:courseId/retention',
    params: CourseParams,
    response: RetentionView,
    auth: 'user',
    summary: 'Get after how long videos and chats of a course are deleted, and which videos will be.',
  }),
  setRetention: route({
    method: 'PUT',
    path: '/api/v1/courses/:courseId/retention',
    params: CourseParams,
    body: CourseRetention,
    response: RetentionView,
    auth: 'user',
    summary: 'Change after how long videos and chats of a course are deleted. The owner gets an e-mail 30 and 7 days before a video is; it can be restored for 14 days after that.',
  }),
  keepVideo: route({
    method: 'PUT',
    path: '/api/v1/content/:videoId/keep',
    params: VideoParams,
    body: z.object({ isKept: z.boolean() }),
    response: RetainedVideo,
    auth: 'user',
    summary: 'Keep a video whatever the retention of its course says, or let that apply again.',
  }),
};
