import type { TrackKind } from '#engine/contract';
import type { AudioFormat, AvcConfig, EncodedFrame } from '#engine/media';

const windowUs = 4_000_000;
/** So many frames in decode order show whether any is shown out of order: encoders use at most 3 B-frames in a row. */
const framesToJudge = 10;
/** After such a hole the time since the last keyframe says nothing about the encoder: its network stood still. */
const holeUs = 1_000_000;
/** H.264 profiles that browsers decode over WebRTC: Baseline, Main, High. */
const browserProfiles = new Set([66, 77, 100]);
/** Two seconds, with room for a frame rate that does not divide them. */
export const maxKeyframeIntervalSeconds = 2.1;

interface Sample {
  timeUs: number;
  bytes: number;
}

/** What a source is like, measured over its last seconds; null where it is too early to say. */
export interface SourceMeasurement {
  widthPx: number | null;
  heightPx: number | null;
  frameRate: number | null;
  videoBitrateBps: number | null;
  audioBitrateBps: number | null;
  audioSampleRateHz: number | null;
  keyframeIntervalSeconds: number | null;
  hasBFrames: boolean | null;
}

/** Why the source cannot go to browsers as it is. */
export type ReencodeReason = 'bFrames' | 'rareKeyframes' | 'format';

/** Watches the frames of one encoder. */
export class SourceInspector {
  #config: AvcConfig | undefined;
  #audio: AudioFormat | undefined;
  readonly #samples: Record<TrackKind, Sample[]> = { video: [], audio: [] };
  #framesSeen = 0;
  #latestShownUs = -Infinity;
  #isOutOfOrder = false;
  #keyframeUs: number | undefined;
  #lastVideoUs = 0;
  #intervalsUs: number[] = [];

  videoConfig(config: AvcConfig): void {
    this.#config = config;
  }

  audioFormat(format: AudioFormat): void {
    this.#audio = format;
  }

  frame(kind: TrackKind, frame: EncodedFrame): void {
    const samples = this.#samples[kind];
    samples.push({ timeUs: frame.decodeTimeUs, bytes: frame.data.length });
    while (samples[0] && samples[0].timeUs < frame.decodeTimeUs - windowUs) samples.shift();
    if (kind === 'video') this.#watchOrder(frame);
  }

  /** Undefined: browsers can have it as it is, as far as has been seen. */
  reencodeReason(): ReencodeReason | undefined {
    const sps = this.#config?.sps;
    if (sps && (!sps.isYuv420p || sps.isInterlaced || !browserProfiles.has(sps.profileIdc))) return 'format';
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
    };
  }

  #watchOrder(frame: EncodedFrame): void {
    this.#framesSeen += 1;
    if (frame.presentationTimeUs < this.#latestShownUs) this.#isOutOfOrder = true;
    this.#latestShownUs = frame.isKeyframe ? frame.presentationTimeUs : Math.max(this.#latestShownUs, frame.presentationTimeUs);
    if (frame.decodeTimeUs - this.#lastVideoUs > holeUs) this.#keyframeUs = undefined;
    this.#lastVideoUs = frame.decodeTimeUs;
    if (!frame.isKeyframe) return;
    if (this.#keyframeUs !== undefined) this.#intervalsUs = [...this.#intervalsUs.slice(-2), frame.decodeTimeUs - this.#keyframeUs];
    this.#keyframeUs = frame.decodeTimeUs;
  }

  #hasBFrames(): boolean | null {
    if (this.#isOutOfOrder || (this.#config?.sps.reorderFrames ?? 0) > 0) return true;
    return this.#framesSeen >= framesToJudge ? false : null;
  }

  /** The longest of the last few; while a keyframe is overdue, the time since the last one. */
  #keyframeIntervalUs(): number | undefined {
    if (this.#keyframeUs === undefined) return undefined;
    const openUs = this.#lastVideoUs - this.#keyframeUs;
    if (this.#intervalsUs.length === 0) return openUs > maxKeyframeIntervalSeconds * 1e6 ? openUs : undefined;
    return Math.max(openUs, ...this.#intervalsUs);
  }
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
