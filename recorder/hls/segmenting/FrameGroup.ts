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

  /**
   * A copy is small enough: its size, and the time in which a decoder catches up. Frames that are presented in another order are
   * not copied: the last one that was decoded is not the last one that is shown.
   */
  get isRepeatable(): boolean {
    return this.#isInOrder && this.#frames.length > 0 && this.#frames.length <= maxRepeatedFrames && this.#bytes <= maxRepeatedBytes;
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
    this.#latestUs = frame.presentationTimeUs;
    this.#bytes += frame.data.length;
    if (this.#frames.length <= maxRepeatedFrames && this.#bytes <= maxRepeatedBytes) this.#frames.push(frame);
  }

  clear(): void {
    this.#frames = [];
    this.#bytes = 0;
    this.#isInOrder = true;
    this.#latestUs = -Infinity;
  }

  /** Samples that show the last frame of the group from start to end. Each one before it lasts one tick. */
  samples(startTicks: number, endTicks: number): TimedSample[] {
    const last = this.#frames.length - 1;
    return this.#frames.map((frame, index) => ({
      startTicks: startTicks + index,
      durationTicks: index < last ? 1 : Math.max(1, endTicks - startTicks - last),
      compositionOffsetTicks: 0,
      isKeyframe: frame.isKeyframe,
      data: frame.data,
      isFiller: false,
      isRepeated: true,
    }));
  }
}
