// Responsible for the epochs of one group of tracks: which exist, and where each begins. Owns the list.
import type { EpochStart } from '../../journal/rows.ts';

export class EpochLedger {
  readonly #starts: EpochStart[];
  readonly #onChanged: (starts: readonly EpochStart[]) => void;

  constructor(starts: readonly EpochStart[], onChanged: (starts: readonly EpochStart[]) => void) {
    this.#starts = starts.length > 0 ? [...starts] : [{ epoch: 0, startMs: 0 }];
    this.#onChanged = onChanged;
  }

  get current(): number {
    return this.#last.epoch;
  }

  /** The epoch that contains a time of the lecture. */
  at(timeUs: number): number {
    return this.#starts.findLast((start) => start.startMs * 1000 <= timeUs)?.epoch ?? 0;
  }

  /** Where the next epoch after this time begins; Infinity when there is none. */
  nextStartUs(timeUs: number): number {
    const next = this.#starts.find((start) => start.startMs * 1000 > timeUs);
    return next ? next.startMs * 1000 : Infinity;
  }

  /** Begins an epoch, not earlier than the newest one. */
  begin(timeUs: number): number {
    const startMs = Math.max(Math.round(timeUs) / 1000, this.#last.startMs);
    this.#starts.push({ epoch: this.#last.epoch + 1, startMs });
    this.#onChanged([...this.#starts]);
    return this.#last.epoch;
  }

  get #last(): EpochStart {
    return this.#starts.at(-1) ?? { epoch: 0, startMs: 0 };
  }
}
