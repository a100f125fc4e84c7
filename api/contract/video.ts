import * as z from 'zod';
import { CourseId, Instant, LectureId, TrackSource, VideoId } from '#engine/contract';
import { VideoState } from '#recorder/contract';

/** A video as the pages show it. */
export const VideoView = z.object({
  id: VideoId,
  courseId: CourseId,
  courseTitle: z.string(),
  lectureId: LectureId,
  title: z.string(),
  state: VideoState,
  recordedAt: Instant,
  durationSeconds: z.number().describe('So far, while it is live.'),
  posterUrl: z.string().nullable().describe('Signed, expires; null while there is no picture.'),
});
export type VideoView = z.infer<typeof VideoView>;

/** One picture of the lecture with the sound that belongs to it, as an HLS master playlist. */
export const PlaybackTrack = z.object({
  source: TrackSource,
  masterUrl: z.string().describe('Relative to this server; signed, expires.'),
  hasVideo: z.boolean(),
  hasAudio: z.boolean(),
  startOffsetSeconds: z.number().describe("Where its zero lies on the lecture's timeline."),
  durationSeconds: z.number(),
  pictures: z
    .array(z.object({ startSeconds: z.number(), endSeconds: z.number() }))
    .describe('Where, on this playlist, its picture is one that was sent; in between it is black. The last one may go on while the video is live.'),
});
export type PlaybackTrack = z.infer<typeof PlaybackTrack>;

/** Everything a player needs to play a video, in sync over all of its tracks. */
export const PlaybackView = z.object({
  video: VideoView,
  isLive: z.boolean().describe('The playlists still grow.'),
  tracks: z.array(PlaybackTrack),
  chatOffsetSeconds: z.number().describe("Position in the video = chat's `atMs` / 1000 − this."),
  expiresAt: Instant.describe('Ask for new URLs before then.'),
});
export type PlaybackView = z.infer<typeof PlaybackView>;

export const Progress = z.object({
  positionSeconds: z.number().min(0),
  isFinished: z.boolean(),
  updatedAt: Instant.nullable().describe('null: never watched.'),
});
export type Progress = z.infer<typeof Progress>;

export const WatchedVideo = z.object({ video: VideoView, progress: Progress });
export type WatchedVideo = z.infer<typeof WatchedVideo>;
