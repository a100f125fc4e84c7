import type { types } from 'mediasoup';
import { background } from '../kernel/index.ts';
import type { Clock, Logger } from '../kernel/index.ts';
import { assumedBps, bitrateSampleMs } from './limits.ts';

export interface LayerRatesOptions {
  producer: Pick<types.Producer, 'kind' | 'closed' | 'rtpParameters' | 'getStats'>;
  clock: Clock;
  logger: Logger;
  /** Somebody is subscribed: nothing is measured otherwise. */
  isWanted: () => boolean;
}

/** The measured bitrate of each spatial layer of a track. Owns its timer; `close` ends it. */
export class LayerRates {
  readonly #options: LayerRatesOptions;
  #bps: readonly number[] = [];
  #cancelTimer: () => void = () => undefined;
  #isClosed = false;

  constructor(options: LayerRatesOptions) {
    this.#options = options;
    this.#measureLater();
  }

  /** Bits per second of a layer, of the best one if undefined. An assumption until media was measured. */
  bpsOf(spatialLayer: number | undefined): number {
    const layer = spatialLayer === undefined ? this.#bps.findLast((bps) => bps > 0) : this.#bps[spatialLayer];
    return layer ?? assumedBps[this.#options.producer.kind];
  }

  close(): void {
    this.#isClosed = true;
    this.#cancelTimer();
  }

  #measureLater(): void {
    const { clock, logger } = this.#options;
    this.#cancelTimer = clock.after(bitrateSampleMs, () => background('layerRates.measure', this.#measure(), logger));
  }

  async #measure(): Promise<void> {
    const { producer, isWanted } = this.#options;
    if (isWanted()) {
      const stats = await producer.getStats().catch((err: unknown) => {
        // The worker of a track that was not closed yet is gone.
        if (this.#isClosed || producer.closed) return [];
        throw err;
      });
      const found = (producer.rtpParameters.encodings ?? []).map((encoding) => stats.find((stat) => isOf(stat, encoding))?.bitrate ?? 0);
      if (found.some((bps) => bps > 0)) this.#bps = found;
    }
    if (!this.#isClosed) this.#measureLater();
  }
}

function isOf({ ssrc, rid }: types.ProducerStat, encoding: types.RtpEncodingParameters): boolean {
  return encoding.rid === undefined ? ssrc === encoding.ssrc : rid === encoding.rid;
}
