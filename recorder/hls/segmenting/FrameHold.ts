// Responsible for showing the last frame of a video for as long as no next one comes: extends its sample, and begins further
// segments with copies of the frames since the last keyframe. Owns those frames.
import type { EncodedFrame } from '#engine/media';
import type { TimedSample } from './CompleteSegment.ts';
import { FrameGroup } from './FrameGroup.ts';
import type { RecordingSegmenter } from './RecordingSegmenter.ts';
import { maxLagMs, maxSegmentMs, maxSegmentOverrunMs } from '../../limits.ts';

const ticksPerUs = 90_000 / 1e6;
const maxLagTicks = maxLagMs * 90;
const maxSegmentTicks = maxSegmentMs * 90;
const maxOverrunTicks = maxSegmentOverrunMs * 90;

export interface FrameHoldOptions {
  segmenter: RecordingSegmenter;
  /** A segment begins at this time: it enters an epoch that is due. */
  enterDueEpoch: (ticks: number) => void;
  /** Where the next epoch after this time begins; Infinity when there is none. */
  nextEpochTicks: (ticks: number) => number;
}

export class FrameHold {
  readonly #options: FrameHoldOptions;
  readonly #group = new FrameGroup();

  constructor(options: FrameHoldOptions) {
    this.#options = options;
  }

  /** The last frame can be shown for longer than its sample. */
  get isPossible(): boolean {
    return this.#group.isRepeatable;
  }

  /** The last frame to be decoded is also the last one to be presented. */
  get isInOrder(): boolean {
    return this.#group.isInOrder;
  }

  /** The last frame from now on. */
  follow(frame: EncodedFrame): void {
    this.#group.add(frame);
  }

  clear(): void {
    this.#group.clear();
  }

  /**
   * Adds the sample of the last frame. Where the segment in progress would become too long, the next one begins with a copy, unless
   * a frame of the group is still to be presented. Returns where the track ends.
   */
  add(sample: TimedSample): number {
    const { segmenter } = this.#options;
    const endTicks = sample.startTicks + sample.durationTicks;
    const lacksStart = segmenter.isBetweenSegments && !sample.isKeyframe;
    const latestEnd = lacksStart ? sample.startTicks : segmenter.latestEndTicks(sample);
    const isTooLong = endTicks > latestEnd + maxOverrunTicks && (sample.durationTicks > maxLagTicks || this.#group.isSparse);
    const firstEnd = Math.max(latestEnd, sample.startTicks);
    const isWhole = this.#group.isInOrder || (firstEnd > sample.startTicks && this.#group.isPresentedBy(firstEnd / ticksPerUs));
    if (!this.#group.isRepeatable || !isWhole || !(lacksStart || isTooLong)) {
      segmenter.add(sample);
      return endTicks;
    }
    if (firstEnd > sample.startTicks) segmenter.add({ ...sample, durationTicks: firstEnd - sample.startTicks });
    return this.#repeatUntil(endTicks, firstEnd);
  }

  /**
   * Shows the last frame of the track, which ends at `endTicks`, up to a later time. Copies are added only for more than
   * `minRepeatTicks`. Returns where the track ends.
   */
  extend(endTicks: number, untilTicks: number, minRepeatTicks = 0): number {
    const { segmenter, nextEpochTicks } = this.#options;
    if (!this.isPossible || untilTicks <= endTicks) return endTicks;
    const extended = segmenter.isBetweenSegments ? endTicks : segmenter.extendLast(Math.min(untilTicks, nextEpochTicks(endTicks)));
    return untilTicks - extended > minRepeatTicks ? this.#repeatUntil(untilTicks, extended) : extended;
  }

  #repeatUntil(untilTicks: number, fromTicks: number): number {
    const { segmenter, enterDueEpoch, nextEpochTicks } = this.#options;
    let endTicks = fromTicks;
    while (endTicks < untilTicks) {
      segmenter.endSegment();
      enterDueEpoch(endTicks);
      const samples = this.#group.samples(endTicks, Math.min(untilTicks, endTicks + maxSegmentTicks, nextEpochTicks(endTicks)));
      for (const sample of samples) segmenter.add(sample);
      endTicks = samples.reduce((end, { startTicks, durationTicks }) => Math.max(end, startTicks + durationTicks), endTicks + 1);
    }
    return endTicks;
  }
}
