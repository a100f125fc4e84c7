import type { TrackKind } from '#engine/contract';
import type { EncodedFrame } from '#engine/media';
import { maxRecentBytes } from '../limits.ts';

/** The frames of both tracks since the last keyframe, where a late reader can start. */
export class RecentMedia {
  #frames: Record<TrackKind, EncodedFrame[]> = { video: [], audio: [] };
  #bytes = 0;
  #isOverLimit = false;

  push(kind: TrackKind, frame: EncodedFrame): void {
    if (kind === 'video' && frame.isKeyframe) this.#startGroup(frame);
    if (this.#isOverLimit) return;
    this.#frames[kind].push(frame);
    this.#bytes += frame.data.length;
    if (this.#bytes > maxRecentBytes) {
      this.clear();
      this.#isOverLimit = true;
    }
  }

  frames(kind: TrackKind): readonly EncodedFrame[] {
    return this.#frames[kind];
  }

  clear(): void {
    this.#frames = { video: [], audio: [] };
    this.#bytes = 0;
  }

  clearTrack(kind: TrackKind): void {
    this.#frames[kind] = [];
    this.#bytes = [...this.#frames.video, ...this.#frames.audio].reduce((sum, frame) => sum + frame.data.length, 0);
  }

  #startGroup(keyframe: EncodedFrame): void {
    const isFirst = this.#frames.video.length === 0 && !this.#isOverLimit;
    const audio = isFirst ? this.#frames.audio : this.#frames.audio.filter((frame) => frame.decodeTimeUs >= keyframe.decodeTimeUs);
    this.#frames = { video: [], audio };
    this.#bytes = audio.reduce((sum, frame) => sum + frame.data.length, 0);
    this.#isOverLimit = false;
  }
}
