import { CategoryId, CodedError, CourseId, LectureId, RecordingId, VideoId } from '#engine/contract';
import type { VideoPlace } from '#engine';
import type { Clock } from '#engine/kernel';
import { editOf, PlayableVideos } from '#recorder';
import type { Recorder, TimeRange, VideoCuts, VideoRow, VideoStore } from '#recorder';
import { editedChapters, editedDurationMs, keptSpans, toEditedSpan } from '#recorder/contract';
import type { Span } from '#recorder/contract';
import { maxListedVideos } from '../contract/index.ts';
import type { CatalogPlayback, CatalogVideo, VideoCatalog } from './VideoCatalog.ts';

export interface RecorderVideoCatalogOptions {
  videos: VideoStore;
  recordings: Recorder['recordings'];
  cuts: Pick<VideoCuts, 'keptOf'>;
  clock: Clock;
}

/** VideoCatalog on the recorder. Position 0 of the video of a recording is 0 of the lecture clock. */
export function recorderVideoCatalog({ videos, recordings, cuts, clock }: RecorderVideoCatalogOptions): VideoCatalog {
  const playable = new PlayableVideos(videos);
  const shown = (row: VideoRow) => catalogVideo(row, clock.nowMs());
  return {
    ofLectures: async (lectureIds) => (await videos.ofLectures(lectureIds)).map(shown),
    getMany: async (videoIds) => (await playable.getMany(videoIds)).map(shown),
    get: async (videoId) => shown(await playable.get(videoId)),
    ofCourse: async (courseId) => (await videos.ofCourse(courseId, { limit: maxListedVideos })).videos.map(shown),
    playback: async (videoId) => cutPlayback(await playable.get(videoId), { recordings, cuts }),
  };
}

/** Where a video is, for the access policy. */
export function videoPlace({ courseId, lectureId, source, state, visibleFrom, deletedAt }: VideoRow, nowMs: number): VideoPlace {
  // A failed recording is a lecture that was not recorded, which its members may know.
  const isUnusable = source === 'upload' && (state === 'processing' || state === 'failed');
  const isClosed = isUnusable || (visibleFrom !== null && Date.parse(visibleFrom) > nowMs);
  return { courseId: CourseId.parse(courseId), lectureId: lectureId === null ? null : LectureId.parse(lectureId), hidden: deletedAt !== null ? 'deleted' : isClosed ? 'closed' : null };
}

export function catalogVideo(row: VideoRow, nowMs: number): CatalogVideo {
  const kept = keptOf(row);
  const { source, title, description, tags, position, state, failure, work, renditions, visibility, visibleFrom, isDownloadable, bytes, storageClass, deletedAt, retainUntil, revision, updatedAt } = row;
  return {
    ...{ source, title, description, tags, position, state, failure, work, renditions, visibility, visibleFrom, isDownloadable, bytes, storageClass, deletedAt, retainUntil, revision, updatedAt },
    kept,
    durationSeconds: kept ? editedDurationMs(kept) / 1000 : row.durationSeconds,
    chapters: editedChapters(row.chapters, kept).map(({ startMs, title }) => ({ startSeconds: startMs / 1000, title })),
    ...videoPlace(row, nowMs),
    id: VideoId.parse(row._id),
    clipOf: row.clipOf && { videoId: VideoId.parse(row.clipOf.videoId), startSeconds: row.clipOf.startMs / 1000, endSeconds: row.clipOf.endMs / 1000 },
    recordingId: row.recordingId === null ? null : RecordingId.parse(row.recordingId),
    categoryId: row.categoryId === null ? null : CategoryId.parse(row.categoryId),
    recordedAt: row.createdAt,
    isRestoring: row.restoring !== null,
    posterPath: row.posterKey === null ? null : 'poster.jpg',
    storyboardPath: row.storyboard === null ? null : 'v/storyboard.vtt',
    waveformPath: row.waveform === null ? null : 'v/waveform.json',
  };
}

/** What is played of a video; null while that is all of it. */
export function keptOf({ cuts, durationSeconds, clipOf }: Pick<VideoRow, 'cuts' | 'durationSeconds' | 'clipOf'>): Span[] | null {
  const edit = editOf({ cuts, clipOf });
  return edit ? keptSpans(durationSeconds * 1000, edit.cuts, edit.within) : null;
}

/** Tracks as they are played: each without what is cut of it. */
async function cutPlayback(row: VideoRow, { recordings, cuts }: Pick<RecorderVideoCatalogOptions, 'recordings' | 'cuts'>): Promise<CatalogPlayback> {
  const whole = await playback(row, recordings);
  if (editOf(row) === undefined) return whole;
  if (keptOf(row)?.length === 0) throw new CodedError('clip.cut', 'What this clip shows was cut from its video.');
  const tracks = await Promise.all(whole.tracks.map(async (track) => {
    const kept = (await cuts.keptOf(row, track.source === 'screen' ? 'screen' : 'main')) ?? [];
    const pictures = track.pictures.flatMap(({ startSeconds, endSeconds }) => toEditedSpan(kept, { startMs: startSeconds * 1000, endMs: endSeconds * 1000 }) ?? []);
    return { ...track, kept: spans(kept), pictures: spans(pictures), durationSeconds: editedDurationMs(kept) / 1000 };
  }));
  return { ...whole, tracks: tracks.filter(({ durationSeconds }) => durationSeconds > 0) };
}

async function playback(row: VideoRow, recordings: Recorder['recordings']): Promise<CatalogPlayback> {
  const tracks = row.manifest !== null && row.state !== 'live' ? await renditionTracks(row, recordings) : row.recordingId === null ? [] : await recordingTracks(row.recordingId, recordings);
  if (tracks.length > 0) return { tracks, chatOffsetSeconds: 0 };
  if (row.source === 'recording') throw new CodedError('video.notReady', 'The recording of this lecture has not started yet. Try again in a few seconds.');
  throw new CodedError('video.notReady', row.state === 'failed' ? (row.failure?.message ?? 'This video cannot be played.') : 'This video is being prepared. Try again in a few minutes.');
}

/** Its ladder, by renditions that are all as long as the video. */
async function renditionTracks({ renditions, recordingId, durationSeconds }: VideoRow, recordings: Recorder['recordings']): Promise<CatalogPlayback['tracks']> {
  const pictures = async (track: 'main-video' | 'screen-video') => (recordingId === null ? [{ startSeconds: 0, endSeconds: durationSeconds }] : spans(await recordings.presence(recordingId, track)));
  const has = (group: 'main' | 'screen', kind: 'video' | 'audio') => renditions.some((one) => one.group === group && one.kind === kind);
  const track = async (group: 'main' | 'screen'): Promise<CatalogPlayback['tracks']> => {
    const [hasVideo, hasAudio] = [has(group, 'video'), has(group, 'audio')];
    if (!hasVideo && !hasAudio) return [];
    const source = group === 'screen' ? ('screen' as const) : ('camera' as const);
    return [{ source, masterPath: `v/${group}.m3u8`, kept: null, hasVideo, hasAudio, startOffsetSeconds: 0, durationSeconds, pictures: hasVideo ? await pictures(group === 'screen' ? 'screen-video' : 'main-video') : [] }];
  };
  return [...(await track('main')), ...(await track('screen'))];
}

async function recordingTracks(recordingId: string, recordings: Recorder['recordings']): Promise<CatalogPlayback['tracks']> {
  const ends = await recordings.ends(recordingId);
  const [videoEnd, audioEnd, screenEnd] = [ends['main-video'] / 1000, ends['main-audio'] / 1000, ends['screen-video'] / 1000];
  const main = { source: 'camera' as const, masterPath: 'main.m3u8', kept: null, hasVideo: videoEnd > 0, hasAudio: audioEnd > 0, startOffsetSeconds: 0, durationSeconds: Math.max(videoEnd, audioEnd), pictures: spans(await recordings.presence(recordingId, 'main-video')) };
  const screen = { source: 'screen' as const, masterPath: 'screen.m3u8', kept: null, hasVideo: true, hasAudio: false, startOffsetSeconds: 0, durationSeconds: screenEnd, pictures: spans(await recordings.presence(recordingId, 'screen-video')) };
  return [...(main.durationSeconds > 0 ? [main] : []), ...(screenEnd > 0 ? [screen] : [])];
}

function spans(ranges: readonly TimeRange[]): { startSeconds: number; endSeconds: number }[] {
  return ranges.map(({ startMs, endMs }) => ({ startSeconds: startMs / 1000, endSeconds: endMs / 1000 }));
}
