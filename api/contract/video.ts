import * as z from 'zod';
import { CourseId, Instant, LectureId, TrackSource, VideoId } from '#engine/contract';
import { VideoState } from '#recorder/contract';

/** A video of a course. */
export const VideoView = z.object({
  id: VideoId,
  courseId: CourseId,
  courseTitle: z.string(),
  lectureId: LectureId,
  title: z.string(),
  state: VideoState,
  recordedAt: Instant,
  durationSeconds: z.number().describe('So far, while it is live.'),
  posterUrl: z.string().nullable().describe('A signed URL that expires; null while there is no poster.'),
});
export type VideoView = z.infer<typeof VideoView>;

/** The video of one source with its audio, as an HLS multivariant playlist. */
export const PlaybackTrack = z.object({
  source: TrackSource,
  masterUrl: z.string().describe('URL of the multivariant playlist, relative to this server; signed, expires.'),
  hasVideo: z.boolean(),
  hasAudio: z.boolean(),
  startOffsetSeconds: z.number().describe('Position 0 of this playlist on the timeline of the lecture.'),
  durationSeconds: z.number(),
  pictures: z
    .array(z.object({ startSeconds: z.number(), endSeconds: z.number() }))
    .describe('Where it has video of the source, in seconds of this playlist; elsewhere it is black. The last span may grow while the video is live.'),
});
export type PlaybackTrack = z.infer<typeof PlaybackTrack>;

/** What a player needs to play a video, with all of its tracks in sync. */
export const PlaybackView = z.object({
  video: VideoView,
  isLive: z.boolean().describe('The playlists grow.'),
  tracks: z.array(PlaybackTrack),
  chatOffsetSeconds: z.number().describe("Position in the video = chat's `atMs` / 1000 − this."),
  expiresAt: Instant.describe('Get new URLs before then.'),
});
export type PlaybackView = z.infer<typeof PlaybackView>;

export const Progress = z.object({
  positionSeconds: z.number().min(0),
  isFinished: z.boolean(),
  updatedAt: Instant.nullable().describe('Null when the video was never watched.'),
});
export type Progress = z.infer<typeof Progress>;

export const WatchedVideo = z.object({ video: VideoView, progress: Progress });
export type WatchedVideo = z.infer<typeof WatchedVideo>;
