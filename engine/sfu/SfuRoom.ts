import type { types } from 'mediasoup';
import { CodedError } from '../contract/index.ts';
import type { LectureId, RtpCapabilities } from '../contract/index.ts';
import type { Clock, Logger } from '../kernel/index.ts';
import type { ClientTransport, MediaCloseReason, MediaRoom, RtpIngressOptions, TransportOptions, Unsubscribe } from '../lecture/ports.ts';
import { ChildSet } from './ChildSet.ts';
import { CloseOnce } from './CloseOnce.ts';
import type { SfuConfig } from './config.ts';
import { FrameTransport } from './frames/FrameTransport.ts';
import { RtpFrameTap } from './frames/RtpFrameTap.ts';
import type { CreateFrameTap } from './frames/RtpFrameTap.ts';
import { SenderClock } from './frames/SenderClock.ts';
import { assumedBps } from './limits.ts';
import { mediaCodecs } from './mediaCodecs.ts';
import { requestFromWorker } from './mediaErrors.ts';
import { RoomRouter } from './RoomRouter.ts';
import { openRtpIngress } from './SfuRtpIngress.ts';
import type { SfuRtpIngress } from './SfuRtpIngress.ts';
import type { NewViewer, Placement } from './WorkerPool.ts';
import type { WorkerSlot } from './WorkerSlot.ts';

export interface SfuRoomOptions {
  lectureId: LectureId;
  home: Placement;
  router: types.Router;
  /** The worker for one more viewer. @throws CodedError `lecture.full` */
  placeViewer: (viewer: NewViewer) => Placement;
  config: SfuConfig;
  ffmpegCommand: string;
  logger: Logger;
  clock: Clock;
}

/**
 * The tracks of one lecture. Publishers, ingresses and frame taps are on its home worker; viewers are there too, or on
 * branches on other workers, to which tracks are piped. The room lives as long as its home worker. Owns the routers, the
 * ingresses and the frame transport.
 */
export class SfuRoom implements MediaRoom {
  readonly rtpCapabilities: RtpCapabilities;
  readonly #options: SfuRoomOptions;
  readonly #closeOnce: CloseOnce;
  readonly #home: RoomRouter;
  readonly #branches = new Map<WorkerSlot, Promise<RoomRouter>>();
  readonly #openBranches = new ChildSet<RoomRouter>();
  readonly #ingresses = new ChildSet<SfuRtpIngress>();
  readonly #frameTransport: FrameTransport;

  constructor(options: SfuRoomOptions) {
    this.#options = options;
    const { home, router, logger } = options;
    this.#closeOnce = new CloseOnce(logger);
    this.#frameTransport = new FrameTransport(router);
    this.rtpCapabilities = router.rtpCapabilities as RtpCapabilities;
    this.#home = this.#createRouter(home, router, undefined);
    this.#home.onClosed((reason) => this.close(reason));
  }

  async openClientTransport(direction: 'send' | 'recv', { hasPlace = false }: TransportOptions = {}): Promise<ClientTransport> {
    const { home, placeViewer } = this.#options;
    if (direction === 'send' || this.#closeOnce.isClosed) return this.#home.openClientTransport(direction);
    const placement = placeViewer({ home, egressBps: this.#viewerBps(), hasPlace });
    const part = placement.slot === home.slot ? this.#home : await this.#branchOn(placement);
    return part.openClientTransport(direction);
  }

  async openRtpIngress(options: RtpIngressOptions): Promise<SfuRtpIngress> {
    const { router, logger, clock } = this.#options;
    const createFrameTap = this.#createTapFactory();
    return this.#ingresses.add(await openRtpIngress(options, { router, logger, clock, createFrameTap }));
  }

  onClosed(listener: (reason: MediaCloseReason) => void): Unsubscribe {
    return this.#closeOnce.onClosed(listener);
  }

  close(reason: MediaCloseReason): void {
    this.#closeOnce.close(reason, () => {
      this.#openBranches.close(reason);
      this.#ingresses.close(reason);
      this.#home.close(reason);
    });
  }

  /** The branch on this worker, opened by its first viewer. */
  async #branchOn(placement: Placement): Promise<RoomRouter> {
    const { slot } = placement;
    const known = this.#branches.get(slot);
    if (known) {
      const branch = await known;
      // A closed one has been forgotten.
      return branch.isClosed ? this.#branchOn(placement) : branch;
    }
    const opening = this.#openBranch(placement);
    this.#branches.set(slot, opening);
    const forget = () => {
      if (this.#branches.get(slot) === opening) this.#branches.delete(slot);
    };
    opening.then((opened) => opened.onClosed(forget), forget);
    return opening;
  }

  async #openBranch(placement: Placement): Promise<RoomRouter> {
    const router = await requestFromWorker('The room cannot be opened on this worker', () => placement.worker.createRouter({ mediaCodecs }));
    if (this.#closeOnce.isClosed || placement.worker.closed) {
      router.close();
      throw new CodedError('media.unavailable', 'The room was closed meanwhile.');
    }
    const branch = this.#createRouter(placement, router, this.#options.router);
    branch.onClosed((reason) => this.#options.logger.info({ reason, workerPid: placement.worker.pid }, 'mediaBranch.closed'));
    this.#options.logger.info({ workerPid: placement.worker.pid }, 'mediaBranch.opened');
    return this.#openBranches.add(branch);
  }

  #createRouter(placement: Placement, router: types.Router, home: types.Router | undefined): RoomRouter {
    const { lectureId, config, logger, clock } = this.#options;
    return new RoomRouter({
      lectureId,
      placement,
      router,
      home,
      config,
      logger,
      clock,
      createTapFactory: () => this.#createTapFactory(),
      ingressCount: () => (home ? 0 : this.#ingresses.size),
      viewerBps: () => this.#viewerBps(),
    });
  }

  /** What a viewer of this room is sent on average, bits per second. */
  #viewerBps(): number {
    const audiences = [this.#home, ...this.#openBranches].map(({ audience }) => audience);
    const watching = audiences.reduce((sum, audience) => sum + audience.watching, 0);
    if (watching === 0) return assumedBps.video + assumedBps.audio;
    return audiences.reduce((sum, audience) => sum + audience.watchingBps, 0) / watching;
  }

  #createTapFactory(): CreateFrameTap {
    const { ffmpegCommand, logger, clock } = this.#options;
    const senderClock = new SenderClock(clock);
    return (producer) => new RtpFrameTap({ producer, transport: this.#frameTransport, senderClock, ffmpegCommand, logger, clock });
  }
}
