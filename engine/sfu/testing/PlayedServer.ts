import type { DtlsParameters, PreferredLayers, RtpCapabilities, RtpParameters, TrackKind, TransportParameters } from '../../contract/index.ts';
import type { ClientTransport, MediaRoom, MediaSubscription, MediaTrack } from '../../lecture/ports.ts';

/** The server for publisherPage.ts: signaling without a network. A page has one of its own; several can be in one room. */
export class PlayedServer {
  readonly tracks: MediaTrack[] = [];
  readonly states: string[] = [];
  readonly layers: (PreferredLayers | null)[] = [];
  readonly room: MediaRoom;
  readonly #transports = new Map<string, ClientTransport>();
  readonly #closed = new Set<string>();
  /** Changes the addresses at which the page reaches the server. */
  announce: (parameters: TransportParameters) => Promise<TransportParameters> = async (parameters) => parameters;
  subscriptions: MediaSubscription[] = [];

  constructor(room: MediaRoom, tracks: readonly MediaTrack[] = []) {
    this.room = room;
    this.tracks.push(...tracks);
  }

  isClosed(direction: string): boolean {
    return this.#closed.has(direction);
  }

  transport(direction: string): ClientTransport {
    const transport = this.#transports.get(direction);
    if (!transport) throw new Error(`no ${direction} transport`);
    return transport;
  }

  async request(method: string, data: Record<string, unknown>): Promise<unknown> {
    const direction = data['direction'] as 'send' | 'recv';
    switch (method) {
      case 'capabilities':
        return this.room.rtpCapabilities;
      case 'transport': {
        const transport = await this.room.openClientTransport(direction);
        this.#transports.set(direction, transport);
        transport.onClosed(() => this.#closed.add(direction));
        return this.announce(transport.parameters);
      }
      case 'connect':
        return this.transport(direction).connect(data['dtlsParameters'] as DtlsParameters);
      case 'state':
        return this.states.push(`${direction} ${String(data['state'])}`);
      case 'publish': {
        const { kind, rtpParameters } = data as { kind: TrackKind; rtpParameters: RtpParameters };
        const track = await this.transport('send').publish({ kind, rtpParameters, isPaused: false });
        this.tracks.push(track);
        return track.id;
      }
      case 'subscribe':
        this.subscriptions = await Promise.all(this.tracks.map((track) => this.transport('recv').subscribe(track, data['rtpCapabilities'] as RtpCapabilities)));
        this.subscriptions[0]?.onLayersChanged((layers) => this.layers.push(layers));
        return this.subscriptions.map(({ parameters }) => ({ ...parameters, producerId: parameters.trackId }));
      case 'resume':
        return Promise.all(this.subscriptions.map((subscription) => subscription.resume()));
      default:
        throw new Error(`unknown request ${method}`);
    }
  }
}
