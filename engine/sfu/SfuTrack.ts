import type { types } from 'mediasoup';
import { Emitter } from '../kernel/index.ts';
import type { Clock, Logger } from '../kernel/index.ts';
import type { FrameTap } from '../media/index.ts';
import type { MediaCloseReason, MediaTrack, TrackDemand, Unsubscribe } from '../lecture/ports.ts';
import { CloseOnce } from './CloseOnce.ts';
import { LayerRates } from './LayerRates.ts';
import { requestFromWorker } from './mediaErrors.ts';
import type { SfuSubscription } from './SfuSubscription.ts';
import { SubscriptionSet } from './SubscriptionSet.ts';

export interface SfuTrackOptions {
  producer: types.Producer;
  logger: Logger;
  clock: Clock;
  /** The frames of the RTP that reaches the room. */
  frames: FrameTap;
}

/**
 * One track in the room. Owns the Producer and the measurement of its bitrate. Closes the Producer after its subscriptions,
 * because the worker closes the consumers of a closed producer itself. Anything else that depends on the track listens to
 * `onClosed`.
 */
export class SfuTrack implements MediaTrack {
  readonly id: string;
  readonly kind: MediaTrack['kind'];
  readonly isSimulcast: boolean;
  readonly frames: FrameTap;
  readonly rates: LayerRates;
  readonly #producer: types.Producer;
  readonly #closeOnce: CloseOnce;
  readonly #subscriptions: SubscriptionSet<SfuSubscription>;
  readonly #onMedia: Emitter<void>;
  #hasMedia = false;

  constructor(options: SfuTrackOptions) {
    const { producer, logger, clock } = options;
    this.#producer = producer;
    this.#closeOnce = new CloseOnce(logger);
    this.#subscriptions = new SubscriptionSet(logger);
    this.id = producer.id;
    this.kind = producer.kind;
    this.isSimulcast = producer.type !== 'simple';
    this.frames = options.frames;
    this.rates = new LayerRates({ producer, clock, logger, isWanted: () => this.demand.active > 0 });
    this.#onMedia = new Emitter(logger);
    // mediasoup reports a score for the first packet of each stream.
    producer.once('score', () => this.#onFirstPacket());
  }

  get hasMedia(): boolean {
    return this.#hasMedia;
  }

  get demand(): TrackDemand {
    return this.#subscriptions.demand;
  }

  get isClosed(): boolean {
    return this.#closeOnce.isClosed;
  }

  /** The subscription closes with the track. @throws CodedError `media.unavailable` when the track is closed */
  addSubscription(subscription: SfuSubscription): SfuSubscription {
    return this.#subscriptions.add(subscription);
  }

  async pause(): Promise<void> {
    if (!this.#closeOnce.isClosed) await requestFromWorker('The track cannot be paused', () => this.#producer.pause());
  }

  async resume(): Promise<void> {
    if (!this.#closeOnce.isClosed) await requestFromWorker('The track cannot be resumed', () => this.#producer.resume());
  }

  onMedia(listener: () => void): Unsubscribe {
    if (!this.#hasMedia) return this.#onMedia.on(listener);
    listener();
    return () => undefined;
  }

  onDemandChanged(listener: (demand: TrackDemand) => void): Unsubscribe {
    return this.#subscriptions.onDemandChanged(listener);
  }

  onClosed(listener: (reason: MediaCloseReason) => void): Unsubscribe {
    return this.#closeOnce.onClosed(listener);
  }

  close(reason: MediaCloseReason): void {
    this.#closeOnce.close(reason, () => {
      this.rates.close();
      this.#subscriptions.close(reason);
      this.#producer.close();
    });
  }

  #onFirstPacket(): void {
    if (this.#hasMedia) return;
    this.#hasMedia = true;
    this.#onMedia.emit();
  }
}
