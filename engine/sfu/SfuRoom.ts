import type { types } from 'mediasoup';
import { CodedError } from '../contract/index.ts';
import type { RtpCapabilities } from '../contract/index.ts';
import type { Clock, Logger } from '../kernel/index.ts';
import type { ClientTransport, MediaCloseReason, MediaRoom, RtpIngressOptions, TransportOptions, Unsubscribe } from '../lecture/ports.ts';
import { ChildSet } from './ChildSet.ts';
import { CloseOnce } from './CloseOnce.ts';
import type { SfuConfig } from './config.ts';
import { FrameTransport } from './frames/FrameTransport.ts';
import { RtpFrameTap } from './frames/RtpFrameTap.ts';
import type { CreateFrameTap } from './frames/RtpFrameTap.ts';
import { SenderClock } from './frames/SenderClock.ts';
import { mediaCodecs } from './mediaCodecs.ts';
import { requestFromWorker } from './mediaErrors.ts';
import { RoomRouter } from './RoomRouter.ts';
import { openRtpIngress } from './SfuRtpIngress.ts';
import type { SfuRtpIngress } from './SfuRtpIngress.ts';
import type { Placement } from './WorkerPool.ts';
import type { WorkerSlot } from './WorkerSlot.ts';

export interface SfuRoomOptions {
  home: Placement;
  router: types.Router;
  /** The worker for one more viewer. @throws CodedError `lecture.full` */
  placeViewer: (options: { isReturning: boolean }) => Placement;
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

  async openClientTransport(direction: 'send' | 'recv', { isReturning = false }: TransportOptions = {}): Promise<ClientTransport> {
    if (direction === 'send') return this.#home.openClientTransport(direction);
    const placement = this.#options.placeViewer({ isReturning });
    const part = placement.slot === this.#options.home.slot ? this.#home : await this.#branchOn(placement);
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
      if (!branch.isClosed) return branch;
    }
    const opening = this.#openBranch(placement);
    this.#branches.set(slot, opening);
    const forget = () => {
      if (this.#branches.get(slot) === opening) this.#branches.delete(slot);
    };
    opening.then((branch) => branch.onClosed(forget), forget);
    return opening;
  }

  async #openBranch(placement: Placement): Promise<RoomRouter> {
    const router = await requestFromWorker('The room cannot be opened on this worker', () => placement.worker.createRouter({ mediaCodecs }));
    if (this.#closeOnce.isClosed) {
      router.close();
      throw new CodedError('media.unavailable', 'The room was closed meanwhile.');
    }
    const branch = this.#createRouter(placement, router, this.#options.router);
    branch.onClosed((reason) => this.#options.logger.info({ reason, workerPid: placement.worker.pid }, 'mediaBranch.closed'));
    this.#options.logger.info({ workerPid: placement.worker.pid }, 'mediaBranch.opened');
    return this.#openBranches.add(branch);
  }

  #createRouter(placement: Placement, router: types.Router, home: types.Router | undefined): RoomRouter {
    const { config, logger, clock } = this.#options;
    const ingressCount = () => (home ? 0 : this.#ingresses.size);
    return new RoomRouter({ placement, router, home, config, logger, clock, createTapFactory: () => this.#createTapFactory(), ingressCount });
  }

  #createTapFactory(): CreateFrameTap {
    const { ffmpegCommand, logger, clock } = this.#options;
    const senderClock = new SenderClock(clock);
    return (producer) => new RtpFrameTap({ producer, transport: this.#frameTransport, senderClock, ffmpegCommand, logger, clock });
  }
}
