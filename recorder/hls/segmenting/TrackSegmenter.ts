import type { EncodedFrame, TrackFormat } from '#engine/media';
import type { RecordingTrack } from '../../journal/rows.ts';
import type { CompleteSegment, SegmenterLimits } from './CompleteSegment.ts';
import type { EpochLedger } from './EpochLedger.ts';

/** A new format, which arrives with its first frame. */
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
  /** Until when the source of the frame before this one was there: its last frame stays until then, and the rest is a gap. */
  heldUntilUs: number;
  /** The latest decode time of any track of the group: the lecture has come at least this far. */
  groupUs: number;
}

export interface SegmenterOptions extends SegmenterLimits {
  track: RecordingTrack;
  ledger: EpochLedger;
  /** Where the track ends in the journal. */
  resumeAtUs: number;
  /** The last epoch of the track in the journal; -1 when it has none. */
  resumeEpoch: number;
  /** The format of fillers before the first frame. */
  resumeFormat?: TrackFormat;
  onSegment(segment: CompleteSegment): void;
}

/**
 * One track of a recording: places each frame on the lecture's clock, fills gaps, enters epochs. It enters epochs one by
 * one, even when several begin at once: players stall when one rendition has a discontinuity that the other lacks.
 */
export interface TrackSegmenter {
  /** Where the media of the track ends. */
  readonly endUs: number;
  /** A frame or a filler was added in this run. */
  readonly hasBegun: boolean;
  readonly droppedFrames: number;
  frame(frame: SegmenterFrame): void;
  /** Fills the track up to this time, because no frame comes before it. `heldUntilUs`: as in a frame. */
  fillUntil(timeUs: number, heldUntilUs: number): void;
  /** Shows the last frame of a video up to this time. */
  hold(untilUs: number): void;
  /** Ends the segment in progress. The next frame may come much later. */
  flush(): void;
  /** Fills the track up to the end of the recording and enters the remaining epochs of the group. */
  finish(endUs: number, heldUntilUs: number): void;
}

/** True when one init segment serves both formats. */
export function isSameFormat(a: TrackFormat, b: TrackFormat): boolean {
  return a.codec === b.codec && a.codecString === b.codecString && Buffer.compare(a.decoderConfig, b.decoderConfig) === 0;
}
