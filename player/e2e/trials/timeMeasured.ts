import { beepTimes, measureVideo, median, offsetsMs } from '../flashTimes.ts';

/** The times of flashes and beeps in a recording, whose source sends both at every full second. */
export interface TimeMeasured {
  /** In seconds, on the recording's timeline. */
  flashes: number[];
  beginsAtSeconds: number;
  windows: WindowMeasured[];
}

export interface WindowMeasured {
  endsAtSeconds: number;
  flashes: number;
  /** How much later than its flash a beep is. */
  medianOffsetMs: number;
  worstOffsetMs: number;
}

const windowSeconds = 60;

/** Decodes the whole recording, and compares flashes and beeps minute by minute. */
export async function measureTime(playlistUrl: string): Promise<TimeMeasured & { pairs: Pair[] }> {
  const { flashes, beginsAtSeconds } = await measureVideo(playlistUrl);
  const pairs = pairsOf(flashes, await beepTimes(playlistUrl));
  const windows: WindowMeasured[] = [];
  for (let from = 0; from < (flashes.at(-1) ?? 0); from += windowSeconds) {
    const offsets = within(pairs, from, from + windowSeconds).map(({ offsetMs }) => offsetMs);
    if (offsets.length === 0) continue;
    const worstOffsetMs = offsets.reduce((worst, offset) => (Math.abs(offset) > Math.abs(worst) ? offset : worst), 0);
    windows.push({ endsAtSeconds: from + windowSeconds, flashes: offsets.length, medianOffsetMs: median(offsets), worstOffsetMs });
  }
  return { flashes, beginsAtSeconds, windows, pairs };
}

interface Pair {
  seconds: number;
  offsetMs: number;
}

function pairsOf(flashes: readonly number[], beeps: readonly number[]): Pair[] {
  return flashes.flatMap((seconds) => {
    const [offsetMs] = offsetsMs([seconds], beeps);
    return offsetMs === undefined ? [] : [{ seconds, offsetMs }];
  });
}

function within(pairs: readonly Pair[], from: number, to: number): Pair[] {
  return pairs.filter(({ seconds }) => seconds >= from && seconds < to);
}

/** By how much audio and video drift apart over the whole recording. */
export function driftMs(pairs: readonly Pair[]): number {
  const [first, last] = [pairs[0], pairs.at(-1)];
  if (!first || !last) return NaN;
  return slope(pairs.map(({ seconds, offsetMs }) => [seconds, offsetMs])) * (last.seconds - first.seconds);
}

/** By how much the recording's clock drifts from that of the source, in which flashes are a second apart. */
export function clockDriftMs(flashes: readonly number[]): number {
  const [first = NaN] = flashes;
  const errors = flashes.map((flash) => [flash - first, (flash - first - Math.round(flash - first)) * 1000] as const);
  return slope(errors) * ((flashes.at(-1) ?? NaN) - first);
}

/** The median of the slopes between points that are half of the recording apart: a single late frame has no effect. */
function slope(points: readonly (readonly [number, number])[]): number {
  const half = Math.floor(points.length / 2);
  const slopes = points.slice(half).map(([x, y], index) => {
    const [earlierX, earlierY] = points[index] ?? [NaN, NaN];
    return (y - earlierY) / (x - earlierX);
  });
  return median(slopes);
}
