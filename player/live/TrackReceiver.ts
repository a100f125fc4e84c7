import { signal } from '@preact/signals';
import type { types } from 'mediasoup-client';
import { isCoded } from '#engine/contract';
import type { PreferredLayers, Publication, PublicationId, SubscriptionId } from '#engine/contract';
import type { RequestInput } from '#signaling/contract';
import { background } from '../app/background.ts';
import { LinkOnDemand, MediaLink } from './MediaLink.ts';
import type { RoomSession } from './MediaLink.ts';

/** A track of someone else, as it arrives here. */
export interface ReceivedTrack {
  publication: Publication;
  track: MediaStreamTrack;
  subscriptionId: SubscriptionId;
  /** The quality that flows now; null while none does. */
  layers: PreferredLayers | null;
  /** The quality chosen by hand; null for the best that the bandwidth carries. */
  chosenLayer: number | null;
}

interface Taking {
  consumer: types.Consumer | undefined;
  subscriptionId: SubscriptionId | undefined;
  isFlowing: boolean;
  /** How often taking it failed in a row. */
  failures: number;
}

/** Soon at first: after a media worker died, an encoder's tracks are on offer a moment before they can be taken. */
const tryAgainMs = 200;
const longestTryAgainMs = 2_000;
/** A track ends a little after it was given up, so that the page can keep its last picture. */
const lastPictureMs = 500;

/**
 * In charge of every track this page takes: holds what arrives to what is wanted, through reconnections. A new link
 * takes over from an old one track by track, so that the last picture stays meanwhile. Owns its links and consumers;
 * `close` ends them.
 */
export class TrackReceiver {
  readonly tracks = signal<ReadonlyMap<PublicationId, ReceivedTrack>>(new Map());
  private readonly takings = new Map<PublicationId, Taking>();
  private wanted: readonly Publication[] = [];
  private stay: RoomSession | undefined;
  private link: LinkOnDemand | undefined;
  private outgoing: LinkOnDemand | undefined;

  /** Begins anew on a fresh stay, after joining or after the media was reset. */
  attach(stay: RoomSession): void {
    this.detach();
    this.stay = stay;
    this.link = new LinkOnDemand(() => MediaLink.open(stay, 'recv'));
    if (this.wanted.length === 0) stay.reach.recv.clear();
    this.reconcile();
  }

  /** The connection is gone: nothing can be asked for. What still arrives is shown until something takes over. */
  detach(): void {
    if (this.link?.isAskedFor) {
      this.closeOutgoing();
      this.outgoing = this.link;
      this.outgoing.retire();
    }
    this.link = undefined;
    this.stay = undefined;
    this.takings.clear();
  }

  want(publications: readonly Publication[]): void {
    if (publications === this.wanted) return;
    this.wanted = publications;
    for (const [publicationId, { consumer }] of this.takings) {
      if (this.isWanted(publicationId)) continue;
      closeSoon(consumer);
      this.takings.delete(publicationId);
    }
    const known = new Map(publications.map((publication) => [publication.id, publication]));
    const kept = [...this.tracks.value].flatMap(([id, received]) => {
      const publication = known.get(id);
      return publication ? [[id, { ...received, publication }] as const] : [];
    });
    if (this.tracks.value.size > 0) this.tracks.value = new Map(kept);
    this.reconcile();
  }

  layersChanged(subscriptionId: SubscriptionId, layers: PreferredLayers | null): void {
    const received = this.bySubscription(subscriptionId);
    if (received) this.update(received.publication.id, { layers });
  }

  /** The server ended it; when the track is still wanted, it is taken again, unless another has taken its place. */
  subscriptionClosed(subscriptionId: SubscriptionId): void {
    const [publicationId, taking] = [...this.takings].find(([, each]) => each.subscriptionId === subscriptionId) ?? [];
    if (publicationId === undefined) return;
    closeSoon(taking?.consumer);
    this.tryLater(publicationId);
  }

  async chooseLayer(publicationId: PublicationId, spatialLayer: number | null): Promise<void> {
    const received = this.tracks.value.get(publicationId);
    if (!received || !this.stay) return;
    this.update(publicationId, { chosenLayer: spatialLayer });
    await askForLayer(this.stay, received.subscriptionId, spatialLayer);
  }

  close(): void {
    this.detach();
    this.closeOutgoing();
    this.wanted = [];
    this.tracks.value = new Map();
  }

  private reconcile(): void {
    for (const publication of this.wanted) if (!this.takings.has(publication.id)) this.begin(publication, 0);
  }

  private begin(publication: Publication, failures: number): void {
    if (!this.stay || !this.link) return;
    const taking: Taking = { consumer: undefined, subscriptionId: undefined, isFlowing: false, failures };
    this.takings.set(publication.id, taking);
    background(this.take({ stay: this.stay, link: this.link }, publication, taking));
  }

  private async take(through: { stay: RoomSession; link: LinkOnDemand }, publication: Publication, taking: Taking): Promise<void> {
    const { stay } = through;
    const isCurrent = () => this.takings.get(publication.id) === taking;
    try {
      const subscriptionId = await this.subscribe(through, publication, taking);
      if (!isCurrent() || !taking.consumer) {
        taking.consumer?.close();
        return;
      }
      const chosenLayer = this.tracks.value.get(publication.id)?.chosenLayer ?? null;
      const received: ReceivedTrack = { publication, track: taking.consumer.track, subscriptionId, layers: null, chosenLayer };
      this.tracks.value = new Map(this.tracks.value).set(publication.id, received);
      if (chosenLayer !== null) await askForLayer(stay, subscriptionId, chosenLayer);
      await stay.signaling.request('subscription.setPaused', { subscriptionId, isPaused: false });
      taking.isFlowing = true;
      taking.failures = 0;
      this.closeOutgoingWhenReplaced();
    } catch (error) {
      if (!isCurrent()) return;
      if (isCoded(error, 'transport.notFound')) stay.rejoin();
      else this.tryLater(publication.id);
    }
  }

  private async subscribe({ stay, link }: { stay: RoomSession; link: LinkOnDemand }, publication: Publication, taking: Taking): Promise<SubscriptionId> {
    const { transport, transportId } = await link.open();
    const { subscriptionId, parameters } = await stay.signaling.request('track.subscribe', {
      transportId,
      publicationId: publication.id,
      rtpCapabilities: stay.device.recvRtpCapabilities as RequestInput<'track.subscribe'>['rtpCapabilities'],
    });
    taking.subscriptionId = subscriptionId;
    taking.consumer = await transport.consume({
      id: parameters.id,
      producerId: parameters.trackId,
      kind: parameters.kind,
      rtpParameters: parameters.rtpParameters as types.RtpParameters,
      streamId: syncGroupOf(publication),
    });
    return subscriptionId;
  }

  /** Goes on until it is taken or no longer wanted. */
  private tryLater(publicationId: PublicationId): void {
    const taking = this.takings.get(publicationId);
    if (!taking) return;
    const delayMs = Math.min(longestTryAgainMs, tryAgainMs * 2 ** taking.failures);
    setTimeout(() => {
      const publication = this.wanted.find(({ id }) => id === publicationId);
      if (publication && this.takings.get(publicationId) === taking) this.begin(publication, taking.failures + 1);
    }, delayMs);
  }

  private closeOutgoingWhenReplaced(): void {
    if (this.wanted.every(({ id }) => this.takings.get(id)?.isFlowing)) this.closeOutgoing();
  }

  private closeOutgoing(): void {
    this.outgoing?.close();
    this.outgoing = undefined;
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

function closeSoon(consumer: types.Consumer | undefined): void {
  setTimeout(() => consumer?.close(), lastPictureMs);
}

async function askForLayer(stay: RoomSession, subscriptionId: SubscriptionId, spatialLayer: number | null): Promise<void> {
  await stay.signaling.request('subscription.setPreferredLayers', {
    subscriptionId,
    layers: spatialLayer === null ? null : { spatialLayer },
  });
}

/** Browsers keep one picture in step with one sound per group: the face with the voice, the screen on its own. */
function syncGroupOf({ participantId, source }: Publication): string {
  return source === 'screen' ? `${participantId}-screen` : participantId;
}
