/** Which part of a video the timeline shows. All times are source time in ms. */
export interface TimeScale {
  durationMs: number;
  widthPx: number;
  /** At the left edge. */
  startMs: number;
  msPerPx: number;
}

/** A frame of 25 frames/s is 4 px wide. */
const minMsPerPx = 10;
/** The share of the width at which the playhead turns the page. */
const pageTurn = 0.95;

/** The whole video. */
export function wholeScale(durationMs: number, widthPx: number): TimeScale {
  return { durationMs, widthPx, startMs: 0, msPerPx: Math.max(1, durationMs) / Math.max(1, widthPx) };
}

export function toPx({ startMs, msPerPx }: TimeScale, ms: number): number {
  return (ms - startMs) / msPerPx;
}

/** The moment at a place of the timeline, within the video. */
export function toMs({ startMs, msPerPx, durationMs }: TimeScale, px: number): number {
  return Math.max(0, Math.min(durationMs, startMs + px * msPerPx));
}

/** Shows `factor` times as much, with the moment where it is. */
export function zoomedAt(scale: TimeScale, factor: number, aroundMs: number): TimeScale {
  const { durationMs, widthPx } = scale;
  const most = Math.max(minMsPerPx, durationMs / Math.max(1, widthPx));
  const msPerPx = Math.max(minMsPerPx, Math.min(most, scale.msPerPx * factor));
  return within({ ...scale, msPerPx, startMs: aroundMs - toPx(scale, aroundMs) * msPerPx });
}

export function scrolledBy(scale: TimeScale, px: number): TimeScale {
  return within({ ...scale, startMs: scale.startMs + px * scale.msPerPx });
}

/** The same part in a timeline of another width. */
export function resized(scale: TimeScale, widthPx: number): TimeScale {
  const shownMs = scale.msPerPx * scale.widthPx;
  return within({ ...scale, widthPx, msPerPx: Math.max(minMsPerPx, shownMs / Math.max(1, widthPx)) });
}

/** A page further when the moment is not shown any more; the same scale otherwise. */
export function following(scale: TimeScale, ms: number): TimeScale {
  const px = toPx(scale, ms);
  if (px >= 0 && px <= scale.widthPx * pageTurn) return scale;
  const next = within({ ...scale, startMs: ms - 0.1 * scale.widthPx * scale.msPerPx });
  return next.startMs === scale.startMs ? scale : next;
}

const steps = [100, 200, 500, 1000, 2000, 5000, 10_000, 15_000, 30_000, 60_000, 120_000, 300_000, 600_000, 1_800_000, 3_600_000];
const minTickPx = 72;

/** The moments that the ruler names, and how far they are apart. */
export function ticksOf(scale: TimeScale): { stepMs: number; ticks: number[] } {
  const stepMs = steps.find((step) => step / scale.msPerPx >= minTickPx) ?? 3_600_000;
  const endMs = Math.min(scale.durationMs, toMs(scale, scale.widthPx));
  const ticks: number[] = [];
  for (let ms = Math.ceil(scale.startMs / stepMs) * stepMs; ms <= endMs; ms += stepMs) ticks.push(ms);
  return { stepMs, ticks };
}

function within(scale: TimeScale): TimeScale {
  const last = Math.max(0, scale.durationMs - scale.widthPx * scale.msPerPx);
  return { ...scale, startMs: Math.max(0, Math.min(last, scale.startMs)) };
}
