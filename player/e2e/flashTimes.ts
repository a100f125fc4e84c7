import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Seconds on the recording's timeline at which the picture of a playlist turns bright. */
export async function flashTimes(playlistUrl: string): Promise<number[]> {
  const values = await measure(playlistUrl, ['-map', '0:v:0', '-vf', 'crop=iw:ih/2:0:0,signalstats,metadata=print:key=lavfi.signalstats.YAVG:file=-']);
  return risingEdges(values, 128);
}

/** Seconds on the recording's timeline at which the sound of a playlist turns loud, to 10 ms. */
export async function beepTimes(playlistUrl: string): Promise<number[]> {
  const values = await measure(playlistUrl, ['-map', '0:a:0', '-af', 'aresample=48000,asetnsamples=480,astats=metadata=1:reset=1,ametadata=print:key=lavfi.astats.Overall.RMS_level:file=-']);
  return risingEdges(values, -30);
}

interface Measured {
  seconds: number;
  value: number;
}

async function measure(playlistUrl: string, filter: string[]): Promise<Measured[]> {
  const { stdout } = await run('ffmpeg', ['-hide_banner', '-loglevel', 'error', '-copyts', '-i', playlistUrl, ...filter, '-f', 'null', '-'], { maxBuffer: 256 * 1024 * 1024 });
  const found: Measured[] = [];
  let seconds = NaN;
  for (const line of stdout.split('\n')) {
    const time = /pts_time:(-?[\d.]+)/.exec(line)?.[1];
    if (time !== undefined) seconds = Number(time);
    const value = /=(-?[\d.]+|-inf)$/.exec(line)?.[1];
    if (time === undefined && value !== undefined) found.push({ seconds, value: value === '-inf' ? -200 : Number(value) });
  }
  return found;
}

function risingEdges(values: readonly Measured[], threshold: number): number[] {
  return values.flatMap(({ seconds, value }, index) => {
    const before = values[index - 1];
    return before && before.value < threshold && value >= threshold ? [seconds] : [];
  });
}

/** For each time of `a`, how far the nearest of `b` is away, signed, in ms; what has no partner within half a second is left out. */
export function offsetsMs(a: readonly number[], b: readonly number[]): number[] {
  return a.flatMap((time) => {
    const nearest = b.reduce<number | undefined>((best, other) => (best === undefined || Math.abs(other - time) < Math.abs(best - time) ? other : best), undefined);
    return nearest !== undefined && Math.abs(nearest - time) < 0.5 ? [(nearest - time) * 1000] : [];
  });
}

export function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
}
