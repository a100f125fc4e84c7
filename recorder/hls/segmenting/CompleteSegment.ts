import type { TrackFormat } from '#engine/media';
import type { RecordingTrack } from '../../journal/rows.ts';
import type { Sample } from '../fmp4/mediaSegment.ts';

/** A sample with its time on the lecture's clock, in ticks of its track. */
export interface TimedSample extends Sample {
  startTicks: number;
  /** Made to fill a gap. */
  isFiller: boolean;
}

/** A segment that is ready to be written. Times are ticks of its format's timescale since the lecture's start. */
export interface CompleteSegment {
  track: RecordingTrack;
  epoch: number;
  format: TrackFormat;
  startTicks: number;
  durationTicks: number;
  samples: readonly Sample[];
  isIndependent: boolean;
  isFiller: boolean;
  /** How much later the source presents a frame than it decodes it, to leave room for B-frames; 0 if left out. */
  sourceDelayTicks?: number;
}

export interface SegmenterLimits {
  /** A segment ends at the first keyframe after this length, or up to `earlyKeyframeMs` before. */
  targetSegmentMs: number;
}
