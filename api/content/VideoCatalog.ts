import type { VideoPlace } from '#engine';
import type { CategoryId, CourseId, LectureId, RecordingId, VideoId } from '#engine/contract';
import type { VideoRow } from '#recorder';
import type { Span } from '#recorder/contract';
import type { PlaybackTrack, VideoView } from '../contract/index.ts';

/** A video of the recorder. Paths are relative to `/media/<token>/`. */
export interface CatalogVideo extends VideoPlace {
  id: VideoId;
  recordingId: RecordingId | null;
  source: VideoRow['source'];
  clipOf: VideoView['clipOf'];
  title: string;
  description: string;
  tags: string[];
  categoryId: CategoryId | null;
  position: number | null;
  state: VideoRow['state'];
  failure: VideoRow['failure'];
  work: VideoRow['work'];
  recordedAt: string;
  /** Of what viewers see. */
  durationSeconds: number;
  /** What is left of it, in source time; null while nothing is cut. */
  kept: readonly Span[] | null;
  renditions: VideoRow['renditions'];
  /** In order, in the time that viewers see. */
  chapters: { startSeconds: number; title: string }[];
  posterPath: string | null;
  storyboardPath: string | null;
  waveformPath: string | null;
  visibility: VideoRow['visibility'];
  visibleFrom: string | null;
  isDownloadable: boolean;
  bytes: number;
  storageClass: VideoRow['storageClass'];
  isRestoring: boolean;
  deletedAt: string | null;
  retainUntil: string | null;
  revision: number;
  updatedAt: string;
}

export interface CatalogPlayback {
  tracks: (Omit<PlaybackTrack, 'masterUrl'> & { masterPath: string })[];
  /** The lecture clock at source time 0 of the video. */
  chatOffsetSeconds: number;
}

/** The videos. Implemented by the recorder, which writes and serves them. */
export interface VideoCatalog {
  /** Also a deleted one. @throws CodedError `video.notFound` */
  get(videoId: VideoId): Promise<CatalogVideo>;
  /** Without clips, the newest first. */
  ofCourse(courseId: CourseId): Promise<CatalogVideo[]>;
  /** The newest video of each lecture that has one. */
  ofLectures(lectureIds: readonly LectureId[]): Promise<CatalogVideo[]>;
  /** Those that exist, in no particular order. */
  getMany(videoIds: readonly VideoId[]): Promise<CatalogVideo[]>;
  /** @throws CodedError `video.notFound`, `video.notReady` while there is nothing to play */
  playback(videoId: VideoId): Promise<CatalogPlayback>;
}
