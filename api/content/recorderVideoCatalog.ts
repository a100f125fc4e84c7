import { CodedError, CourseId, LectureId, RecordingId, VideoId } from '#engine/contract';
import type { Recorder, TimeRange, VideoRow, VideoStore } from '#recorder';
import { maxListedVideos } from '../limits.ts';
import type { CatalogPlayback, CatalogVideo, VideoCatalog } from './VideoCatalog.ts';

/** VideoCatalog on the recorder. Position 0 of a video is 0 of the lecture clock. */
export function recorderVideoCatalog({ videos, recordings }: { videos: VideoStore; recordings: Recorder['recordings'] }): VideoCatalog {
  return {
    ofLectures: async (lectureIds) => (await videos.ofLectures(lectureIds)).map(catalogVideo),
    getMany: async (videoIds) => (await videos.getMany(videoIds)).map(catalogVideo),
    get: async (videoId) => catalogVideo(await videos.get(videoId)),
    ofCourse: async (courseId) => (await videos.ofCourse(courseId, { limit: maxListedVideos })).videos.map(catalogVideo),
    playback: async (videoId) => playback(await videos.get(videoId), recordings),
  };
}

function catalogVideo(row: VideoRow): CatalogVideo {
  const { title, state, durationSeconds, createdAt, posterKey } = row;
  return {
    id: VideoId.parse(row._id),
    courseId: CourseId.parse(row.courseId),
    lectureId: LectureId.parse(row.lectureId),
    recordingId: RecordingId.parse(row.recordingId),
    title,
    state,
    durationSeconds,
    recordedAt: createdAt,
    posterPath: posterKey === null ? null : 'poster.jpg',
  };
}

async function playback({ recordingId }: VideoRow, recordings: Recorder['recordings']): Promise<CatalogPlayback> {
  const ends = await recordings.ends(recordingId);
  const [videoEnd, audioEnd, screenEnd] = [ends['main-video'] / 1000, ends['main-audio'] / 1000, ends['screen-video'] / 1000];
  const main = { source: 'camera' as const, masterPath: 'main.m3u8', hasVideo: videoEnd > 0, hasAudio: audioEnd > 0, startOffsetSeconds: 0, durationSeconds: Math.max(videoEnd, audioEnd), pictures: spans(await recordings.presence(recordingId, 'main-video')) };
  const screen = { source: 'screen' as const, masterPath: 'screen.m3u8', hasVideo: true, hasAudio: false, startOffsetSeconds: 0, durationSeconds: screenEnd, pictures: spans(await recordings.presence(recordingId, 'screen-video')) };
  const tracks = [...(main.durationSeconds > 0 ? [main] : []), ...(screenEnd > 0 ? [screen] : [])];
  if (tracks.length === 0) throw new CodedError('video.notReady', 'The recording of this lecture has not started yet. Try again in a few seconds.');
  return { tracks, chatOffsetSeconds: 0 };
}

function spans(ranges: readonly TimeRange[]): { startSeconds: number; endSeconds: number }[] {
  return ranges.map(({ startMs, endMs }) => ({ startSeconds: startMs / 1000, endSeconds: endMs / 1000 }));
}
