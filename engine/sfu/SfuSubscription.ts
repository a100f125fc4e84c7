import type { types } from 'mediasoup';
import type { PreferredLayers, RtpParameters } from '../contract/index.ts';
import { Emitter } from '../kernel/index.ts';
import type { Logger } from '../kernel/index.ts';
import type { MediaCloseReason, MediaSubscription, Unsubscribe } from '../lecture/ports.ts';
import { CloseOnce } from './CloseOnce.ts';
import type { LayerRates } from './LayerRates.ts';
import { requestFromWorker } from './mediaErrors.ts';

/** Above any layer: mediasoup selects the highest one. */
const highestLayers: Required<PreferredLayers> = { spatialLayer: 7, temporalLayer: 7 };

/** What a subscription needs of its track. */
export interface SubscribedTrack {
  readonly id: string;
  readonly rates: Pick<LayerRates, 'bpsOf'>;
}

/** One track that is sent to one browser. Owns the Consumer; its transport and its track close the subscription. */
export class SfuSubscription implements MediaSubscription {
  readonly parameters: MediaSubscription['parameters'];
  readonly #consumer: types.Consumer;
  readonly #track: SubscribedTrack;
  readonly #closeOnce: CloseOnce;
  readonly #layers: Emitter<PreferredLayers | null>;
  readonly #active: Emitter<boolean>;
  #isNew = true;

  constructor(consumer: types.Consumer, track: SubscribedTrack, logger: Logger) {
    this.#consumer = consumer;
    this.#track = track;
    this.#closeOnce = new CloseOnce(logger);
    this.#layers = new Emitter(logger);
    this.#active = new Emitter(logger);
    const rtpParameters = consumer.rtpParameters as RtpParameters;
    this.parameters = { id: consumer.id, trackId: track.id, kind: consumer.kind, rtpParameters };
    consumer.on('layerschange', (layers) => this.#layers.emit(layers ?? null));
  }

  /** What is sent to the browser, bits per second. A new subscription counts as if it were resumed, which follows. */
  get egressBps(): number {
    const { paused, producerPaused, currentLayers } = this.#consumer;
    if (producerPaused || (paused && !this.#isNew)) return 0;
    return this.#track.rates.bpsOf(currentLayers?.spatialLayer);
  }

  async resume(): Promise<void> {
    if (this.#closeOnce.isClosed) return;
    await requestFromWorker('The track cannot be resumed', () => this.#consumer.resume());
    this.#reportActive();
  }

  async pause(): Promise<void> {
    if (this.#closeOnce.isClosed) return;
    await requestFromWorker('The track cannot be paused', () => this.#consumer.pause());
    this.#reportActive();
  }

  async setPreferredLayers(layers: PreferredLayers | null): Promise<void> {
    if (this.#closeOnce.isClosed || this.#consumer.type === 'simple') return;
    await requestFromWorker('The layer cannot be chosen', () => this.#consumer.setPreferredLayers(layers ?? highestLayers));
  }

  onLayersChanged(listener: (layers: PreferredLayers | null) => void): Unsubscribe {
    return this.#layers.on(listener);
  }

  /** Reports whether its browser receives media. A new subscription is not active. */
  onActiveChanged(listener: (isActive: boolean) => void): Unsubscribe {
    return this.#active.on(listener);
  }

  onClosed(listener: (reason: MediaCloseReason) => void): Unsubscribe {
    return this.#closeOnce.onClosed(listener);
  }

  close(reason: MediaCloseReason): void {
    this.#closeOnce.close(reason, () => this.#consumer.close());
  }

  #reportActive(): void {
    this.#isNew = false;
    if (!this.#closeOnce.isClosed) this.#active.emit(!this.#consumer.paused);
  }
}
