/** A part of a video, in seconds of what viewers see. */
export interface ClipRange {
  startSeconds: number;
  endSeconds: number;
}

/** As the server limits them. */
export const minClipSeconds = 5;
export const maxClipSeconds = 600;
const defaultClipSeconds = 30;
/** The shortest part of the video around a clip that is shown for trimming. */
const minWindowSeconds = 60;

/** The last half minute before a moment; at the beginning of a video, the first. */
export function defaultRange(atSeconds: number, durationSeconds: number): ClipRange {
  const endSeconds = Math.min(durationSeconds, Math.max(atSeconds, defaultClipSeconds));
  return { startSeconds: Math.max(0, endSeconds - defaultClipSeconds), endSeconds };
}

/** The range with one end at another moment, as long as a clip may be. */
export function moved({ startSeconds, endSeconds }: ClipRange, end: keyof ClipRange, { toSeconds, durationSeconds }: { toSeconds: number; durationSeconds: number }): ClipRange {
  if (end === 'startSeconds') return { startSeconds: clamp(toSeconds, Math.max(0, endSeconds - maxClipSeconds), Math.max(0, endSeconds - minClipSeconds)), endSeconds };
  return { startSeconds, endSeconds: clamp(toSeconds, Math.min(durationSeconds, startSeconds + minClipSeconds), Math.min(durationSeconds, startSeconds + maxClipSeconds)) };
}

/** The part of the video that is shown for trimming: twice the clip, with the clip in its middle. */
export function windowOf({ startSeconds, endSeconds }: ClipRange, durationSeconds: number): ClipRange {
  const lengthSeconds = Math.min(durationSeconds, Math.max(minWindowSeconds, 2 * (endSeconds - startSeconds)));
  const from = clamp((startSeconds + endSeconds - lengthSeconds) / 2, 0, durationSeconds - lengthSeconds);
  return { startSeconds: from, endSeconds: from + lengthSeconds };
}

function clamp(value: number, least: number, most: number): number {
  return Math.max(least, Math.min(value, most));
}
