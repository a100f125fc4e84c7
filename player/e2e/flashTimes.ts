import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

/** Seconds on the recording's timeline at which the video of a playlist turns bright. */
export async function flashTimes(playlistUrl: string): Promise<number[]> {
  return (await measureVideo(playlistUrl)).flashes;
}

/** Seconds on the recording's timeline at which the audio of a playlist turns loud, to 10 ms. */
export async function beepTimes(playlistUrl: string): Promise<number[]> {
  const beeps: number[] = [];
  const isBeep = risingEdge(-30);
  await measure(playlistUrl, ['-map', '0:a:0', '-af', loudness], (at) => isBeep(at.value) && beeps.push(at.seconds));
  return beeps;
}

/** Of measured audio. */
export const audioStepSeconds = 0.01;
/** Measured by ffmpeg for every step of audio. */
const loudness = 'aresample=48000,asetnsamples=480,astats=metadata=1:reset=1,ametadata=print:key=lavfi.astats.Overall.RMS_level:file=-';
const silenceDecibels = -100;

/** Luma of video; a black filler is below. */
const blackLuma = 24;

/** The flashes, and the time of the first frame that is not black. */
export async function measureVideo(playlistUrl: string): Promise<{ flashes: number[]; beginsAtSeconds: number }> {
  const flashes: number[] = [];
  const isFlash = risingEdge(128);
  let beginsAtSeconds = NaN;
  const filter = 'crop=iw:ih/2:0:0,signalstats,metadata=print:key=lavfi.signalstats.YAVG:file=-';
  await measure(playlistUrl, ['-map', '0:v:0', '-vf', filter], ({ seconds, value }) => {
    if (Number.isNaN(beginsAtSeconds) && value > blackLuma) beginsAtSeconds = seconds;
    if (isFlash(value)) flashes.push(seconds);
  });
  return { flashes, beginsAtSeconds };
}

interface Measured {
  seconds: number;
  value: number;
}

/** Reads a recording of any length: values are passed on one by one, and not stored. */
async function measure(playlistUrl: string, filter: string[], onValue: (measured: Measured) => unknown): Promise<void> {
  const child = spawn('ffmpeg', ['-hide_banner', '-loglevel', 'error', '-copyts', '-i', playlistUrl, ...filter, '-f', 'null', '-'], { stdio: ['ignore', 'pipe', 'pipe'] });
  let problems = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (problems = (problems + text).slice(-2000)));
  const exited = new Promise<number | null>((resolve, reject) => child.once('exit', resolve).once('error', reject));
  let seconds = NaN;
  for await (const line of createInterface({ input: child.stdout })) {
    const time = /pts_time:(-?[\d.]+)/.exec(line)?.[1];
    if (time !== undefined) seconds = Number(time);
    const value = /=(-?[\d.]+|-inf)$/.exec(line)?.[1];
    if (time === undefined && value !== undefined) onValue({ seconds, value: value === '-inf' ? -200 : Number(value) });
  }
  const code = await exited;
  if (code !== 0) throw new Error(`ffmpeg ended with ${code}: ${problems}`);
}

/** Whether a value of a series is the first above the threshold. */
function risingEdge(threshold: number): (value: number) => boolean {
  let before = Infinity;
  return (value) => {
    const hasRisen = before < threshold && value >= threshold;
    before = value;
    return hasRisen;
  };
}

/** For each time of `a`, the signed offset of the nearest of `b`, in ms. Times without one within half a second are left out. */
export function offsetsMs(a: readonly number[], b: readonly number[]): number[] {
  return a.flatMap((time) => {
    const nearest = b.reduce<number | undefined>((best, other) => (best === undefined || Math.abs(other - time) < Math.abs(best - time) ? other : best), undefined);
    return nearest !== undefined && Math.abs(nearest - time) < 0.5 ? [(nearest - time) * 1000] : [];
  });
}

export function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
}

/** Seconds on the recording's timeline of the frames that are not a black filler. */
export async function videoTimes(playlistUrl: string): Promise<number[]> {
  const times: number[] = [];
  const filter = 'scale=64:36:flags=fast_bilinear,signalstats,metadata=print:key=lavfi.signalstats.YMAX:file=-';
  await measure(playlistUrl, ['-map', '0:v:0', '-vf', filter], ({ seconds, value }) => value > blackLuma && times.push(seconds));
  return times;
}

/** Seconds on the recording's timeline, in steps of 10 ms, of audio that is not digital silence. */
export async function audioTimes(playlistUrl: string): Promise<number[]> {
  const times: number[] = [];
  await measure(playlistUrl, ['-map', '0:a:0', '-af', loudness], ({ seconds, value }) => value > silenceDecibels && times.push(seconds));
  return times;
}
