import type { PlaybackViewer, VideoId } from '#engine/contract';
import type { ByteRange } from '../storage/ObjectStore.ts';

/** The current text of a playlist, generated from the journal. */
export interface PlaylistText {
  text: string;
  /** It has EXT-X-ENDLIST and does not change. */
  isFinished: boolean;
  /** It is the playlist of audio, whose frames do not depend on one another. */
  isAudio?: boolean;
}

/** Where a segment, an init segment or a poster is stored, and its size and hash. `sha256` is lower-case hex. */
export type MediaLocation = (
  | { kind: 'file'; file: string; bytes: number; sha256: string }
  | { kind: 'stored'; key: string; bytes: number; sha256: string }
) & {
  /** The bytes that may be served: a request has to be within one of these ranges. Undefined: all of them. */
  served?: readonly ByteRange[];
};

/** The part of the recorder that delivery uses. */
export interface RecordingLibrary {
  /**
   * `main.m3u8`, `screen.m3u8`, `<track>.m3u8` or `<track>-iframes.m3u8`; undefined when the recording has no such playlist. `isDelta` skips entries
   * that a player with a recent playlist knows; a short playlist is returned whole.
   */
  playlist(recordingId: string, name: string, isDelta?: boolean): Promise<PlaylistText | undefined>;
  /** `<track>/init-<epoch>.mp4` or `<track>/<sequence>.m4s`; undefined for a lost segment and for an unknown path. */
  locate(recordingId: string, path: string): Promise<MediaLocation | undefined>;
}

/** The renditions of videos. Implemented by `VideoMedia`. */
export interface VideoMediaLibrary {
  /** `main.m3u8`, `screen.m3u8`, `<rendition>.m3u8` or `<rendition>-iframes.m3u8`; undefined when the video has no such playlist. */
  playlist(videoId: string, name: string): Promise<PlaylistText | undefined>;
  /** `<generation>/<rendition>/init.mp4`, `<generation>/<rendition>/<part>.mp4`, `storyboard.vtt`, `storyboard-<n>.jpg` or `waveform.json`. */
  locate(videoId: string, path: string): Promise<MediaLocation | undefined>;
}

/** What is left of a segment of audio that is cut in part. */
export interface MediaPiece {
  /** The init segment that it needs, relative to the playlist. */
  init: string;
  /** The bytes of the file that are the segment; undefined: all of them. */
  bytes: ByteRange | undefined;
  make(files: { init: Uint8Array; segment: Uint8Array }): Promise<Uint8Array>;
}

/** A small file that is made when it is requested. */
export interface TextFile {
  text: string;
  contentType: string;
}

/** The captions of videos, in edited time. Implemented by `CaptionMedia`. */
export interface CaptionLibrary {
  /** What viewers of a video may choose. Empty while it is live. */
  tracks(videoId: string): Promise<readonly { id: string; language: string; label: string }[]>;
  /** The playlist of captions beside a media playlist of the video; undefined while that grows. */
  playlist(videoId: string, captionId: string, mediaPlaylist: string): Promise<string | undefined>;
  /** `cues.json`, or a segment in that playlist; undefined also for a segment of another edit. */
  file(videoId: string, captionId: string, name: string): Promise<TextFile | undefined>;
  /** Forgets what a video has: it has changed. Without this, changes are seen some seconds later. */
  forget(videoId: string): void;
  forgetAll(): void;
}

/** What is cut of one video. */
export interface MediaEdit {
  /** Changes with what is cut. */
  key: string;
  /** A playlist without what is cut; a multivariant playlist is returned as it is. */
  playlist(text: string, isAudio?: boolean): string;
  /**
   * Limits a file to what may be served of it. `playlist`: the one that lists it, before it is cut; `path` is as in it.
   * @throws CodedError `video.edited` when nothing of it may be served
   */
  restrict(location: MediaLocation, file: { path: string; playlist: PlaylistText }): MediaLocation;
  /** A part of a segment of audio. @throws CodedError `video.edited` when it is not what is left of it */
  piece(file: { path: string; playlist: PlaylistText }, asked: { startMs: number; endMs: number; bytes: ByteRange | undefined }): MediaPiece;
  /** A storyboard, one of its sprites or a waveform without what is cut, in edited time. Undefined when the video has no such file. */
  image(path: string): Promise<Buffer | undefined>;
}

/** What is cut of videos. Implemented by `Edits`. */
export interface MediaEdits {
  /** Undefined while nothing is cut. */
  of(videoId: string): Promise<MediaEdit | undefined>;
  forget(videoId: string): void;
  forgetAll(): void;
}

/** Locates the poster of a video. Implemented by `VideoStore`. */
export interface PosterLocator {
  locatePoster(videoId: string): Promise<MediaLocation | undefined>;
}

/** Decides who may watch a video now. Implemented in the API. */
export interface MediaGate {
  mayWatch(viewer: MediaViewer, videoId: VideoId): Promise<boolean>;
}

/** Who watches: a person, by the login that got the URL, or people with a sharing link. */
export type MediaViewer = PlaybackViewer;
