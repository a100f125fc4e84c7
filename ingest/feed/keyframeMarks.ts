/**
 * How a running ffmpeg is asked for a keyframe: by the timestamps it is fed, the one thing it hears at every picture.
 * Presentation times are doubled milliseconds, and the lowest bit is a level; where the level changes from one picture to the
 * next, a keyframe is wanted. The filter turns the times back, with the level in their tenths of a millisecond, where it
 * passes through the encoder's time base and is gone from whole milliseconds behind it.
 */
import type { EncodedFrame } from '#engine/media';

export type KeyframeLevel = 0 | 1;

const ticksPerSecond = 10_000;
const levelTicks = 3;

/** The frame with its times, counted from the origin, as the marked input has them. */
export function markedFrame(frame: EncodedFrame, { originUs, level }: { originUs: number; level: KeyframeLevel }): EncodedFrame {
  const wholeMs = (timeUs: number) => Math.round((timeUs - originUs) / 1000);
  return {
    ...frame,
    decodeTimeUs: originUs + wholeMs(frame.decodeTimeUs) * 2000,
    presentationTimeUs: originUs + (wholeMs(frame.presentationTimeUs) * 2 + level) * 1000,
  };
}

/** First in the chain of filters: the pictures' own times again. */
export const unmarkFilter = `settb=1/${ticksPerSecond},setpts=10*floor(PTS/20)+${levelTicks}*mod(floor(PTS/10)\\,2)`;

/** The time base that still holds the level. */
export const markedTimeBase = `1:${ticksPerSecond}`;

/** For `-force_key_frames`: where the level changes, and every so often. Variable 0 holds the level of the picture before. */
export function forcedKeyframes(intervalSeconds: number): string {
  const level = `gt(mod(round(t*${ticksPerSecond}),10),0)`;
  return `expr:st(1,${level});st(2,abs(ld(1)-ld(0)));st(0,ld(1));if(isnan(prev_forced_t),1,ld(2)+gte(t,prev_forced_t+${intervalSeconds}))`;
}
