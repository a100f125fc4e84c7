import { signal } from '@preact/signals';
import type { types } from 'mediasoup-client';
import { isCoded } from '#engine/contract';
import type { PreferredLayers, Publication, PublicationId, SubscriptionId } from '#engine/contract';
import { background } from '../app/background.ts';
import { LinkOnDemand, MediaLink } from './MediaLink.ts';
import type { RoomSession } from './MediaLink.ts';

/** A track of another participant, as received. */
export interface ReceivedTrack {
  publication: Publication;
  track: MediaStreamTrack;
  subscriptionId: SubscriptionId;
  /** The layers received now; null while there are none. */
  layers: PreferredLayers | null;
  /** The spatial layer that the viewer chose; null for automatic. */
  chosenLayer: number | null;
  /** It went to standby, and is shown until what replaces it arrives. */
  isEnding: boolean;
  /** What WebRTC has measured of the track. */
  stats: () => Promise<RTCStatsReport>;
}

interface Subscription {
  consumer: types.Consumer | undefined;
  subscriptionId: SubscriptionId | undefined;
  isResumed: boolean;
  /** Number of failures in a row. */
  failures: number;
}

/** Short at first: after a media worker died, an encoder's tracks are published a moment before they can be subscribed to. */
const firstRetryMs = 200;
const longestRetryMs = 2_000;
/** A format that the browser cannot play is tried again: Firefox installs its H.264 plug-in in the first minutes. */
const longestUnsupportedRetryMs = 10_000;
/** A page without a place asks again after this long, up to twice as long: a crowd does not ask at once. */
const fullRetryMs = 8_000;
/** A consumer is closed with this delay, so that the page can keep the last frame. */
const lastFrameMs = 500;
/** How long a track on standby is kept while what replaces it has not arrived; shorter than the server sends it. */
const handoverMs = 900;

/**
 * In charge of every track that this page receives: keeps the subscriptions in sync with the wanted publications, also
 * after reconnecting. A new link replaces the previous one track by track, so that the last frame stays visible. Owns its
 * links and consumers; `close` closes them.
 */
export class TrackReceiver {
  readonly tracks = signal<ReadonlyMap<PublicationId, ReceivedTrack>>(new Map());
  /** The wanted publications whose format this browser cannot play, as far as it is known. */
  readonly unsupported = signal<ReadonlySet<PublicationId>>(new Set());
  /** The server cannot send the lecture to one more person. */
  readonly isFull = signal(false);
  private readonly subscriptions = new Map<PublicationId, Subscription>();
  private wanted: readonly Publication[] = [];
  private session: RoomSession | undefined;
  private link: LinkOnDemand | undefined;
  private previousLink: LinkOnDemand | undefined;

  /** Subscribes again on a new session, after joining or after the media was reset. */
  attach(session: RoomSession): void {
    this.detach();
    this.session = session;
    this.link = new LinkOnDemand(() => MediaLink.open(session, 'recv'));
    if (this.wanted.length === 0) session.reachability.recv.markReachable();
    this.reconcile();
  }

  /** The connection is lost: no requests are possible. Media that still arrives is shown until the new link replaces it. */
  detach(): void {
    if (this.link?.isRequested) {
      this.closePreviousLink();
      this.previousLink = this.link;
      this.previousLink.retire();
    }
    this.link = undefined;
    this.session = undefined;
    this.subscriptions.clear();
  }

  /** `standby`: publications that someone else has replaced. They are played until the others arrive, so that nothing drops out. */
  setWanted(publications: readonly Publication[], standby: readonly Publication[] = []): void {
    if (publications === this.wanted) return;
    this.wanted = publications;
    for (const [publicationId, { consumer }] of this.subscriptions) {
      if (this.isWanted(publicationId)) continue;
      setTimeout(() => consumer?.close(), standby.some(({ id }) => id === publicationId) ? handoverMs + lastFrameMs : lastFrameMs);
      this.subscriptions.delete(publicationId);
    }
    this.setUnsupported([...this.unsupported.value].filter((publicationId) => this.isWanted(publicationId)));
    const wanted = new Map(publications.map((publication) => [publication.id, publication]));
    const ending = new Map(standby.map((publication) => [publication.id, publication]));
    const kept = [...this.tracks.value].flatMap(([id, received]) => {
      const publication = wanted.get(id) ?? ending.get(id);
      return publication ? [[id, { ...received, publication, isEnding: !wanted.has(id) }] as const] : [];
    });
    if (this.tracks.value.size > 0) this.tracks.value = new Map(kept);
    this.reconcile();
    if (this.areAllResumed()) this.dropEnding();
    else setTimeout(() => this.dropEnding(), handoverMs);
  }

  layersChanged(subscriptionId: SubscriptionId, layers: PreferredLayers | null): void {
    const received = this.bySubscription(subscriptionId);
    if (received) this.update(received.publication.id, { layers });
  }

  /** The server closed a subscription. It is opened again if the track is still wanted. */
  subscriptionClosed(subscriptionId: SubscriptionId): void {
    const [publicationId, subscription] = [...this.subscriptions].find(([, each]) => each.subscriptionId === subscriptionId) ?? [];
    if (publicationId === undefined) return;
    closeSoon(subscription?.consumer);
    this.retryLater(publicationId);
  }

  async chooseLayer(publicationId: PublicationId, spatialLayer: number | null): Promise<void> {
    const received = this.tracks.value.get(publicationId);
    if (!received || !this.session) return;
    this.update(publicationId, { chosenLayer: spatialLayer });
    await requestLayer(this.session, received.subscriptionId, spatialLayer);
  }

  close(): void {
    this.detach();
    this.closePreviousLink();
    this.wanted = [];
    this.isFull.value = false;
    this.tracks.value = new Map();
    this.setUnsupported([]);
  }

  private reconcile(): void {
    for (const publication of this.wanted) if (!this.subscriptions.has(publication.id)) this.startSubscription(publication, 0);
  }

  private startSubscription(publication: Publication, failures: number): void {
    if (!this.session || !this.link) return;
    const subscription: Subscription = { consumer: undefined, subscriptionId: undefined, isResumed: false, failures };
    this.subscriptions.set(publication.id, subscription);
    background(this.subscribe({ session: this.session, link: this.link }, publication, subscription));
  }

  private async subscribe(through: { session: RoomSession; link: LinkOnDemand }, publication: Publication, subscription: Subscription): Promise<void> {
    const { session } = through;
    const isCurrent = () => this.subscriptions.get(publication.id) === subscription;
    try {
      const subscriptionId = await this.openConsumer(through, publication, subscription);
      if (!isCurrent() || !subscription.consumer) {
        subscription.consumer?.close();
        return;
      }
      const chosenLayer = this.tracks.value.get(publication.id)?.chosenLayer ?? null;
      const { consumer } = subscription;
      const received: ReceivedTrack = { publication, track: consumer.track, subscriptionId, layers: null, chosenLayer, isEnding: false, stats: () => consumer.getStats() };
      this.tracks.value = new Map(this.tracks.value).set(publication.id, received);
      if (chosenLayer !== null) await requestLayer(session, subscriptionId, chosenLayer);
      await session.signaling.request('subscription.setPaused', { subscriptionId, isPaused: false });
      subscription.isResumed = true;
      subscription.failures = 0;
      this.setUnsupported([...this.unsupported.value].filter((publicationId) => publicationId !== publication.id));
      if (this.areAllResumed()) this.replaced();
    } catch (error) {
      if (!isCurrent()) return;
      this.subscribeFailed(error, publication.id, session);
    }
  }

  private subscribeFailed(error: unknown, publicationId: PublicationId, session: RoomSession): void {
    if (isCoded(error, 'transport.notFound')) session.rejoin();
    else if (isCoded(error, 'lecture.full')) this.retryFull(publicationId);
    else if (isUnsupported(error)) this.retryUnsupported(publicationId, session);
    else this.retryLater(publicationId);
  }

  private async openConsumer({ session, link }: { session: RoomSession; link: LinkOnDemand }, publication: Publication, subscription: Subscription): Promise<SubscriptionId> {
    const { transport, transportId } = await link.open();
    this.isFull.value = false;
    const { subscriptionId, parameters } = await session.signaling.request('track.subscribe', { transportId, publicationId: publication.id });
    subscription.subscriptionId = subscriptionId;
    subscription.consumer = await transport.consume({
      id: parameters.id,
      producerId: parameters.trackId,
      kind: parameters.kind,
      rtpParameters: parameters.rtpParameters as types.RtpParameters,
      streamId: syncGroupOf(publication),
    });
    return subscriptionId;
  }

  /** Retries until the track is received or no longer wanted. */
  private retryLater(publicationId: PublicationId): void {
    const subscription = this.subscriptions.get(publicationId);
    if (!subscription) return;
    const delayMs = Math.min(longestRetryMs, firstRetryMs * 2 ** subscription.failures);
    setTimeout(() => this.startAgain(publicationId, subscription), delayMs);
  }

  private startAgain(publicationId: PublicationId, failed: Subscription): void {
    const publication = this.wanted.find(({ id }) => id === publicationId);
    if (publication && this.subscriptions.get(publicationId) === failed) this.startSubscription(publication, failed.failures + 1);
  }

  /** The first refusal may be about a track that has just been replaced. */
  private retryUnsupported(publicationId: PublicationId, session: RoomSession): void {
    const subscription = this.subscriptions.get(publicationId);
    if (!subscription) return;
    if (subscription.failures > 0) this.setUnsupported([...this.unsupported.value, publicationId]);
    const delayMs = Math.min(longestUnsupportedRetryMs, firstRetryMs * 4 ** subscription.failures);
    setTimeout(() => background(session.readCapabilities().then(() => this.startAgain(publicationId, subscription))), delayMs);
  }

  private retryFull(publicationId: PublicationId): void {
    this.isFull.value = true;
    const subscription = this.subscriptions.get(publicationId);
    if (subscription) setTimeout(() => this.startAgain(publicationId, subscription), fullRetryMs * (1 + Math.random()));
  }

  private setUnsupported(publicationIds: readonly PublicationId[]): void {
    if (publicationIds.length > 0 || this.unsupported.peek().size > 0) this.unsupported.value = new Set(publicationIds);
  }

  private areAllResumed(): boolean {
    return this.wanted.every(({ id }) => this.subscriptions.get(id)?.isResumed);
  }

  /** Everything that is wanted is received. */
  private replaced(): void {
    this.closePreviousLink();
    this.dropEnding();
  }

  private dropEnding(): void {
    const kept = [...this.tracks.value].filter(([, { isEnding }]) => !isEnding);
    if (kept.length < this.tracks.value.size) this.tracks.value = new Map(kept);
  }

  private closePreviousLink(): void {
    this.previousLink?.close();
    this.previousLink = undefined;
  }

  private isWanted(publicationId: PublicationId): boolean {
    return this.wanted.some(({ id }) => id === publicationId);
  }

  private bySubscription(subscriptionId: SubscriptionId): ReceivedTrack | undefined {
    return [...this.tracks.value.values()].find((received) => received.subscriptionId === subscriptionId);
  }

  private update(publicationId: PublicationId, change: Partial<ReceivedTrack>): void {
    const received = this.tracks.value.get(publicationId);
    if (received) this.tracks.value = new Map(this.tracks.value).set(publicationId, { ...received, ...change });
  }
}

/** The server refuses the format, or mediasoup-client does. */
function isUnsupported(error: unknown): boolean {
  return isCoded(error, 'media.unsupported') || (error instanceof Error && error.name === 'UnsupportedError');
}

function closeSoon(consumer: types.Consumer | undefined): void {
  setTimeout(() => consumer?.close(), lastFrameMs);
}

async function requestLayer(session: RoomSession, subscriptionId: SubscriptionId, spatialLayer: number | null): Promise<void> {
  await session.signaling.request('subscription.setPreferredLayers', {
    subscriptionId,
    layers: spatialLayer === null ? null : { spatialLayer },
  });
}

/** Browsers synchronise one video with one audio track per stream id: the camera with the microphone, the screen alone. */
function syncGroupOf({ participantId, source }: Publication): string {
  return source === 'screen' ? `${participantId}-screen` : participantId;
}
