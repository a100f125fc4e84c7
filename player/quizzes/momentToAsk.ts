import type { VideoMoment } from '#api/contract';

/** Seconds between two positions of a video that plays; more is a jump. At four times the speed, a second of the clock is four. */
const maxStepSeconds = 5;

interface Step {
  from: number;
  to: number;
  /** Those that were answered or skipped on this page. */
  done: ReadonlySet<string>;
}

/** The earliest moment to ask when the position moves forward. A jump passes what may be skipped, and stops at what is required. */
export function momentToAsk(moments: readonly VideoMoment[], { from, to, done }: Step): VideoMoment | undefined {
  const isJump = to - from > maxStepSeconds;
  return moments
    .filter(({ id, atSeconds, isRequired, isAnswered, isRepeated }) => atSeconds > from && atSeconds <= to && !done.has(id) && (isRepeated || !isAnswered) && (!isJump || (isRequired && !isAnswered)))
    .sort((a, b) => a.atSeconds - b.atSeconds)[0];
}
