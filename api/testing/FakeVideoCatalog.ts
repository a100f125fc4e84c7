import { CodedError, RecordingId, VideoId } from '#engine/contract';
import type { CourseId, LectureId } from '#engine/contract';
import { newId } from '#engine/kernel';
import type { CatalogPlayback, CatalogVideo, VideoCatalog } from '../content/VideoCatalog.ts';

/** Videos in memory: one camera track each, `rec_…/camera/master.m3u8`. */
export class FakeVideoCatalog implements VideoCatalog {
  readonly #videos = new Map<VideoId, CatalogVideo>();

  add(video: { courseId: CourseId; lectureId: LectureId; title: string; state?: CatalogVideo['state'] }): CatalogVideo {
    const recordingId = RecordingId.parse(newId('rec'));
    const shelved: CatalogVideo = {
      state: 'ready',
      ...video,
      id: VideoId.parse(newId('vid')),
      recordingId,
      recordedAt: '2030-01-01T00:00:00.000Z',
      durationSeconds: 90,
      posterPath: `${recordingId}/poster.jpg`,
    };
    this.#videos.set(shelved.id, shelved);
    return shelved;
  }

  remove(videoId: VideoId): void {
    this.#videos.delete(videoId);
  }

  async get(videoId: VideoId): Promise<CatalogVideo> {
    const video = this.#videos.get(videoId);
    if (!video) throw new CodedError('video.notFound', 'There is no such video.');
    return video;
  }

  async ofCourse(courseId: CourseId): Promise<CatalogVideo[]> {
    return [...this.#videos.values()].filter((video) => video.courseId === courseId);
  }

  async ofLecture(lectureId: LectureId): Promise<CatalogVideo | undefined> {
    return [...this.#videos.values()].find((video) => video.lectureId === lectureId);
  }

  async playback(videoId: VideoId): Promise<CatalogPlayback> {
    const { recordingId, durationSeconds } = await this.get(videoId);
    const track = { source: 'camera' as const, masterPath: `${recordingId}/camera/master.m3u8`, hasVideo: true, hasAudio: true };
    return { tracks: [{ ...track, startOffsetSeconds: 0, durationSeconds, pictures: [] }], chatOffsetSeconds: 2 };
  }
}
