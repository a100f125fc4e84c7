// Responsible for the frames of a video track since its last keyframe. A segment that has no keyframe of its own can begin
// with a copy of them. Owns the frames.
import type { EncodedFrame } from '#engine/media';
import type { TimedSample } from './CompleteSegment.ts';
import { maxRepeatedBytes, maxRepeatedFrames, maxSparseFrameRate } from '../../limits.ts';

export class FrameGroup {
  #frames: EncodedFrame[] = [];
  #bytes = 0;
  #isInOrder = true;
  #latestUs = -Infinity;

  /** A copy is small enough: its size, and the time in which a decoder catches up. */
  get isRepeatable(): boolean {
    return this.#frames.length > 0 && this.#frames.length <= maxRepeatedFrames && this.#bytes <= maxRepeatedBytes;
  }

  /** The frames are presented in the order in which they are decoded: there are no B-frames. */
  get isInOrder(): boolean {
    return this.#isInOrder;
  }

  /** The last frame to be presented is presented at this time (µs of the lecture's clock) at the latest. */
  isPresentedBy(timeUs: number): boolean {
    return this.#latestUs <= timeUs;
  }

  /** The source sends a frame only now and then. */
  get isSparse(): boolean {
    const [first, last] = [this.#frames[0], this.#frames.at(-1)];
    if (!first || !last) return false;
    return this.#frames.length - 1 <= ((last.decodeTimeUs - first.decodeTimeUs) / 1e6) * maxSparseFrameRate;
  }

  /** A frame that does not follow its group is left out. Of a group that is too large, only the size is kept. */
  add(frame: EncodedFrame): void {
    if (frame.isKeyframe) this.clear();
    else if (this.#frames.length === 0) return;
    this.#isInOrder &&= frame.presentationTimeUs > this.#latestUs;
    this.#latestUs = Math.max(this.#latestUs, frame.presentationTimeUs);
    this.#bytes += frame.data.length;
    if (this.#frames.length <= maxRepeatedFrames && this.#bytes <= maxRepeatedBytes) this.#frames.push(frame);
  }

  clear(): void {
    this.#frames = [];
    this.#bytes = 0;
    this.#isInOrder = true;
    this.#latestUs = -Infinity;
  }

  /**
   * Samples that show the last frame of the group from start to end, that is, the one that is presented last. Each frame is decoded,
   * and each one before that is presented, for one tick.
   */
  samples(startTicks: number, endTicks: number): TimedSample[] {
    const last = this.#frames.length - 1;
    const places = this.#presentationPlaces();
    return this.#frames.map((frame, index) => ({
      startTicks: startTicks + index,
      durationTicks: index < last ? 1 : Math.max(1, endTicks - startTicks - last),
      compositionOffsetTicks: (places[index] ?? index) - index,
      isKeyframe: frame.isKeyframe,
      data: frame.data,
      isFiller: false,
      isRepeated: true,
    }));
  }

  /** The place of each frame in the order of presentation. */
  #presentationPlaces(): number[] {
    const order = this.#frames.map((_, index) => index);
    if (!this.#isInOrder) order.sort((a, b) => (this.#frames[a]?.presentationTimeUs ?? 0) - (this.#frames[b]?.presentationTimeUs ?? 0));
    const places: number[] = [];
    for (const [place, index] of order.entries()) places[index] = place;
    return places;
  }
}
