import type { Device, types } from 'mediasoup-client';
import type { IceServer, TransportId } from '#engine/contract';
import type { RequestInput } from '#signaling/contract';
import { background } from '../app/background.ts';
import { LinkRecovery } from './LinkRecovery.ts';
import type { MediaReachability } from './MediaReachability.ts';
import type { Signaling } from './SignalingClient.ts';

/** One session in the room, from joining until the connection is lost or the media is reset: what the tracks need of it. */
export interface RoomSession {
  signaling: Signaling;
  device: Device;
  iceServers: readonly IceServer[];
  /** Called when media cannot be recovered without joining again. */
  rejoin: () => void;
  /** Reads again which formats the browser can play. If there are others, the tracks are subscribed to on a new session. */
  readCapabilities: () => Promise<void>;
  reachability: Readonly<Record<Direction, Pick<MediaReachability, 'markReachable' | 'markUnreachable'>>>;
}

type Direction = 'send' | 'recv';

export type PublishHandler = (transportId: TransportId, produced: { kind: types.MediaKind; rtpParameters: types.RtpParameters; appData: types.AppData }) => Promise<string>;

/** Timeout of media requests; shorter than the default, because the video is frozen meanwhile. */
const mediaRequestTimeoutMs = 6_000;

/** One WebRTC transport with its recovery. Owns both; `close` closes them. */
export class MediaLink {
  readonly transport: types.Transport;
  readonly transportId: TransportId;
  /** Resolves when the server refused to connect the transport. No media will flow over it. */
  readonly broken: Promise<void>;
  private readonly recovery: LinkRecovery;
  private readonly onOnline = () => this.recovery.networkChanged();

  private constructor(transport: types.Transport, { transportId, broken, session, direction }: { transportId: TransportId; broken: Promise<void>; session: RoomSession; direction: Direction }) {
    this.transport = transport;
    this.transportId = transportId;
    this.broken = broken;
    this.recovery = new LinkRecovery({
      restartIce: async () => {
        const { iceParameters } = await session.signaling.request('transport.restartIce', { transportId }, mediaRequestTimeoutMs);
        if (!transport.closed) await transport.restartIce({ iceParameters });
      },
      connected: () => session.reachability[direction].markReachable(),
      rejoin: session.rejoin,
      unreachable: () => session.reachability[direction].markUnreachable(),
    });
    transport.on('connectionstatechange', (state) => this.recovery.stateChanged(state));
    addEventListener('online', this.onOnline);
  }

  static async open(session: RoomSession, direction: Direction, publish?: PublishHandler): Promise<MediaLink> {
    const { transportId, parameters } = await session.signaling.request('transport.open', { direction, ...(direction === 'recv' ? receivedBy(session.device) : {}) });
    const options = { ...parameters, iceServers: [...session.iceServers] } as types.TransportOptions;
    const transport = direction === 'send' ? session.device.createSendTransport(options) : session.device.createRecvTransport(options);
    const broken = Promise.withResolvers<void>();
    transport.on('connect', ({ dtlsParameters }, done, failed) => {
      session.signaling.request('transport.connect', { transportId, dtlsParameters }, mediaRequestTimeoutMs).then(done, (error: Error) => {
        broken.resolve();
        failed(error);
      });
    });
    transport.on('produce', (produced, done, failed) => {
      if (!publish) return failed(new Error('This transport only receives.'));
      publish(transportId, produced).then((id) => done({ id }), failed);
    });
    return new MediaLink(transport, { transportId, broken: broken.promise, session, direction });
  }

  /** Stops the recovery and keeps the transport open until another link replaces it. */
  retire(): void {
    removeEventListener('online', this.onOnline);
    this.recovery.close();
  }

  close(): void {
    this.retire();
    if (!this.transport.closed) this.transport.close();
  }
}

/** What the browser can receive; the server sends it nothing else over the transport. */
function receivedBy({ recvRtpCapabilities }: Device): Pick<RequestInput<'transport.open'>, 'rtpCapabilities'> {
  return { rtpCapabilities: recvRtpCapabilities as RequestInput<'transport.open'>['rtpCapabilities'] };
}

/** Opens a link when it is first needed. If opening or connecting fails, the next call of `open` opens another one. */
export class LinkOnDemand {
  private readonly openLink: () => Promise<MediaLink>;
  private opening: Promise<MediaLink> | undefined;

  constructor(openLink: () => Promise<MediaLink>) {
    this.openLink = openLink;
  }

  open(): Promise<MediaLink> {
    if (this.opening) return this.opening;
    const opening = this.openLink();
    this.opening = opening;
    const forget = () => {
      if (this.opening === opening) this.opening = undefined;
    };
    const watchBroken = async (link: MediaLink) => {
      await link.broken;
      forget();
      // Closing rejects pending calls on the link; they must see the server's error first.
      setTimeout(() => link.close());
    };
    background(opening.then(watchBroken, forget));
    return opening;
  }

  get isRequested(): boolean {
    return this.opening !== undefined;
  }

  retire(): void {
    this.onceOpen((link) => link.retire());
  }

  close(): void {
    this.onceOpen((link) => link.close());
  }

  private onceOpen(act: (link: MediaLink) => void): void {
    if (this.opening) background(this.opening.then(act, () => undefined));
  }
}
