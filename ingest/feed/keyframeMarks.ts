/**
 * Requests a keyframe from a running ffmpeg through its input timestamps, the only input that it reads with every frame.
 * Presentation times are doubled milliseconds whose lowest bit is a level; a keyframe is requested where the level changes
 * from one frame to the next. The filter restores the times and moves the level into their tenths of a millisecond. The time
 * base of the encoder keeps these, and the output, in whole milliseconds, does not.
 */
import type { EncodedFrame } from '#engine/media';

export type KeyframeLevel = 0 | 1;

const ticksPerSecond = 10_000;
const levelTicks = 3;

/** The frame with marked times, counted from the origin. */
export function markedFrame(frame: EncodedFrame, { originUs, level }: { originUs: number; level: KeyframeLevel }): EncodedFrame {
  const wholeMs = (timeUs: number) => Math.round((timeUs - originUs) / 1000);
  return {
    ...frame,
    decodeTimeUs: originUs + wholeMs(frame.decodeTimeUs) * 2000,
    presentationTimeUs: originUs + (wholeMs(frame.presentationTimeUs) * 2 + level) * 1000,
  };
}

/** The first filter of the chain: restores the times. */
export const unmarkFilter = `settb=1/${ticksPerSecond},setpts=10*floor(PTS/20)+${levelTicks}*mod(floor(PTS/10)\\,2)`;

/** The time base that keeps the level. */
export const markedTimeBase = `1:${ticksPerSecond}`;

/** An expression for `-force_key_frames`: where the level changes, and at the interval. Variable 0 holds the level of the previous frame. */
export function forcedKeyframes(intervalSeconds: number): string {
  const level = `gt(mod(round(t*${ticksPerSecond}),10),0)`;
  return `expr:st(1,${level});st(2,abs(ld(1)-ld(0)));st(0,ld(1));if(isnan(prev_forced_t),1,ld(2)+gte(t,prev_forced_t+${intervalSeconds}))`;
}
