import { keyframeSeconds, keyframesPerSegment, partSlackSegments, segmentsPerPart } from '../limits.ts';
import { perSecond } from '../probe/frameRates.ts';
import type { Rate } from '../probe/SourceProfile.ts';

/** A range of frames that one run encodes, in all sizes. Frames count from 0 at the constant rate of the renditions. */
export interface PartRange {
  index: number;
  firstFrame: number;
  frameCount: number;
}

/** Frames between two keyframes. All sizes and parts have keyframes at its multiples. */
export function keyframeInterval(rate: Rate): number {
  return Math.max(1, Math.round(keyframeSeconds * perSecond(rate)));
}

export function framesOf(durationSeconds: number, rate: Rate): number {
  return Math.max(1, Math.round(durationSeconds * perSecond(rate)));
}

/**
 * Divides a video into parts of about a minute. A part begins at a segment, and where possible shortly after a keyframe of the
 * source, because its decoder starts there.
 */
export function planParts({ durationSeconds, rate, keyframes }: { durationSeconds: number; rate: Rate; keyframes: readonly number[] }): PartRange[] {
  const segmentFrames = keyframeInterval(rate) * keyframesPerSegment;
  const totalFrames = framesOf(durationSeconds, rate);
  const parts: PartRange[] = [];
  for (let firstFrame = 0; firstFrame < totalFrames; ) {
    const left = totalFrames - firstFrame;
    const isLast = left <= (segmentsPerPart + partSlackSegments) * segmentFrames;
    const frameCount = isLast ? left : bestLength({ firstFrame, segmentFrames, rate, keyframes });
    parts.push({ index: parts.length, firstFrame, frameCount });
    firstFrame += frameCount;
  }
  return parts;
}

function bestLength({ firstFrame, segmentFrames, rate, keyframes }: { firstFrame: number; segmentFrames: number; rate: Rate; keyframes: readonly number[] }): number {
  const lengths = Array.from({ length: 2 * partSlackSegments + 1 }, (_, index) => (segmentsPerPart - partSlackSegments + index) * segmentFrames);
  const decodedBefore = (length: number) => {
    const at = (firstFrame + length) / perSecond(rate);
    return at - keyframeBefore(keyframes, at);
  };
  // Of equal ones, that of the usual length.
  const far = (length: number) => Math.abs(length / segmentFrames - segmentsPerPart);
  const rounded = (length: number) => Math.round(decodedBefore(length) * 10);
  return lengths.reduce((best, length) => (rounded(length) - rounded(best) || far(length) - far(best)) < 0 ? length : best);
}

/** Rounding of timestamps: a keyframe this much later is the one. */
const roundingSeconds = 0.002;

/** The last keyframe at or before a time, or 0. */
export function keyframeBefore(keyframes: readonly number[], atSeconds: number): number {
  let [low, high] = [0, keyframes.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((keyframes[middle] ?? Infinity) <= atSeconds + roundingSeconds) low = middle + 1;
    else high = middle;
  }
  return keyframes[low - 1] ?? 0;
}
