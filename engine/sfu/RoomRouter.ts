import type { types } from 'mediasoup';
import { CodedError } from '../contract/index.ts';
import type { LectureId, WorkerLecture } from '../contract/index.ts';
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
  lectureId: LectureId;
  placement: Placement;
  router: types.Router;
  /** The router of the publishers; undefined if this is the one. */
  home: types.Router | undefined;
  config: SfuConfig;
  logger: Logger;
  clock: Clock;
  /** One sender clock for each connection. */
  createTapFactory: () => CreateFrameTap;
  /** Number of RTP ingresses, which also use the worker of the home router. */
  ingressCount: () => number;
  /** The expected bitrate of a viewer who has not subscribed yet, bits per second. */
  viewerBps: () => number;
}

/** The bitrates that the viewers of a router receive now. */
export interface Audience {
  /** Those with subscriptions. */
  readonly watching: number;
  readonly watchingBps: number;
  /** Those who have just come, and will subscribe. */
  readonly waiting: number;
}

/**
 * The part of a room on one worker: a Router, the connections of people who were placed there, and the tracks that reach it.
 * The home router has the publishers; a branch has viewers, and closes some time after its last one has left. Owns the
 * Router, the transports and the pipes.
 */
export class RoomRouter {
  readonly router: types.Router;
  readonly #options: RoomRouterOptions;
  readonly #closeOnce: CloseOnce;
  readonly #transports = new ChildSet<SfuTransport>();
  readonly #pipes: TrackPipes | undefined;
  readonly #removeLoad: () => void;
  #opening = 0;
  #cancelIdle: () => void = () => undefined;

  constructor(options: RoomRouterOptions) {
    const { placement, router, home, logger, clock } = options;
    this.#options = options;
    this.router = router;
    this.#closeOnce = new CloseOnce(logger);
    this.#pipes = home && new TrackPipes({ home, branch: router, clock, logger });
    this.#removeLoad = placement.slot.addLoad(this);
    router.once('workerclose', () => this.close(this.#reasonOfWorker()));
    this.#closeIfIdle();
  }

  get isClosed(): boolean {
    return this.#closeOnce.isClosed;
  }

  get load(): number {
    return 1 + this.#opening + this.#transports.sum((transport) => transport.load) + this.#pipeCount + this.#options.ingressCount();
  }

  get audience(): Audience {
    let [watching, watchingBps, waiting] = [0, 0, this.#opening];
    for (const { direction, load, egressBps } of this.#transports) {
      if (direction === 'send') continue;
      if (load === 0) waiting += 1;
      else watching += 1;
      watchingBps += egressBps;
    }
    return { watching, watchingBps, waiting };
  }

  get sentBps(): number {
    return this.#transports.sum(({ egressBps }) => egressBps);
  }

  get egressBps(): number {
    const { watchingBps, waiting } = this.audience;
    return watchingBps + (waiting > 0 ? waiting * this.#options.viewerBps() : 0);
  }

  get report(): WorkerLecture {
    const { lectureId, home } = this.#options;
    const viewers = this.#transports.sum(({ direction }) => (direction === 'recv' ? 1 : 0));
    return { lectureId, viewers, pipes: this.#pipeCount, egressBps: Math.round(this.sentBps), hasPublishers: home === undefined };
  }

  async openClientTransport(direction: 'send' | 'recv'): Promise<SfuTransport> {
    const { config, logger, clock, createTapFactory } = this.#options;
    this.#cancelIdle();
    this.#opening += 1;
    try {
      const transport = await this.#createTransport(direction);
      // Closed with the router.
      if (this.isClosed) throw new CodedError('media.unavailable', 'The room was closed meanwhile.');
      const opened = new SfuTransport({ transport, direction, room: this, addresses: announcedAddresses(config), logger, clock, createFrameTap: createTapFactory() });
      this.#transports.add(opened);
      opened.onClosed(() => this.#closeIfIdle());
      return opened;
    } finally {
      this.#opening -= 1;
      this.#closeIfIdle();
    }
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

  get #pipeCount(): number {
    return this.#pipes?.size ?? 0;
  }

  #createTransport(direction: 'send' | 'recv'): Promise<types.WebRtcTransport> {
    return requestFromWorker('The connection cannot be opened', async () => {
      const opened = await this.router.createWebRtcTransport({
        webRtcServer: this.#options.placement.webRtcServer,
        enableUdp: true,
        enableTcp: true,
        preferUdp: true,
        initialAvailableOutgoingBitrate: initialOutgoingBitrateBps,
      });
      if (direction === 'send') await opened.setMaxIncomingBitrate(maxIncomingBitrateBps);
      return opened;
    });
  }

  #reasonOfWorker(): MediaCloseReason {
    if (!this.#options.placement.worker.died) return 'stopping';
    return this.#options.home ? 'branchLost' : 'workerDied';
  }

  #closeIfIdle(): void {
    this.#cancelIdle();
    if (!this.#pipes || this.isClosed || this.#transports.size + this.#opening > 0) return;
    this.#cancelIdle = this.#options.clock.after(pipeLingerMs, () => this.close('participantLeft'));
  }
}
