import * as z from 'zod';
import { CategoryId, CourseId, Instant, LectureId, TrackSource, VideoId } from '#engine/contract';
import { RenditionSummary, StorageClass, VideoFailure, VideoSource, VideoState, VideoVisibility, VideoWork } from '#recorder/contract';

/** A video of a course: a recording of a lecture, an upload, or a clip of one of them. */
export const VideoView = z.object({
  id: VideoId,
  courseId: CourseId,
  courseTitle: z.string(),
  lectureId: LectureId.nullable().describe('The lecture that it is a recording of; null for an upload and a clip.'),
  source: VideoSource,
  clipOf: z.object({ videoId: VideoId, startSeconds: z.number(), endSeconds: z.number() }).nullable().describe('The part of another video that it is, in source time of that; null for a video with media of its own.'),
  title: z.string(),
  description: z.string().describe('Markdown, without raw HTML.'),
  tags: z.array(z.string()),
  categoryId: CategoryId.nullable(),
  position: z.number().nullable().describe('Its place among the videos of the course, the lowest first; null: by date, after those with a position.'),
  state: VideoState,
  failure: VideoFailure.nullable(),
  work: VideoWork.nullable().describe('What is still being made, also while the video can be played.'),
  recordedAt: Instant.describe('When its recording began, or its upload was complete.'),
  durationSeconds: z.number().describe('Of what viewers see, without what is cut. So far, while it is live.'),
  renditions: z.array(RenditionSummary).describe('Empty while a recording is played as it was recorded.'),
  chapters: z.array(z.object({ startSeconds: z.number(), title: z.string() })).describe('In order, in the time that viewers see, without what is cut.'),
  posterUrl: z.string().nullable().describe('A signed URL that expires; null while there is no poster.'),
  storyboardUrl: z.string().nullable().describe('WebVTT with small images of the video; signed, expires.'),
  waveformUrl: z.string().nullable().describe('Loudness of the audio as JSON; signed, expires.'),
  visibility: VideoVisibility,
  visibleFrom: Instant.nullable().describe('Before it, only those who manage videos see it.'),
  isDownloadable: z.boolean(),
  bytes: z.number().int().min(0).describe('Of everything that is stored of it, as far as it is measured.'),
  storageClass: StorageClass,
  isRestoring: z.boolean().describe('It is being brought back from the archive.'),
  deletedAt: Instant.nullable(),
  retainUntil: Instant.nullable().describe('When it is removed by the retention of its course or site.'),
  revision: z.number().int().min(1).describe('Raised by every edit. It is the entity tag of the video.'),
  updatedAt: Instant,
});
export type VideoView = z.infer<typeof VideoView>;

const KeptSpans = z.array(z.object({ startSeconds: z.number(), endSeconds: z.number() })).nullable();

/** The video of one source with its audio, as an HLS multivariant playlist. */
export const PlaybackTrack = z.object({
  source: TrackSource,
  masterUrl: z.string().describe('URL of the multivariant playlist, relative to this server; signed, expires.'),
  hasVideo: z.boolean(),
  hasAudio: z.boolean(),
  startOffsetSeconds: z.number().describe('Position 0 of this playlist on the timeline of the lecture.'),
  durationSeconds: z.number(),
  kept: KeptSpans.describe('What the playlist has of the whole track, when parts of it are cut; null: all of it.'),
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
  kept: KeptSpans.describe('What viewers see of the whole video, when parts of it are cut; null: all of it.'),
  chatOffsetSeconds: z.number().describe("Position in the whole video = chat's `atMs` / 1000 − this."),
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
