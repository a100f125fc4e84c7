import * as z from 'zod';
import { CourseId, Instant, LectureId, VideoId } from '#engine/contract';

/** `live`: it is being recorded, and what there is can be watched. `failed`: nothing of it can be watched. */
export const VideoState = z.enum(['live', 'ready', 'failed']);
export type VideoState = z.infer<typeof VideoState>;

/** What can be watched of a lecture. */
export const Video = z.object({
  id: VideoId,
  lectureId: LectureId,
  courseId: CourseId,
  title: z.string(),
  state: VideoState,
  durationSeconds: z.number().min(0).describe('On the lecture clock; so far, while it is live.'),
  hasScreen: z.boolean().describe('The screen was recorded beside the camera.'),
  createdAt: Instant,
});
export type Video = z.infer<typeof Video>;

/** What a player needs to play a video: HLS playlists on one timeline, whose zero is the lecture's start. */
export const Playback = z.object({
  videoId: VideoId,
  url: z.string().describe('Multivariant playlist, on this server.'),
  screenUrl: z.string().nullable().describe('The screen, when it is beside another picture.'),
  posterUrl: z.string().nullable(),
  isLive: z.boolean().describe('The playlists still grow.'),
  durationSeconds: z.number().min(0),
  lectureStartedAt: Instant,
  expiresAt: Instant.describe('When the addresses stop working; take new ones before.'),
});
export type Playback = z.infer<typeof Playback>;

/** A week: longer than any lecture. */
export const maxPositionSeconds = 7 * 24 * 3600;

/** Where a learner stopped. */
export const WatchPosition = z.object({
  videoId: VideoId,
  positionSeconds: z.number().min(0).max(maxPositionSeconds),
  isFinished: z.boolean(),
  updatedAt: Instant,
});
export type WatchPosition = z.infer<typeof WatchPosition>;
