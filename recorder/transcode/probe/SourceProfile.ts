/** A fraction, as frames per second: 30000/1001. */
export interface Rate {
  num: number;
  den: number;
}

export interface VideoProfile {
  /** Of the track in the file. */
  index: number;
  codec: string;
  profile: string;
  pixelFormat: string;
  /** As people see it: rotated, with square pixels. */
  widthPx: number;
  heightPx: number;
  /** Degrees; ffmpeg turns it while decoding. */
  rotation: number;
  hasSquarePixels: boolean;
  isInterlaced: boolean;
  /** `pq` and `hlg` are HDR (ITU-R BT.2100). */
  transfer: 'sdr' | 'pq' | 'hlg';
  /** ffmpeg's name of the colour matrix; undefined when the file does not say. */
  matrix: string | undefined;
  frameRate: Rate;
  hasVariableFrameRate: boolean;
  /** Seconds after the start of the file's timeline. */
  startSeconds: number;
  endSeconds: number;
  /** Seconds after the start of the timeline, ascending. */
  keyframes: readonly number[];
}

export interface AudioProfile {
  index: number;
  codec: string;
  profile: string;
  channelCount: number;
  sampleRateHz: number;
  /** BCP 47; undefined when the file does not say. */
  language: string | undefined;
  startSeconds: number;
  endSeconds: number;
}

/** What a source file contains, by its packets rather than its header. */
export interface SourceProfile {
  container: string;
  /** Of the longest track, from the earliest start on. */
  durationSeconds: number;
  /** Where the timeline begins on the file's own clock. */
  originSeconds: number;
  /** Bits per second of the whole file. */
  bps: number;
  video: VideoProfile | null;
  audio: readonly AudioProfile[];
}
