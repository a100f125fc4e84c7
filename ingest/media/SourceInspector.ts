import type { TrackKind } from '#engine/contract';
import { browserObstacle } from '#engine/media';
import type { AudioFormat, AvcConfig, BrowserObstacle, EncodedFrame } from '#engine/media';

const windowUs = 4_000_000;
/** This many frames in decode order reveal B-frames: encoders use at most 3 in a row. */
const framesToJudge = 10;
/** After a longer gap in both tracks, the time since the last keyframe says nothing about the encoder: its network stalled. */
const stallUs = 1_000_000;
/** The usual interval of frames is the median over so many. */
const framesToCompare = 16;
/** A gap of so many usual intervals lacks a frame. */
const leastGap = 1.7;
/** Two seconds, with tolerance for frame rates that do not divide them. */
export const maxKeyframeIntervalSeconds = 2.1;

interface Sample {
  timeUs: number;
  bytes: number;
}

/** Properties of a source, measured over its last seconds; null while unknown. */
export interface SourceMeasurement {
  widthPx: number | null;
  heightPx: number | null;
  frameRate: number | null;
  videoBitrateBps: number | null;
  audioBitrateBps: number | null;
  audioSampleRateHz: number | null;
  keyframeIntervalSeconds: number | null;
  hasBFrames: boolean | null;
  /** Video frames that are missing since the start, by the gaps between the others: the encoder or its network dropped them. */
  droppedFrames: number;
  /** Why some browsers cannot play the video as it is; null while nothing is known that keeps them from it. */
  browserObstacle: BrowserObstacle | null;
}

/** Why a source must be re-encoded for browsers. */
export type ReencodeReason = 'bFrames' | 'rareKeyframes' | 'format';

/** Measures the frames of one source. */
export class SourceInspector {
  #config: AvcConfig | undefined;
  #audio: AudioFormat | undefined;
  readonly #samples: Record<TrackKind, Sample[]> = { video: [], audio: [] };
  #framesSeen = 0;
  #latestPresentationUs = -Infinity;
  #isOutOfOrder = false;
  #keyframeUs: number | undefined;
  /** The latest frame of either track. Video alone may be silent: some sources send a frame only when something changes. */
  #latestUs = -Infinity;
  #intervalsUs: number[] = [];
  #droppedFrames = 0;

  videoConfig(config: AvcConfig): void {
    this.#config = config;
  }

  audioFormat(format: AudioFormat): void {
    this.#audio = format;
  }

  frame(kind: TrackKind, frame: EncodedFrame): void {
    const samples = this.#samples[kind];
    if (kind === 'video') this.#droppedFrames += droppedBefore(frame.decodeTimeUs, samples);
    samples.push({ timeUs: frame.decodeTimeUs, bytes: frame.data.length });
    while (samples[0] && samples[0].timeUs < frame.decodeTimeUs - windowUs) samples.shift();
    if (frame.decodeTimeUs - this.#latestUs > stallUs) this.#keyframeUs = undefined;
    this.#latestUs = Math.max(this.#latestUs, frame.decodeTimeUs);
    if (kind === 'video') this.#checkOrder(frame);
  }

  /** undefined while nothing forbids a copy. */
  reencodeReason(): ReencodeReason | undefined {
    if (this.#browserObstacle()) return 'format';
    if (this.#hasBFrames()) return 'bFrames';
    return (this.#keyframeIntervalUs() ?? 0) > maxKeyframeIntervalSeconds * 1e6 ? 'rareKeyframes' : undefined;
  }

  measure(): SourceMeasurement {
    const intervalUs = this.#keyframeIntervalUs();
    return {
      widthPx: this.#config?.sps.widthPx ?? null,
      heightPx: this.#config?.sps.heightPx ?? null,
      frameRate: frameRateOf(this.#samples.video),
      videoBitrateBps: bitrateOf(this.#samples.video),
      audioBitrateBps: bitrateOf(this.#samples.audio),
      audioSampleRateHz: this.#audio?.sampleRateHz ?? null,
      keyframeIntervalSeconds: intervalUs === undefined ? null : Math.round(intervalUs / 10_000) / 100,
      hasBFrames: this.#hasBFrames(),
      droppedFrames: this.#droppedFrames,
      browserObstacle: this.#browserObstacle() ?? null,
    };
  }

  #browserObstacle(): BrowserObstacle | undefined {
    return this.#config && browserObstacle(this.#config.sps);
  }

  #checkOrder(frame: EncodedFrame): void {
    this.#framesSeen += 1;
    if (frame.presentationTimeUs < this.#latestPresentationUs) this.#isOutOfOrder = true;
    this.#latestPresentationUs = frame.isKeyframe ? frame.presentationTimeUs : Math.max(this.#latestPresentationUs, frame.presentationTimeUs);
    if (!frame.isKeyframe) return;
    if (this.#keyframeUs !== undefined) this.#intervalsUs = [...this.#intervalsUs.slice(-2), frame.decodeTimeUs - this.#keyframeUs];
    this.#keyframeUs = frame.decodeTimeUs;
  }

  #hasBFrames(): boolean | null {
    if (this.#isOutOfOrder || (this.#config?.sps.reorderFrames ?? 0) > 0) return true;
    return this.#framesSeen >= framesToJudge ? false : null;
  }

  /** The longest of the last few intervals; while a keyframe is overdue, the time since the last one. */
  #keyframeIntervalUs(): number | undefined {
    if (this.#keyframeUs === undefined) return undefined;
    const openUs = this.#latestUs - this.#keyframeUs;
    if (this.#intervalsUs.length === 0) return openUs > maxKeyframeIntervalSeconds * 1e6 ? openUs : undefined;
    return Math.max(openUs, ...this.#intervalsUs);
  }
}

/** How many frames are missing before this one: its distance in usual intervals. */
function droppedBefore(timeUs: number, earlier: readonly Sample[]): number {
  const recent = earlier.slice(-framesToCompare);
  const last = recent.at(-1);
  if (!last || recent.length < framesToCompare) return 0;
  const intervals = recent.slice(1).map((sample, index) => sample.timeUs - (recent[index]?.timeUs ?? 0)).sort((a, b) => a - b);
  const usualUs = intervals[Math.floor(intervals.length / 2)] ?? 0;
  const gapUs = timeUs - last.timeUs;
  // Encoders with a variable frame rate differ by less than one frame from the usual interval.
  return usualUs > 0 && gapUs > usualUs * leastGap && gapUs < stallUs ? Math.round(gapUs / usualUs) - 1 : 0;
}

function spanSeconds(samples: readonly Sample[]): number {
  const first = samples[0];
  const last = samples.at(-1);
  return first && last ? (last.timeUs - first.timeUs) / 1e6 : 0;
}

function frameRateOf(samples: readonly Sample[]): number | null {
  const seconds = spanSeconds(samples);
  return seconds < 0.5 ? null : Math.round(((samples.length - 1) / seconds) * 10) / 10;
}

function bitrateOf(samples: readonly Sample[]): number | null {
  const seconds = spanSeconds(samples);
  if (seconds < 0.5) return null;
  const bytes = samples.slice(1).reduce((sum, sample) => sum + sample.bytes, 0);
  return Math.round((bytes * 8) / seconds);
}
