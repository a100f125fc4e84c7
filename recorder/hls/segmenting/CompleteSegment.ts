import type { TrackFormat } from '#engine/media';
import type { RecordingTrack } from '../../journal/rows.ts';
import type { Sample } from '../fmp4/mediaSegment.ts';

/** A sample with its place on the lecture's clock, in ticks of its track. */
export interface TimedSample extends Sample {
  startTicks: number;
  /** Made here to fill a hole. */
  isFiller: boolean;
}

/** A segment that is whole and waits to be written. Times are ticks of its format's timescale, from the lecture's start. */
export interface CompleteSegment {
  track: RecordingTrack;
  epoch: number;
  format: TrackFormat;
  startTicks: number;
  durationTicks: number;
  samples: readonly Sample[];
  isIndependent: boolean;
  isFiller: boolean;
}

export interface SegmenterLimits {
  /** A segment is cut at the first chance after this, or up to `earlyKeyframeMs` before it. */
  targetSegmentMs: number;
}
