import { io } from 'socket.io-client';
import type { Socket } from 'socket.io-client';
import { signalingNamespace } from '#signaling/contract';
import type { Ack, AckData, ClientToServer, RequestInput, RequestName, ServerToClient } from '#signaling/contract';
import type { DtlsParameters, SubscriptionId, TransportId, TransportParameters } from '#engine/contract';
import type { ReceivedTrack, ViewerSignaling } from './ViewerSignaling.ts';

const responseWithinMs = 20_000;

/** A viewer of a lecture, by the room protocol, as a page joins. Owns the socket. */
export class LecternSignaling implements ViewerSignaling {
  readonly #socket: Socket<ServerToClient, ClientToServer>;
  readonly #room: AckData<'room.join'>;
  #transportId: TransportId | undefined;
  #subscriptionIds: SubscriptionId[] = [];

  private constructor(socket: Socket<ServerToClient, ClientToServer>, room: AckData<'room.join'>) {
    this.#socket = socket;
    this.#room = room;
  }

  static async enter(baseUrl: string, ticket: string): Promise<LecternSignaling> {
    const socket: Socket<ServerToClient, ClientToServer> = io(`${baseUrl}${signalingNamespace}`, { transports: ['websocket'], reconnection: false, forceNew: true });
    return new LecternSignaling(socket, await ask(socket, 'room.join', { ticket }));
  }

  async openTransport(): Promise<TransportParameters> {
    const { transportId, parameters } = await ask(this.#socket, 'transport.open', { direction: 'recv', rtpCapabilities: this.#room.rtpCapabilities });
    this.#transportId = transportId;
    return parameters;
  }

  async connectTransport(dtlsParameters: DtlsParameters): Promise<void> {
    await ask(this.#socket, 'transport.connect', { transportId: this.#openTransport, dtlsParameters });
  }

  async subscribeToAll(): Promise<ReceivedTrack[]> {
    const { publications } = this.#room;
    const subscriptions = await Promise.all(
      publications.map(({ id: publicationId }) => ask(this.#socket, 'track.subscribe', { transportId: this.#openTransport, publicationId })),
    );
    this.#subscriptionIds = subscriptions.map(({ subscriptionId }) => subscriptionId);
    return subscriptions.map(({ parameters }) => parameters);
  }

  async setPaused(isPaused: boolean): Promise<void> {
    await Promise.all(this.#subscriptionIds.map((subscriptionId) => ask(this.#socket, 'subscription.setPaused', { subscriptionId, isPaused })));
  }

  leave(): void {
    this.#socket.disconnect();
  }

  get #openTransport(): TransportId {
    if (!this.#transportId) throw new Error('there is no transport');
    return this.#transportId;
  }
}

async function ask<N extends RequestName>(...[socket, name, request]: [Socket<ServerToClient, ClientToServer>, N, RequestInput<N>]): Promise<AckData<N>> {
  const limited = socket.timeout(responseWithinMs);
  const answer = await new Promise<Ack<N>>((resolve, reject) => {
    const emit = limited.emit.bind(limited) as (name: string, request: unknown, ack: (err: Error | null, answer: Ack<N>) => void) => void;
    emit(name, request, (err, acknowledged) => (err ? reject(new Error(`${name} got no response`, { cause: err })) : resolve(acknowledged)));
  });
  if (!answer.ok) throw new Error(`${name}: ${answer.error.code} ${answer.error.message}`);
  return answer.data;
}
