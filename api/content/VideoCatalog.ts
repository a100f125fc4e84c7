import type { CourseId, LectureId, RecordingId, VideoId } from '#engine/contract';
import type { VideoState } from '#recorder/contract';
import type { PlaybackTrack } from '../contract/index.ts';

/** A video as the recorder's catalogue has it. Paths are those under `/media/<token>/`. */
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
  /** Lecture clock at position 0 of the video. */
  chatOffsetSeconds: number;
}

/** The stored videos, as the API needs them of the recorder, which writes and serves them. */
export interface VideoCatalog {
  /** @throws CodedError `video.notFound` */
  get(videoId: VideoId): Promise<CatalogVideo>;
  /** Newest first. */
  ofCourse(courseId: CourseId): Promise<CatalogVideo[]>;
  ofLecture(lectureId: LectureId): Promise<CatalogVideo | undefined>;
  /** @throws CodedError `video.notFound`, `video.notReady` when there is nothing to play yet */
  playback(videoId: VideoId): Promise<CatalogPlayback>;
}
