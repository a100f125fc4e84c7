import { CodedError } from '../contract/index.ts';
import type { TrackKind } from '../contract/index.ts';
import type { MediaCloseReason, MediaSubscription, MediaTrack, TrackDemand, Unsubscribe } from '../lecture/index.ts';
import { Emitter } from '../kernel/index.ts';
import type { FrameSink, FrameTap, FrameTapHandle } from '../media/index.ts';
import { SubscriptionSet } from '../sfu/SubscriptionSet.ts';
import { FakePart, fakeId } from './FakePart.ts';
import { silentLogger } from './silentLogger.ts';

/** The frames of a fake track: none, and an end with the track. */
class FakeTap implements FrameTap {
  readonly #sinks = new Set<FrameSink>();
  #hasEnded = false;

  async open(sink: FrameSink): Promise<FrameTapHandle> {
    if (this.#hasEnded) throw new CodedError('publication.notFound', 'This track has ended.');
    this.#sinks.add(sink);
    return { end: () => this.#end(sink), close: () => void this.#sinks.delete(sink) };
  }

  endAll(): void {
    this.#hasEnded = true;
    for (const sink of [...this.#sinks]) this.#end(sink);
  }

  #end(sink: FrameSink): void {
    if (this.#sinks.delete(sink)) sink.ended();
  }
}

export class FakeTrack extends FakePart implements MediaTrack {
  readonly id = fakeId('track');
  readonly kind: TrackKind;
  readonly isSimulcast = false;
  readonly mimeType: string;
  readonly #frames = new FakeTap();
  readonly #subscriptions = new SubscriptionSet<FakeSubscription>(silentLogger);
  readonly #onMedia = new Set<() => void>();
  isPaused = false;
  hasMedia = true;

  /** A track whose media has arrived. */
  constructor(kind: TrackKind, mimeType = kind === 'video' ? 'video/H264' : 'audio/opus') {
    super();
    this.kind = kind;
    this.mimeType = mimeType;
  }

  /** A track whose media arrives with `media`, if ever. */
  static withoutMedia(kind: TrackKind, mimeType?: string): FakeTrack {
    const track = new FakeTrack(kind, mimeType);
    track.hasMedia = false;
    return track;
  }

  get frames(): FrameTap {
    return this.#frames;
  }

  get demand(): TrackDemand {
    return this.#subscriptions.demand;
  }

  onDemandChanged(listener: (demand: TrackDemand) => void): Unsubscribe {
    return this.#subscriptions.onDemandChanged(listener);
  }

  /** Some media arrives. */
  media(): void {
    this.hasMedia = true;
    const listeners = [...this.#onMedia];
    this.#onMedia.clear();
    for (const listener of listeners) listener();
  }

  onMedia(listener: () => void): Unsubscribe {
    if (this.hasMedia) listener();
    else this.#onMedia.add(listener);
    return () => this.#onMedia.delete(listener);
  }

  async pause(): Promise<void> {
    this.isPaused = true;
  }

  async resume(): Promise<void> {
    this.isPaused = false;
  }

  addSubscription(subscription: FakeSubscription): FakeSubscription {
    return this.#subscriptions.add(subscription);
  }

  protected override release(reason: MediaCloseReason): void {
    this.#subscriptions.close(reason);
    this.#frames.endAll();
  }
}

export class FakeSubscription extends FakePart implements MediaSubscription {
  readonly parameters: MediaSubscription['parameters'];
  readonly #active = new Emitter<boolean>(silentLogger);

  constructor({ id: trackId, kind, mimeType }: FakeTrack) {
    super();
    const codec = kind === 'video' ? { mimeType, payloadType: 102, clockRate: 90_000 } : { mimeType, payloadType: 111, clockRate: 48_000, channels: 2 };
    this.parameters = { id: fakeId('subscription'), trackId, kind, rtpParameters: { codecs: [codec] } };
  }

  async pause(): Promise<void> {
    this.#setActive(false);
  }

  async resume(): Promise<void> {
    this.#setActive(true);
  }

  async setPreferredLayers(): Promise<void> {}

  onLayersChanged(): Unsubscribe {
    return () => undefined;
  }

  onActiveChanged(listener: (isActive: boolean) => void): Unsubscribe {
    return this.#active.on(listener);
  }

  #setActive(isActive: boolean): void {
    if (!this.isClosed) this.#active.emit(isActive);
  }
}
