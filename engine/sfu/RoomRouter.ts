import type { types } from 'mediasoup';
import type { Clock, Logger } from '../kernel/index.ts';
import type { MediaCloseReason, Unsubscribe } from '../lecture/ports.ts';
import { announcedAddresses } from './announcedAddresses.ts';
import { ChildSet } from './ChildSet.ts';
import { CloseOnce } from './CloseOnce.ts';
import type { SfuConfig } from './config.ts';
import type { CreateFrameTap } from './frames/RtpFrameTap.ts';
import { initialOutgoingBitrateBps, maxIncomingBitrateBps, pipeLingerMs } from './limits.ts';
import { requestFromWorker } from './mediaErrors.ts';
import { SfuTransport } from './SfuTransport.ts';
import type { SfuTrack } from './SfuTrack.ts';
import { TrackPipes } from './TrackPipes.ts';
import type { PipeLease } from './TrackPipes.ts';
import type { Placement } from './WorkerPool.ts';

export interface RoomRouterOptions {
  placement: Placement;
  router: types.Router;
  /** The router of the publishers; undefined if this is the one. */
  home: types.Router | undefined;
  config: SfuConfig;
  logger: Logger;
  clock: Clock;
  /** One sender clock for each connection. */
  createTapFactory: () => CreateFrameTap;
  /** What else keeps the worker of the home router busy. */
  ingressCount: () => number;
}

/**
 * The part of a room on one worker: a Router, the connections of people who were placed there, and the tracks that reach it.
 * The home router has the publishers; a branch has viewers, and is closed when the last of them has left for some time.
 * Owns the Router, the transports and the pipes.
 */
export class RoomRouter {
  readonly router: types.Router;
  readonly #options: RoomRouterOptions;
  readonly #closeOnce: CloseOnce;
  readonly #transports = new ChildSet<SfuTransport>();
  readonly #pipes: TrackPipes | undefined;
  readonly #removeLoad: () => void;
  #cancelIdle: () => void = () => undefined;

  constructor(options: RoomRouterOptions) {
    const { placement, router, home, logger, clock } = options;
    this.#options = options;
    this.router = router;
    this.#closeOnce = new CloseOnce(logger);
    this.#pipes = home && new TrackPipes({ home, branch: router, clock, logger });
    this.#removeLoad = placement.slot.addLoad(this);
    // On SIGTERM mediasoup closes its workers itself.
    router.once('workerclose', () => this.close(placement.worker.died ? 'workerDied' : 'stopping'));
    this.#closeIfIdle();
  }

  get isClosed(): boolean {
    return this.#closeOnce.isClosed;
  }

  /** How busy it keeps its worker: one for itself, and one for each track, subscription and pipe. */
  get load(): number {
    return 1 + this.#transports.sum((transport) => transport.load) + this.pipes + this.#options.ingressCount();
  }

  get pipes(): number {
    return this.#pipes?.size ?? 0;
  }

  get viewers(): number {
    return this.#transports.sum(({ direction }) => (direction === 'recv' ? 1 : 0));
  }

  async openClientTransport(direction: 'send' | 'recv'): Promise<SfuTransport> {
    const { config, logger, placement, createTapFactory } = this.#options;
    const transport = await requestFromWorker('The connection cannot be opened', async () => {
      const opened = await this.router.createWebRtcTransport({
        webRtcServer: placement.webRtcServer,
        enableUdp: true,
        enableTcp: true,
        preferUdp: true,
        initialAvailableOutgoingBitrate: initialOutgoingBitrateBps,
      });
      if (direction === 'send') await opened.setMaxIncomingBitrate(maxIncomingBitrateBps);
      return opened;
    });
    const opened = new SfuTransport({ transport, direction, room: this, addresses: announcedAddresses(config), logger, createFrameTap: createTapFactory() });
    this.#transports.add(opened);
    this.#cancelIdle();
    opened.onClosed(() => this.#closeIfIdle());
    return opened;
  }

  /** Makes the track available on this router. @throws CodedError `media.unavailable` */
  async acquire(track: SfuTrack): Promise<PipeLease> {
    return this.#pipes ? this.#pipes.acquire(track) : { producerId: track.id, release: () => undefined };
  }

  onClosed(listener: (reason: MediaCloseReason) => void): Unsubscribe {
    return this.#closeOnce.onClosed(listener);
  }

  close(reason: MediaCloseReason): void {
    this.#closeOnce.close(reason, () => {
      this.#cancelIdle();
      this.#transports.close(reason);
      this.#pipes?.close();
      this.router.close();
      this.#removeLoad();
    });
  }

  #closeIfIdle(): void {
    this.#cancelIdle();
    if (!this.#pipes || this.isClosed || this.#transports.size > 0) return;
    this.#cancelIdle = this.#options.clock.after(pipeLingerMs, () => this.close('unpublished'));
  }
}
