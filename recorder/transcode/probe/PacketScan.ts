import { frameJitterMs } from '../limits.ts';

/** What the packets of one track say, whatever the header says. Times are seconds on the file's own clock. */
export interface TrackPackets {
  packets: number;
  startSeconds: number;
  endSeconds: number;
  /** Presentation times of the keyframes, ascending. Empty for audio. */
  keyframes: number[];
  /** The usual time between two packets, in ms; 0 when there is only one. */
  usualStepMs: number;
  /** Share of the steps that are not the usual one, by more than the rounding of a container. */
  irregularShare: number;
}

interface Counted {
  packets: number;
  start: number;
  end: number;
  keyframes: number[];
  lastStep: number | undefined;
  steps: Map<number, number>;
}

/** Steps are counted in microseconds. */
const stepsPerMs = 1000;
const maxCountedSteps = 5000;

/** Reads the lines of `ffprobe -show_entries packet=stream_index,pts_time,dts_time,duration_time,flags -of csv=p=0`. */
export class PacketScan {
  readonly #tracks = new Map<number, Counted>();
  readonly #videoTracks: ReadonlySet<number>;
  #rest = '';

  constructor(videoTracks: readonly number[]) {
    this.#videoTracks = new Set(videoTracks);
  }

  add(text: string): void {
    const lines = (this.#rest + text).split('\n');
    this.#rest = (lines.pop() ?? '').slice(0, 1000);
    for (const line of lines) this.#line(line);
  }

  /** By the index of the track. Tracks without a packet are missing. */
  result(): Map<number, TrackPackets> {
    return new Map([...this.#tracks].map(([index, counted]) => [index, summed(counted)]));
  }

  #line(line: string): void {
    const [index, pts, dts, duration, flags] = line.split(',');
    const at = timeOf(pts) ?? timeOf(dts);
    // `D`: a decoder discards it, such as the first frame of AAC, in which the encoder starts.
    if (at === undefined || index === undefined || flags?.[1] === 'D') return;
    const track = this.#track(Number(index));
    track.packets += 1;
    track.start = Math.min(track.start, at);
    track.end = Math.max(track.end, at + (timeOf(duration) ?? 0));
    if (!this.#videoTracks.has(Number(index))) return;
    if (flags?.startsWith('K')) track.keyframes.push(at);
    count(track, timeOf(dts) ?? at);
  }

  #track(index: number): Counted {
    const known = this.#tracks.get(index);
    if (known) return known;
    const track: Counted = { packets: 0, start: Infinity, end: -Infinity, keyframes: [], lastStep: undefined, steps: new Map() };
    this.#tracks.set(index, track);
    return track;
  }
}

function timeOf(text: string | undefined): number | undefined {
  const value = text === undefined || text === '' ? NaN : Number(text);
  return Number.isFinite(value) ? value : undefined;
}

function count(track: Counted, at: number): void {
  if (track.lastStep !== undefined) {
    const step = Math.round((at - track.lastStep) * 1000 * stepsPerMs);
    if (step > 0 && (track.steps.has(step) || track.steps.size < maxCountedSteps)) track.steps.set(step, (track.steps.get(step) ?? 0) + 1);
  }
  track.lastStep = at;
}

function summed({ packets, start, end, keyframes, steps }: Counted): TrackPackets {
  const ordered = [...steps].sort(([a], [b]) => a - b);
  const total = ordered.reduce((sum, [, times]) => sum + times, 0);
  let passed = 0;
  const median = ordered.find(([, times]) => (passed += times) * 2 >= total)?.[0] ?? 0;
  const regular = ordered.filter(([step]) => Math.abs(step - median) <= Math.max(frameJitterMs * stepsPerMs, median * 0.05));
  const regularCount = regular.reduce((sum, [, times]) => sum + times, 0);
  const regularSum = regular.reduce((sum, [step, times]) => sum + step * times, 0);
  return {
    packets,
    startSeconds: start,
    endSeconds: end,
    keyframes: keyframes.sort((a, b) => a - b),
    // The mean of the regular steps: 33 and 34 ms of Matroska are 33.37 ms.
    usualStepMs: regularCount > 0 ? regularSum / regularCount / stepsPerMs : 0,
    irregularShare: total > 0 ? (total - regularCount) / total : 0,
  };
}
