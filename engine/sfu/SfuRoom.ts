import type { types } from 'mediasoup';
import type { RtpCapabilities } from '../contract/index.ts';
import type { Clock, Logger } from '../kernel/index.ts';
import type { ClientTransport, MediaCloseReason, MediaRoom, RtpIngressOptions, Unsubscribe } from '../lecture/ports.ts';
import { announcedAddresses } from './announcedAddresses.ts';
import { ChildSet } from './ChildSet.ts';
import { CloseOnce } from './CloseOnce.ts';
import type { SfuConfig } from './config.ts';
import { FrameTransport } from './frames/FrameTransport.ts';
import { RtpFrameTap } from './frames/RtpFrameTap.ts';
import type { CreateFrameTap } from './frames/RtpFrameTap.ts';
import { SenderClock } from './frames/SenderClock.ts';
import { requestFromWorker } from './mediaErrors.ts';
import { openRtpIngress } from './SfuRtpIngress.ts';
import type { SfuRtpIngress } from './SfuRtpIngress.ts';
import { SfuTransport } from './SfuTransport.ts';
import { maxIncomingBitrateBps } from './limits.ts';

/** Start of the bandwidth estimate of a viewer, until its feedback arrives. */
const initialOutgoingBitrateBps = 1_000_000;

export interface SfuRoomOptions {
  worker: types.Worker;
  router: types.Router;
  webRtcServer: types.WebRtcServer;
  config: SfuConfig;
  ffmpegCommand: string;
  logger: Logger;
  clock: Clock;
}

/** The tracks of one lecture on one worker. Owns the Router, the transports, the ingresses and the frame transport. */
export class SfuRoom implements MediaRoom {
  readonly rtpCapabilities: RtpCapabilities;
  readonly #options: SfuRoomOptions;
  readonly #closeOnce: CloseOnce;
  readonly #transports = new ChildSet<SfuTransport>();
  readonly #ingresses = new ChildSet<SfuRtpIngress>();
  readonly #frameTransport: FrameTransport;

  constructor(options: SfuRoomOptions) {
    this.#options = options;
    this.#closeOnce = new CloseOnce(options.logger);
    this.#frameTransport = new FrameTransport(options.router);
    this.rtpCapabilities = options.router.rtpCapabilities as RtpCapabilities;
    options.router.once('workerclose', () => this.close(options.worker.died ? 'workerDied' : 'stopping'));
  }

  /** How busy this room keeps its worker: one for itself, and one for each track and subscription. */
  get load(): number {
    return 1 + this.#ingresses.size + this.#transports.sum((transport) => transport.load);
  }

  async openClientTransport(direction: 'send' | 'recv'): Promise<ClientTransport> {
    const { router, webRtcServer, config, logger } = this.#options;
    const transport = await requestFromWorker('The connection cannot be opened', async () => {
      const opened = await router.createWebRtcTransport({
        webRtcServer,
        enableUdp: true,
        enableTcp: true,
        preferUdp: true,
        initialAvailableOutgoingBitrate: initialOutgoingBitrateBps,
      });
      if (direction === 'send') await opened.setMaxIncomingBitrate(maxIncomingBitrateBps);
      return opened;
    });
    const createFrameTap = this.#createTapFactory();
    return this.#transports.add(new SfuTransport({ transport, router, addresses: announcedAddresses(config), logger, createFrameTap }));
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
      this.#transports.close(reason);
      this.#ingresses.close(reason);
      this.#options.router.close();
    });
  }

  #createTapFactory(): CreateFrameTap {
    const { ffmpegCommand, logger, clock } = this.#options;
    const senderClock = new SenderClock(clock);
    return (producer) => new RtpFrameTap({ producer, transport: this.#frameTransport, senderClock, ffmpegCommand, logger, clock });
  }
}
