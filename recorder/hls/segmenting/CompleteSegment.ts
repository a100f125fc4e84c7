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

/** A keyframe ends a segment that lacks no more than this: an interval of 2 s is 1.99 s as often as not. */
export const earlyKeyframeMs = 100;
/** No segment is longer, so that EXT-X-TARGETDURATION can be the same from the start to the end. */
export const longestSegmentMs = 10_000;
/** A keyframe interval of ten seconds with a jittery clock still makes one segment: RFC 8216 §4.3.3.1 rounds. */
export const longestSegmentSlackMs = 250;
/** How far one track of a group is waited for, and how long a picture stands without a next one. */
export const maxLagMs = 3000;
