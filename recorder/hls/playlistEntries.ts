import type { EpochStart, SegmentRow } from '../journal/rows.ts';
import { maxAbsorbedGapMs, maxTrackEndDifferenceMs, targetDurationSeconds } from '../limits.ts';

/** One entry of a media playlist. Times are whole microseconds of the lecture's clock, so that durations add up. */
export interface PlaylistEntry {
  startUs: number;
  endUs: number;
  /** How many epochs begin here. */
  discontinuities: number;
  /** Absent for a gap. */
  segment?: SegmentRow;
}

function toUs(ms: number): number {
  return Math.round(ms * 1000);
}

/**
 * Lays out the segments of a track so that the playlist's timeline is the lecture's clock, from 0 on, with EXT-X-GAP
 * entries where segments are missing. Emitted entries never change. Owns only its position.
 */
export class PlaylistLayout {
  readonly #onEntry: (entry: PlaylistEntry) => void;
  #epochs: readonly EpochStart[] = [];
  #endUs = 0;
  #epoch = 0;

  constructor(onEntry: (entry: PlaylistEntry) => void) {
    this.#onEntry = onEntry;
  }

  /** Appends the next segment. `epochs`: those of its group so far. */
  segment(segment: SegmentRow, epochs: readonly EpochStart[]): void {
    this.#epochs = epochs;
    this.#addGapUntil(toUs(segment.startMs), segment.epoch);
    const endUs = Math.max(toUs(segment.startMs + segment.durationMs), this.#endUs + 1);
    this.#push(endUs, { epoch: segment.epoch, segment });
  }

  /** Appends a gap up to the end of the recording, if the track ends much earlier. */
  finish(endMs: number, epochs: readonly EpochStart[]): void {
    this.#epochs = epochs;
    if (toUs(endMs) - this.#endUs > maxTrackEndDifferenceMs * 1000) this.#addGapUntil(toUs(endMs), Infinity);
  }

  /** Epochs up to `lastEpoch` that begin within the gap get their discontinuities there. */
  #addGapUntil(untilUs: number, lastEpoch: number): void {
    if (untilUs - this.#endUs <= maxAbsorbedGapMs * 1000) return;
    for (const { epoch, startMs } of this.#epochs) {
      const startUs = toUs(startMs);
      if (epoch <= this.#epoch || epoch > lastEpoch || startUs >= untilUs) continue;
      if (startUs > this.#endUs) this.#addGap(startUs, this.#epoch);
      this.#addGap(Math.min(untilUs, this.#nextStartUs(epoch)), epoch);
    }
    if (untilUs > this.#endUs) this.#addGap(untilUs, this.#epoch);
  }

  #nextStartUs(epoch: number): number {
    const next = this.#epochs.find((start) => start.epoch > epoch);
    return next ? Math.max(toUs(next.startMs), this.#endUs + 1) : Infinity;
  }

  #addGap(untilUs: number, epoch: number): void {
    const startUs = this.#endUs;
    const count = Math.ceil((untilUs - startUs) / (targetDurationSeconds * 1e6));
    for (let i = 1; i <= count; i += 1) this.#push(startUs + Math.round(((untilUs - startUs) * i) / count), { epoch });
  }

  #push(endUs: number, what: { epoch: number; segment?: SegmentRow }): void {
    const discontinuities = Math.max(0, what.epoch - this.#epoch);
    this.#onEntry({ startUs: this.#endUs, endUs, discontinuities, segment: what.segment });
    this.#epoch = Math.max(this.#epoch, what.epoch);
    this.#endUs = endUs;
  }
}
