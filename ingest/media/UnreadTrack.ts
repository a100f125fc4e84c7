import type { EncodedFrame, TrackFormat } from '#engine/media';
import { maxRecentBytes, maxUnreadMs } from '../limits.ts';

export type UnreadItem = { format: TrackFormat } | { frame: EncodedFrame } | 'gap';

/**
 * All that a track has sent before its first reader: it may send several keyframes, and change its format, before its session is
 * attached. Above its limits, nothing is kept: nobody may ever read the track.
 */
export class UnreadTrack {
  #items: UnreadItem[] | undefined = [];
  #bytes = 0;
  #firstUs: number | undefined;

  /** Undefined once a limit was exceeded. */
  get items(): readonly UnreadItem[] | undefined {
    return this.#items;
  }

  add(item: UnreadItem): void {
    if (!this.#items) return;
    this.#items.push(item);
    if (item !== 'gap' && 'frame' in item) this.#measure(item.frame);
  }

  #measure({ decodeTimeUs, data }: EncodedFrame): void {
    this.#firstUs ??= decodeTimeUs;
    this.#bytes += data.length;
    if (this.#bytes <= maxRecentBytes && decodeTimeUs - this.#firstUs <= maxUnreadMs * 1000) return;
    this.#items = undefined;
  }
}
