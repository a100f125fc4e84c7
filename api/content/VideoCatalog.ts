import type { CourseId, LectureId, RecordingId, VideoId } from '#engine/contract';
import type { VideoState } from '#recorder/contract';
import type { PlaybackTrack } from '../contract/index.ts';

/** A video of the recorder. Paths are relative to `/media/<token>/`. */
export interface CatalogVideo {
  id: VideoId;
  courseId: CourseId;
  lectureId: LectureId;
  recordingId: RecordingId;
  title: string;
  state: VideoState;
  recordedAt: string;
  durationSeconds: number;
  posterPath: string | null;
}

export interface CatalogPlayback {
  tracks: (Omit<PlaybackTrack, 'masterUrl'> & { masterPath: string })[];
  /** The lecture clock at position 0 of the video. */
  chatOffsetSeconds: number;
}

/** The videos. Implemented by the recorder, which writes and serves them. */
export interface VideoCatalog {
  /** @throws CodedError `video.notFound` */
  get(videoId: VideoId): Promise<CatalogVideo>;
  /** Newest first. */
  ofCourse(courseId: CourseId): Promise<CatalogVideo[]>;
  /** The newest video of each lecture that has one. */
  ofLectures(lectureIds: readonly LectureId[]): Promise<CatalogVideo[]>;
  /** Those that exist, in no particular order. */
  getMany(videoIds: readonly VideoId[]): Promise<CatalogVideo[]>;
  /** @throws CodedError `video.notFound`, `video.notReady` while there is nothing to play */
  playback(videoId: VideoId): Promise<CatalogPlayback>;
}
