// Responsible for where segments end: collects the samples of one track and ends the segment at a keyframe, at the longest
// length, or where the samples have a gap. Owns the samples of the segment in progress.
import type { TrackFormat } from '#engine/media';
import type { RecordingTrack } from '../../journal/rows.ts';
import { timescaleOf } from '../fmp4/initSegment.ts';
import type { CompleteSegment, SegmenterLimits, TimedSample } from './CompleteSegment.ts';
import { earlyKeyframeMs, maxSegmentMs, maxSegmentOverrunMs } from '../../limits.ts';

export interface RecordingSegmenterOptions extends SegmenterLimits {
  track: RecordingTrack;
  onSegment(segment: CompleteSegment): void;
}

export class RecordingSegmenter {
  readonly #options: RecordingSegmenterOptions;
  #format: TrackFormat | undefined;
  #epoch = 0;
  #samples: TimedSample[] = [];
  #endTicks = 0;
  #isEpochEmpty = true;
  #sourceDelayTicks = 0;

  constructor(options: RecordingSegmenterOptions) {
    this.#options = options;
  }

  /** No sample was added since `begin`. */
  get isEpochEmpty(): boolean {
    return this.#isEpochEmpty;
  }

  /** Ends the segment in progress; the following samples have this format and epoch. */
  begin(format: TrackFormat, epoch: number, sourceDelayTicks = 0): void {
    this.endSegment();
    this.#isEpochEmpty = true;
    this.#format = format;
    this.#epoch = epoch;
    this.#sourceDelayTicks = sourceDelayTicks;
  }

  add(sample: TimedSample): void {
    if (this.#samples.length > 0 && this.#mustEndBefore(sample)) this.endSegment();
    this.#samples.push(sample);
    this.#isEpochEmpty = false;
    this.#endTicks = sample.startTicks + sample.durationTicks;
  }

  /** No segment is in progress. */
  get isBetweenSegments(): boolean {
    return this.#samples.length === 0;
  }

  /** Where the segment ends at the latest to which the sample is added. */
  latestEndTicks(sample: TimedSample): number {
    const [first] = this.#samples;
    const startTicks = first && !this.#mustEndBefore({ ...sample, durationTicks: 0 }) ? first.startTicks : sample.startTicks;
    return startTicks + this.#maxTicks();
  }

  /** Extends the last sample of the segment in progress up to this time, or up to the longest length. Returns where it ends. */
  extendLast(untilTicks: number): number {
    const [first, last] = [this.#samples[0], this.#samples.at(-1)];
    if (!first || !last) return this.#endTicks;
    const endTicks = Math.min(untilTicks, first.startTicks + this.#maxTicks());
    if (endTicks > this.#endTicks) {
      last.durationTicks += endTicks - this.#endTicks;
      this.#endTicks = endTicks;
    }
    return this.#endTicks;
  }

  endSegment(): void {
    const [first] = this.#samples;
    if (!first || !this.#format) return;
    const samples = this.#samples;
    this.#samples = [];
    this.#options.onSegment({
      track: this.#options.track,
      epoch: this.#epoch,
      format: this.#format,
      startTicks: first.startTicks,
      durationTicks: this.#endTicks - first.startTicks,
      samples,
      isIndependent: first.isKeyframe,
      isFiller: samples.every((sample) => sample.isFiller),
      ...(this.#sourceDelayTicks > 0 && { sourceDelayTicks: this.#sourceDelayTicks }),
    });
  }

  #maxTicks(): number {
    return this.#format ? maxSegmentMs * (timescaleOf(this.#format) / 1000) : 0;
  }

  #mustEndBefore(sample: TimedSample): boolean {
    const [first] = this.#samples;
    if (!first || !this.#format || sample.startTicks !== this.#endTicks) return true;
    const ticksPerMs = timescaleOf(this.#format) / 1000;
    const earlyMs = this.#format.kind === 'video' ? earlyKeyframeMs : 0;
    const isLongEnough = this.#endTicks - first.startTicks >= (this.#options.targetSegmentMs - earlyMs) * ticksPerMs;
    const wouldBeMs = (sample.startTicks + sample.durationTicks - first.startTicks) / ticksPerMs;
    return (isLongEnough && sample.isKeyframe) || wouldBeMs > maxSegmentMs + maxSegmentOverrunMs;
  }
}
