import { CodedError, SubscriptionId, TransportId } from '#engine/contract';
import type { Participant, PublicationId, RtpCapabilities, UserId } from '#engine/contract';
import type { ClientTransport, LiveLecture, MediaSubscription } from '#engine';
import { newId } from '#engine/kernel';
import { maxSubscriptions } from './contract/index.ts';
import type { PushData, PushName } from './contract/index.ts';

/** Sends a push to this client. */
export type Push = <N extends PushName>(name: N, data: PushData<N>) => void;

/** The person and the login of a ticket. */
interface TicketLogin {
  userId: UserId;
  loginId: string;
}

interface Membership {
  lecture: LiveLecture;
  participant: Participant;
}

/** A client has at most one transport to send and one to receive. */
export type Direction = 'send' | 'recv';

interface OpenTransport {
  direction: Direction;
  transport: ClientTransport;
  /** What the client can receive over it; undefined if it has not said. */
  rtpCapabilities: RtpCapabilities | undefined;
}

/**
 * One client's membership in one room, with its transports and subscriptions. Owns the transports and subscriptions;
 * `closeMedia` closes them, and so does leaving the room.
 */
export class Connection {
  readonly push: Push;
  readonly #transports = new Map<TransportId, OpenTransport>();
  readonly #subscriptions = new Map<SubscriptionId, { publicationId: PublicationId; subscription: MediaSubscription }>();
  #membership: Membership | undefined;
  #login: TicketLogin | undefined;
  #isClosed = false;

  constructor(push: Push) {
    this.push = push;
  }

  /** The socket has closed: requests in flight must not change the room. */
  get isClosed(): boolean {
    return this.#isClosed;
  }

  close(): void {
    this.#isClosed = true;
  }

  /** The login of the ticket that this connection has sent; undefined before. */
  get login(): TicketLogin | undefined {
    return this.#login;
  }

  belongsTo(login: TicketLogin): void {
    this.#login = login;
  }

  get isJoined(): boolean {
    return this.#membership !== undefined;
  }

  /** The lecture and the current state of the participant. @throws CodedError `auth.required` before `room.join` */
  get member(): Membership & { participant: Participant } {
    const { lecture, participant } = this.requireJoined();
    return { lecture, participant: lecture.roster.get(participant.id) };
  }

  /** @throws CodedError `auth.required` before `room.join` */
  requireJoined(): Membership {
    if (!this.#membership) throw new CodedError('auth.required', 'Join the room first: send room.join with a ticket.');
    return this.#membership;
  }

  get membership(): Membership | undefined {
    return this.#membership;
  }

  join(membership: Membership): void {
    this.#membership = membership;
  }

  /** The caller removes the participant from the lecture. */
  leave(): void {
    this.#membership = undefined;
    this.closeMedia();
  }

  addTransport(opened: OpenTransport): TransportId {
    const { direction, transport } = opened;
    for (const [id, earlier] of this.#transports) {
      if (earlier.direction !== direction) continue;
      this.#transports.delete(id);
      earlier.transport.close('replaced');
    }
    const transportId = TransportId.parse(newId('trn'));
    this.#transports.set(transportId, opened);
    transport.onClosed((reason) => {
      const wasOpen = this.#transports.delete(transportId);
      if (wasOpen && reason === 'branchLost') this.push('transport.closed', { transportId });
    });
    return transportId;
  }

  /** @throws CodedError `transport.notFound`; `media.unavailable` while the media worker is replaced, before `media.reset` */
  transport(transportId: TransportId, direction?: Direction): ClientTransport {
    return this.#transport(transportId, direction).transport;
  }

  /** @throws CodedError `transport.notFound`, `media.unavailable`; `request.invalid` if it was opened without capabilities */
  receivingTransport(transportId: TransportId): { transport: ClientTransport; rtpCapabilities: RtpCapabilities } {
    const { transport, rtpCapabilities } = this.#transport(transportId, 'recv');
    if (!rtpCapabilities) throw new CodedError('request.invalid', 'This transport was opened without rtpCapabilities. Open another one with those of the device.');
    return { transport, rtpCapabilities };
  }

  #transport(transportId: TransportId, direction?: Direction): OpenTransport {
    const found = this.#transports.get(transportId);
    if (found && (direction === undefined || found.direction === direction)) return found;
    this.#membership?.lecture.requireRoom();
    throw new CodedError('transport.notFound', 'This transport is not open. Open one with transport.open.');
  }

  /** A track is sent to a client once: a further subscription to a publication replaces the first. */
  addSubscription(publicationId: PublicationId, subscription: MediaSubscription): SubscriptionId {
    for (const earlier of [...this.#subscriptions.values()]) if (earlier.publicationId === publicationId) earlier.subscription.close('replaced');
    if (this.#subscriptions.size >= maxSubscriptions) {
      subscription.close('unpublished');
      throw new CodedError('request.tooFrequent', `At most ${maxSubscriptions} tracks can be received at once. Close another tab of this lecture, or reload the page.`);
    }
    const subscriptionId = SubscriptionId.parse(newId('sub'));
    this.#subscriptions.set(subscriptionId, { publicationId, subscription });
    subscription.onLayersChanged((layers) => this.push('subscription.layersChanged', { subscriptionId, layers }));
    subscription.onClosed(() => {
      if (this.#subscriptions.delete(subscriptionId)) this.push('subscription.closed', { subscriptionId });
    });
    return subscriptionId;
  }

  /** @throws CodedError `subscription.notFound` */
  subscription(subscriptionId: SubscriptionId): MediaSubscription {
    const found = this.#subscriptions.get(subscriptionId);
    if (!found) throw new CodedError('subscription.notFound', 'This subscription is closed.');
    return found.subscription;
  }

  closeSubscription(subscriptionId: SubscriptionId): void {
    const subscription = this.subscription(subscriptionId);
    this.#subscriptions.delete(subscriptionId);
    subscription.close('unpublished');
  }

  /** The publication is on standby: nobody receives it. */
  closeSubscriptionsTo(publicationId: PublicationId): void {
    for (const each of [...this.#subscriptions.values()]) if (each.publicationId === publicationId) each.subscription.close('unpublished');
  }

  closeMedia(): void {
    for (const { transport } of [...this.#transports.values()]) transport.close('participantLeft');
    this.#transports.clear();
    this.#subscriptions.clear();
  }
}
