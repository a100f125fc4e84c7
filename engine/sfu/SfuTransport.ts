import type { types } from 'mediasoup';
import { CodedError } from '../contract/index.ts';
import type { DtlsParameters, IceParameters, RtpCapabilities, RtpParameters, TrackKind, TransportParameters } from '../contract/index.ts';
import type { Clock, Logger } from '../kernel/index.ts';
import type { ClientTransport, MediaCloseReason, MediaSubscription, MediaTrack, Unsubscribe } from '../lecture/ports.ts';
import { candidatesFor } from './announcedAddresses.ts';
import { ChildSet } from './ChildSet.ts';
import { CloseOnce } from './CloseOnce.ts';
import { requestFromWorker, trackClosed } from './mediaErrors.ts';
import { SfuSubscription } from './SfuSubscription.ts';
import { SfuTrack } from './SfuTrack.ts';
import type { PipeLease } from './TrackPipes.ts';
import type { CreateFrameTap } from './frames/RtpFrameTap.ts';
import { keyFrameRequestDelayMs } from './limits.ts';

/** The router of the transport, and the way of a track to it. */
export interface TransportRoom {
  readonly router: types.Router;
  acquire(track: SfuTrack): Promise<PipeLease>;
}

export interface SfuTransportOptions {
  transport: types.WebRtcTransport;
  direction: 'send' | 'recv';
  room: TransportRoom;
  addresses: readonly string[];
  logger: Logger;
  clock: Clock;
  createFrameTap: CreateFrameTap;
}

/** One browser's connection in one direction. Owns the WebRtcTransport, the tracks sent over it and the subscriptions. */
export class SfuTransport implements ClientTransport {
  readonly parameters: TransportParameters;
  readonly direction: 'send' | 'recv';
  readonly #options: SfuTransportOptions;
  readonly #closeOnce: CloseOnce;
  readonly #tracks = new ChildSet<SfuTrack>();
  readonly #subscriptions = new ChildSet<SfuSubscription>();

  constructor(options: SfuTransportOptions) {
    this.#options = options;
    const { transport, direction, addresses, logger } = options;
    this.direction = direction;
    this.#closeOnce = new CloseOnce(logger);
    this.parameters = {
      id: transport.id,
      iceParameters: transport.iceParameters,
      iceCandidates: candidatesFor(transport.iceCandidates, addresses),
      dtlsParameters: transport.dtlsParameters,
    };
    transport.on('dtlsstatechange', (state) => {
      if (state === 'closed' || state === 'failed') this.close('transportClosed');
    });
  }

  get load(): number {
    return this.#tracks.size + this.#subscriptions.size;
  }

  /** What is sent to the browser, bits per second. */
  get egressBps(): number {
    return this.#subscriptions.sum(({ egressBps }) => egressBps);
  }

  async connect(dtlsParameters: DtlsParameters): Promise<void> {
    const parameters = dtlsParameters as types.DtlsParameters;
    await requestFromWorker('The connection was not accepted', () => this.#options.transport.connect({ dtlsParameters: parameters }));
  }

  async restartIce(): Promise<IceParameters> {
    return requestFromWorker('The connection cannot be restarted', () => this.#options.transport.restartIce());
  }

  async publish(options: { kind: TrackKind; rtpParameters: RtpParameters; isPaused: boolean }): Promise<MediaTrack> {
    const { transport, logger, clock, createFrameTap } = this.#options;
    const producer = await requestFromWorker('The track was not accepted', () =>
      transport.produce({
        kind: options.kind,
        rtpParameters: options.rtpParameters as types.RtpParameters,
        paused: options.isPaused,
        keyFrameRequestDelay: keyFrameRequestDelayMs,
      }),
    );
    this.#requireOpen();
    return this.#tracks.add(new SfuTrack({ producer, logger, clock, frames: createFrameTap(producer) }));
  }

  async subscribe(track: MediaTrack, rtpCapabilities: RtpCapabilities): Promise<MediaSubscription> {
    this.#requireOpen();
    if (!(track instanceof SfuTrack) || track.isClosed) throw trackClosed();
    const lease = await this.#options.room.acquire(track);
    try {
      this.#requireOpen();
      if (track.isClosed) throw trackClosed();
      const consumer = await this.#consume({ track, producerId: lease.producerId, rtpCapabilities: rtpCapabilities as types.RtpCapabilities });
      this.#requireOpen();
      if (track.isClosed) throw trackClosed();
      const subscription = new SfuSubscription(consumer, track, this.#options.logger);
      subscription.onClosed(() => lease.release());
      return this.#subscriptions.add(track.addSubscription(subscription));
    } catch (err) {
      lease.release();
      throw err;
    }
  }

  #consume({ track, producerId, rtpCapabilities }: { track: SfuTrack; producerId: string; rtpCapabilities: types.RtpCapabilities }): Promise<types.Consumer> {
    const { transport, room } = this.#options;
    return requestFromWorker('The track cannot be subscribed to', async () =>
      transport.consume({ producerId, rtpCapabilities, paused: true }).catch((cause: unknown) => {
        if (track.isClosed) throw trackClosed();
        // Not checked before, because the check costs as much as subscribing.
        if (room.router.canConsume({ producerId, rtpCapabilities })) throw cause;
        throw new CodedError('media.unsupported', 'This browser cannot play the format of this lecture. Use a current Chrome, Edge, Firefox or Safari.', { cause });
      }),
    );
  }

  /** The worker closes what a closed transport or track has, also what was requested before: a request to close it fails. */
  #requireOpen(): void {
    if (this.#closeOnce.isClosed) throw new CodedError('media.unavailable', 'The connection was closed meanwhile.');
  }

  onClosed(listener: (reason: MediaCloseReason) => void): Unsubscribe {
    return this.#closeOnce.onClosed(listener);
  }

  close(reason: MediaCloseReason): void {
    this.#closeOnce.close(reason, () => {
      this.#tracks.close(reason);
      this.#subscriptions.close(reason);
      this.#options.transport.close();
    });
  }
}
