// Responsible for placing a video track on the lecture's clock. A frame is shown until the next one, as long as its source is
// there: some sources send a frame only when something changes. Gaps are filled with black: hls.js cannot start in EXT-X-GAP,
// and MediaSource does not play audio over a gap in the video. Owns the pending frame, whose duration is known only when the
// next one arrives, and the hold of the last frame.
import type { VideoFormat } from '#engine/media';
import { blackFormat, blackFrame } from '../filler/blackFrame.ts';
import { usualFrameTicks } from '../usualFrameTicks.ts';
import { FrameHold } from './FrameHold.ts';
import { RecordingSegmenter } from './RecordingSegmenter.ts';
import { isSameFormat } from './TrackSegmenter.ts';
import type { SegmenterFrame, SegmenterOptions, TrackSegmenter } from './TrackSegmenter.ts';
import { epochJoinMs, maxLagMs, maxSegmentMs } from '../../limits.ts';

const ticksPerUs = 90_000 / 1e6;
const maxLagTicks = maxLagMs * 90;
const maxSegmentTicks = maxSegmentMs * 90;
/** A rest that is shorter is no reason for copies of frames: what follows fills it. */
const minRepeatTicks = 90_000 / 2;
const blackSampleTicks = 2 * 90_000;
/** A frame may begin this much before the last one ends, whose length was an estimate: that of the longest B-pyramid. */
const maxOverlapTicks = 6 * usualFrameTicks;

interface Pending {
  decodeTicks: number;
  frame: SegmenterFrame;
}

export class VideoSegmenter implements TrackSegmenter {
  readonly #options: SegmenterOptions;
  readonly #segmenter: RecordingSegmenter;
  readonly #hold: FrameHold;
  /** The source's format. While `#isBlack`, black frames of its size are written. */
  #format: VideoFormat | undefined;
  #isBlack = false;
  #hasBegun = false;
  #epoch: number;
  #pending: Pending | undefined;
  /** Added to decode times, so that the decode time of the first frame equals its presentation time. */
  #shiftUs = 0;
  #needsKeyframe = true;
  /** The format that takes effect with the next keyframe. */
  #nextChange: SegmenterFrame['change'];
  #endTicks: number;
  #latestPresentationEnd = 0;
  #frameTicks = usualFrameTicks;
  #blackCount = 0;
  #dropped = 0;

  constructor(options: SegmenterOptions) {
    this.#options = options;
    this.#segmenter = new RecordingSegmenter(options);
    this.#hold = new FrameHold({
      segmenter: this.#segmenter,
      enterDueEpoch: (ticks) => this.#enterDueEpoch(ticks),
      nextEpochTicks: (ticks) => Math.ceil(options.ledger.nextStartUs(ticks / ticksPerUs) * ticksPerUs),
    });
    this.#endTicks = Math.ceil(options.resumeAtUs * ticksPerUs);
    this.#epoch = options.resumeEpoch;
    if (options.resumeFormat?.kind === 'video') this.#format = options.resumeFormat;
  }

  get endUs(): number {
    return (this.#pending ? this.#pending.decodeTicks + this.#frameTicks : this.#endTicks) / ticksPerUs;
  }

  get hasBegun(): boolean {
    return this.#hasBegun;
  }

  get droppedFrames(): number {
    return this.#dropped;
  }

  frame(given: SegmenterFrame): void {
    const frame = { ...given, presentationTimeUs: this.#presentationTimeUs(given) };
    this.#noteBreak(frame);
    const decodeTicks = this.#decodeTicks(frame);
    const heldTicks = Math.floor(frame.heldUntilUs * ticksPerUs);
    const lastTicks = this.#pending?.decodeTicks ?? this.#endTicks - 1;
    const isLost = !this.#pending || decodeTicks - lastTicks > maxLagTicks;
    if (isLost && !(this.#hold.isPossible && decodeTicks <= heldTicks)) this.#needsKeyframe = true;
    if (this.#needsKeyframe) return this.#restart(frame);
    if (lastTicks - decodeTicks > maxOverlapTicks) return this.#drop();
    const startTicks = Math.max(decodeTicks, lastTicks + 1);
    this.#addPending(startTicks, heldTicks);
    this.#endTicks = this.#hold.extend(this.#endTicks, startTicks);
    if (frame.isKeyframe) this.#enterDueEpoch(startTicks);
    this.#setPending(Math.max(startTicks, this.#endTicks), frame);
  }

  #noteBreak({ isAfterGap, change }: SegmenterFrame): void {
    if (isAfterGap || change) this.#needsKeyframe = true;
    this.#nextChange = change ?? this.#nextChange;
  }

  fillUntil(timeUs: number, heldUntilUs: number): void {
    if (!this.#format) return;
    this.hold(Math.min(timeUs, heldUntilUs));
    const until = Math.floor(timeUs * ticksPerUs);
    if (until - this.#endTicks < blackSampleTicks) return;
    const whole = Math.floor((until - this.#endTicks) / blackSampleTicks) * blackSampleTicks;
    this.#addBlackUntil(this.#endTicks + whole, { size: this.#format, isBeforeChange: false });
  }

  hold(untilUs: number): void {
    const untilTicks = Math.floor(untilUs * ticksPerUs);
    this.#addPending(Infinity, untilTicks);
    this.#endTicks = this.#hold.extend(this.#endTicks, untilTicks, minRepeatTicks);
  }

  flush(): void {
    this.#addPending();
    this.#segmenter.endSegment();
    if (!this.#hold.isPossible) this.#needsKeyframe = true;
  }

  finish(endUs: number, heldUntilUs: number): void {
    this.hold(Math.min(endUs, heldUntilUs));
    const endTicks = Math.floor(endUs * ticksPerUs);
    const isGap = this.#isBlack || endTicks - this.#endTicks > maxLagTicks || this.#epoch < this.#options.ledger.current;
    if (this.#format && isGap) this.#finishWithBlack(this.#format, endTicks);
    this.flush();
  }

  #finishWithBlack(size: VideoFormat, endTicks: number): void {
    this.#addBlackUntil(endTicks, { size, isBeforeChange: false });
    while (this.#epoch < this.#options.ledger.current) {
      this.#isBlack = true;
      this.#enterNextEpoch(blackFormat(size));
      this.#addBlack(size, usualFrameTicks);
    }
  }

  /** An absurd composition time of one frame must not fill the recording up to that time, nor begin before it. */
  #presentationTimeUs({ decodeTimeUs, presentationTimeUs, groupUs, isKeyframe }: SegmenterFrame): number {
    const latestUs = Math.max(decodeTimeUs, groupUs) + maxLagMs * 1000;
    const earliestUs = isKeyframe ? decodeTimeUs : decodeTimeUs + this.#shiftUs - maxLagMs * 1000;
    return Math.max(Math.min(presentationTimeUs, latestUs), earliestUs);
  }

  /**
   * Encoders with B-frames derive decode times from the presentation times of earlier frames. After a pause, these lie before the
   * pause, although the frame is presented after it, at a time that the other track has reached.
   */
  #decodeTicks(frame: SegmenterFrame): number {
    const decodeTicks = Math.round((frame.decodeTimeUs + this.#shiftUs) * ticksPerUs);
    const presentationTicks = Math.round(frame.presentationTimeUs * ticksPerUs);
    if (presentationTicks - decodeTicks <= maxLagTicks) return decodeTicks;
    return Math.max(decodeTicks, Math.min(presentationTicks - maxOverlapTicks, Math.floor(frame.groupUs * ticksPerUs)));
  }

  #setPending(decodeTicks: number, frame: SegmenterFrame): void {
    this.#pending = { decodeTicks, frame };
    this.#hold.follow(frame);
  }

  #drop(): void {
    this.#dropped += 1;
    this.#needsKeyframe = true;
  }

  /** Starts, or continues after another source, a loss or a gap. Only a keyframe can do that. */
  #restart(frame: SegmenterFrame): void {
    const startTicks = Math.round(frame.presentationTimeUs * ticksPerUs);
    const earliest = this.#pending ? this.#pending.decodeTicks + 1 : this.#endTicks;
    const format = this.#nextChange?.format ?? this.#format;
    if (!frame.isKeyframe || startTicks < earliest || format?.kind !== 'video') return this.#drop();
    const heldTicks = Math.floor(frame.heldUntilUs * ticksPerUs);
    this.#addPending(startTicks, heldTicks);
    this.#endTicks = this.#hold.extend(this.#endTicks, Math.min(startTicks, heldTicks), minRepeatTicks);
    const isGap = this.#isBlack || startTicks - this.#endTicks > maxLagTicks;
    if (isGap) this.#addBlackUntil(startTicks, { size: this.#format ?? format, isBeforeChange: true });
    const shiftUs = frame.presentationTimeUs - frame.decodeTimeUs;
    if (shiftUs <= maxLagMs * 1000) this.#shiftUs = shiftUs;
    this.#enterFormat(format, startTicks);
    this.#fillWithFirstFrame(frame, startTicks);
    this.#needsKeyframe = false;
    this.#setPending(startTicks, frame);
  }

  #enterFormat(format: VideoFormat, startTicks: number): void {
    const isChanged = this.#isBlack || !this.#format || (this.#nextChange?.isNewSource ?? false) || !isSameFormat(format, this.#format);
    this.#nextChange = undefined;
    this.#format = format;
    this.#isBlack = false;
    if (this.#hasBegun && !isChanged) return this.#enterDueEpoch(startTicks);
    this.#beginFormat(format, startTicks);
  }

  /** A first frame that comes a little late is shown from the track's end on. */
  #fillWithFirstFrame(frame: SegmenterFrame, startTicks: number): void {
    const durationTicks = startTicks - this.#endTicks;
    if (durationTicks <= 0) return;
    this.#segmenter.add({ startTicks: this.#endTicks, durationTicks, compositionOffsetTicks: 0, isKeyframe: true, data: frame.data, isFiller: true });
    this.#endTicks = startTicks;
  }

  /** Adds the pending frame. It lasts until `nextTicks`; if that is unknown, or later than it is held, for an estimate. */
  #addPending(nextTicks = Infinity, heldTicks = -Infinity): void {
    const pending = this.#pending;
    if (!pending) return;
    this.#pending = undefined;
    const { decodeTicks, frame } = pending;
    const presentationTicks = Math.round(frame.presentationTimeUs * ticksPerUs);
    const isKnown = nextTicks - decodeTicks <= maxLagTicks;
    if (isKnown && nextTicks - decodeTicks < usualFrameTicks * 10) this.#frameTicks = nextTicks - decodeTicks;
    this.#latestPresentationEnd = Math.max(this.#latestPresentationEnd, presentationTicks + this.#frameTicks);
    // Of a group with B-frames, the hold extends what is shown last, once all of it is presented.
    const heldEnd = this.#hold.isPossible && this.#hold.isInOrder ? heldTicks : -Infinity;
    const end = isKnown ? nextTicks : Math.min(Math.max(decodeTicks + this.#frameTicks, this.#latestPresentationEnd, heldEnd), nextTicks);
    this.#endTicks = this.#hold.add({
      startTicks: decodeTicks,
      durationTicks: end - decodeTicks,
      compositionOffsetTicks: presentationTicks - decodeTicks,
      isKeyframe: frame.isKeyframe,
      data: frame.data,
      isFiller: false,
    });
  }

  #addBlackUntil(untilTicks: number, black: { size: VideoFormat; isBeforeChange: boolean }): void {
    if (this.#endTicks >= untilTicks) return;
    const format = blackFormat(black.size);
    if (!this.#isBlack) {
      this.#isBlack = true;
      this.#hold.clear();
      this.#beginFormat(format, this.#endTicks);
    }
    const longest = untilTicks - this.#endTicks > maxSegmentTicks ? maxSegmentTicks : blackSampleTicks;
    const lastEpochUs = black.isBeforeChange ? untilTicks / ticksPerUs - epochJoinMs * 1000 : Infinity;
    while (this.#endTicks < untilTicks) {
      const nextEpochTicks = this.#enterEpochBefore(lastEpochUs, format);
      this.#addBlack(black.size, Math.min(longest, untilTicks - this.#endTicks, nextEpochTicks - this.#endTicks));
    }
  }

  #addBlack(size: VideoFormat, durationTicks: number): void {
    this.#blackCount += 1;
    const data = blackFrame(size, this.#blackCount % 2 === 0 ? 0 : 1);
    this.#segmenter.add({ startTicks: this.#endTicks, durationTicks, compositionOffsetTicks: 0, isKeyframe: true, data, isFiller: true });
    this.#endTicks += durationTicks;
  }

  /**
   * Enters a due epoch. Returns where the black frame ends at the latest: after one frame time if an epoch was entered, so
   * that several epochs begin at about the same times as in the audio.
   */
  #enterEpochBefore(lastEpochUs: number, format: VideoFormat): number {
    const { ledger } = this.#options;
    const timeUs = this.#endTicks / ticksPerUs;
    const dueEpoch = ledger.at(Math.min(timeUs, lastEpochUs));
    if (dueEpoch > this.#epoch) this.#enterNextEpoch(format);
    if (dueEpoch > this.#epoch) return this.#endTicks + usualFrameTicks;
    const nextEpochUs = ledger.nextStartUs(timeUs);
    return nextEpochUs > lastEpochUs ? Infinity : Math.max(Math.round(nextEpochUs * ticksPerUs), this.#endTicks + 1);
  }

  /** A new format enters the next epoch, and begins one when the track is in the newest. */
  #beginFormat(format: VideoFormat, startTicks: number): void {
    const { ledger } = this.#options;
    if (this.#hasBegun && !this.#segmenter.isEpochEmpty && this.#epoch === ledger.current) ledger.begin(startTicks / ticksPerUs);
    this.#enterNextEpoch(format);
  }

  #enterDueEpoch(startTicks: number): void {
    const isDue = this.#options.ledger.at(startTicks / ticksPerUs) > this.#epoch;
    if (isDue && this.#format) this.#enterNextEpoch(this.#format);
  }

  /** An epoch in which the track has no samples yet is begun again. */
  #enterNextEpoch(format: VideoFormat): void {
    if (!this.#hasBegun || !this.#segmenter.isEpochEmpty) this.#epoch += 1;
    this.#hasBegun = true;
    this.#segmenter.begin(format, this.#epoch, this.#isBlack ? 0 : Math.max(0, Math.round(this.#shiftUs * ticksPerUs)));
  }
}
