import { CodedError, ParticipantId, PublicationId, SubscriptionId, TransportId } from '#engine/contract';
import type { Publication } from '#engine/contract';
import type { AckData, RequestInput, RequestName } from '#signaling/contract';
import type { AnyPush, Signaling } from '../SignalingClient.ts';

type MediaRequest = Extract<RequestName, `transport.${string}` | `track.${string}` | `subscription.${string}`>;
type Handlers = { [N in MediaRequest]: (data: RequestInput<N>) => AckData<N> };
type Direction = RequestInput<'transport.open'>['direction'];

interface Subscription {
  publicationId: string;
  transportId: string;
}

const iceParameters = { usernameFragment: 'u', password: 'p' };
const fingerprints = [{ algorithm: 'sha-256', value: '00' }];

/** Answers the media requests of a presenter who has joined, without media. Passes the same suite as the server: signalingConformance.ts. */
export class FakeSignaling implements Signaling {
  readonly #self = ParticipantId.parse(idOf('prt', 1));
  readonly #transports = new Map<string, Direction>();
  readonly #publications = new Map<string, { publication: Publication; transportId: string | undefined }>();
  readonly #subscriptions = new Map<SubscriptionId, Subscription>();
  readonly #onPush: (push: AnyPush) => void;
  #count = 0;

  constructor(onPush: (push: AnyPush) => void = () => undefined) {
    this.#onPush = onPush;
  }

  async request<N extends RequestName>(name: N, data: RequestInput<N>): Promise<AckData<N>> {
    const handler = this.#handlers[name as MediaRequest] as unknown as ((data: RequestInput<N>) => AckData<N>) | undefined;
    if (!handler) throw new Error(`${name} is not a media request`);
    return handler(data);
  }

  /** What this page publishes from now on is on standby: someone else is on the air. */
  isStandby = false;

  /** What this page has published. */
  own(): Publication[] {
    return [...this.#publications.values()].map(({ publication }) => publication).filter(({ participantId }) => participantId === this.#self);
  }

  /** Another participant publishes a track. */
  add(publication: Publication): void {
    this.#publications.set(publication.id, { publication, transportId: undefined });
  }

  /** The first media of a publication: what others have on the air with the same purpose goes on standby. */
  mediaArrives({ participantId, source }: Publication): void {
    for (const [id, published] of this.#publications) {
      const { publication } = published;
      if (publication.participantId === participantId || (publication.source === 'screen') !== (source === 'screen')) continue;
      published.publication = { ...publication, isStandby: true };
      this.#closeSubscriptions((subscription) => subscription.publicationId === id);
    }
  }

  readonly #handlers: Handlers = {
    'transport.open': ({ direction }) => {
      for (const [earlier, of] of this.#transports) if (of === direction) this.#closeTransport(earlier);
      const transportId = TransportId.parse(this.#newId('trn'));
      this.#transports.set(transportId, direction);
      return { transportId, parameters: { id: transportId, iceParameters, iceCandidates: [], dtlsParameters: { fingerprints } } };
    },
    'transport.connect': ({ transportId }) => {
      this.#requireTransport(transportId);
      return {};
    },
    'transport.restartIce': ({ transportId }) => {
      this.#requireTransport(transportId);
      return { iceParameters };
    },
    'track.publish': ({ transportId, source, kind, isPaused = false }) => {
      this.#requireTransport(transportId, 'send');
      for (const [id, { publication: other }] of this.#publications) {
        if (other.participantId === this.#self && other.source === source && other.kind === kind) this.#unpublish(id);
      }
      const publication: Publication = { id: PublicationId.parse(this.#newId('pub')), participantId: this.#self, source, kind, isPaused, isSimulcast: false, isStandby: this.isStandby };
      this.#publications.set(publication.id, { publication, transportId });
      return { publication, trackId: trackOf(publication.id) };
    },
    'track.setPaused': ({ publicationId }) => {
      this.#requireOwn(publicationId);
      return {};
    },
    'track.unpublish': ({ publicationId }) => {
      this.#requireOwn(publicationId);
      this.#unpublish(publicationId);
      return {};
    },
    'track.subscribe': ({ transportId, publicationId }) => {
      const published = this.#publications.get(publicationId);
      if (!published) throw new CodedError('publication.notFound', 'not published');
      this.#requireTransport(transportId, 'recv');
      if (published.publication.isStandby) throw new CodedError('media.unavailable', 'on standby');
      this.#closeSubscriptions((subscription) => subscription.publicationId === publicationId);
      const subscriptionId = SubscriptionId.parse(this.#newId('sub'));
      this.#subscriptions.set(subscriptionId, { publicationId, transportId });
      const { kind } = published.publication;
      return { subscriptionId, parameters: { id: subscriptionId, trackId: trackOf(publicationId), kind, rtpParameters: { codecs: [{ mimeType: 'video/H264', payloadType: 102, clockRate: 90_000 }] } } };
    },
    'subscription.setPaused': ({ subscriptionId }) => {
      this.#requireSubscription(subscriptionId);
      return {};
    },
    'subscription.setPreferredLayers': ({ subscriptionId }) => {
      this.#requireSubscription(subscriptionId);
      return {};
    },
    'subscription.close': ({ subscriptionId }) => {
      this.#subscriptions.delete(this.#requireSubscription(subscriptionId));
      return {};
    },
  };

  #closeTransport(transportId: string): void {
    this.#transports.delete(transportId);
    for (const [id, published] of this.#publications) if (published.transportId === transportId) this.#unpublish(id);
    this.#closeSubscriptions((subscription) => subscription.transportId === transportId);
  }

  #unpublish(publicationId: string): void {
    this.#publications.delete(publicationId);
    this.#closeSubscriptions((subscription) => subscription.publicationId === publicationId);
    this.#onPush({ name: 'track.unpublished', data: { publicationId: PublicationId.parse(publicationId) } });
  }

  #closeSubscriptions(isClosed: (subscription: Subscription) => boolean): void {
    for (const [subscriptionId, subscription] of this.#subscriptions) {
      if (!isClosed(subscription)) continue;
      this.#subscriptions.delete(subscriptionId);
      this.#onPush({ name: 'subscription.closed', data: { subscriptionId } });
    }
  }

  #requireTransport(transportId: string, direction = this.#transports.get(transportId)): void {
    if (direction === undefined || this.#transports.get(transportId) !== direction) throw new CodedError('transport.notFound', 'not open');
  }

  #requireOwn(publicationId: string): void {
    if (this.#publications.get(publicationId)?.publication.participantId !== this.#self) throw new CodedError('publication.notFound', 'not published');
  }

  #requireSubscription(id: string): SubscriptionId {
    const subscriptionId = SubscriptionId.parse(id);
    if (!this.#subscriptions.has(subscriptionId)) throw new CodedError('subscription.notFound', 'not subscribed');
    return subscriptionId;
  }

  #newId(prefix: string): string {
    this.#count += 1;
    return idOf(prefix, this.#count);
  }
}

function idOf(prefix: string, count: number): string {
  return `${prefix}_${String(count).padStart(20, '0')}`;
}

function trackOf(publicationId: string): string {
  return `track of ${publicationId}`;
}
