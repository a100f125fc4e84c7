import type { EncodedFrame, TrackFormat } from '#engine/media';
import type { RecordingTrack } from '../../journal/rows.ts';
import type { CompleteSegment, SegmenterLimits } from './CompleteSegment.ts';
import type { EpochLedger } from './EpochLedger.ts';

/** What comes with a frame that begins something new. */
export interface FormatChange {
  format: TrackFormat;
  /** The frames come from another publication. */
  isNewSource: boolean;
}

/** A frame on the lecture's clock (µs since its start). */
export interface SegmenterFrame extends EncodedFrame {
  change?: FormatChange;
  /** Frames were lost before this one. */
  isAfterGap: boolean;
}

export interface SegmenterOptions extends SegmenterLimits {
  track: RecordingTrack;
  ledger: EpochLedger;
  /** Up to here the recording has this track already. */
  resumeAtUs: number;
  /** The last epoch that it has of this track; -1 when it has none. */
  resumeEpoch: number;
  /** What fills it until something comes. */
  resumeFormat?: TrackFormat;
  onSegment(segment: CompleteSegment): void;
}

/**
 * One track of a recording: gives each frame its place, fills holes, enters epochs. It enters them one after the other, even
 * where several begin at once: a discontinuity that one rendition has and the other lacks stops players for good.
 */
export interface TrackSegmenter {
  /** Up to where the lane has media. */
  readonly endUs: number;
  /** Something has come of it in this run, or it has been filled. */
  readonly hasBegun: boolean;
  readonly droppedFrames: number;
  frame(frame: SegmenterFrame): void;
  /** Nothing comes for longer than a picture stands, and not before this time: what is missing up to there is filled. */
  fillUntil(timeUs: number): void;
  /** Ends the segment in progress; what comes next may come much later. */
  flush(): void;
  /** Fills what is missing before the end of the recording, and the epochs that another track has; ends. */
  finish(endUs: number): void;
}

/** Formats that one init segment serves. */
export function isSameFormat(a: TrackFormat, b: TrackFormat): boolean {
  return a.codec === b.codec && a.codecString === b.codecString && Buffer.compare(a.decoderConfig, b.decoderConfig) === 0;
}
