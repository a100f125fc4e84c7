// Responsible for the epochs of one group of tracks: which there are, and where each begins.
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

  /** The epoch that a time of the lecture falls into. */
  at(timeUs: number): number {
    return this.#starts.findLast((start) => start.startMs * 1000 <= timeUs)?.epoch ?? 0;
  }

  /** Where the epoch after this time's begins; Infinity when there is none. */
  nextStartUs(timeUs: number): number {
    const next = this.#starts.find((start) => start.startMs * 1000 > timeUs);
    return next ? next.startMs * 1000 : Infinity;
  }

  /** Begins an epoch; never before the one that began last. */
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
