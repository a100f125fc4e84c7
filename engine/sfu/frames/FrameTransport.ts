import type { types } from 'mediasoup';
import { CodedError } from '../../contract/index.ts';
import type { Clock } from '../../kernel/index.ts';
import { parseSenderReports } from './senderReports.ts';

/** `rtpTimestamp` was captured at `atUs` of the server's Clock. */
export type ReportListener = (rtpTimestamp: number, atUs: number) => void;

const clockSamples = 30;

/**
 * The way of a room's RTP into this process: one DirectTransport, opened with the first tap, closed with its router.
 *
 * It also delivers the worker's sender reports. Since mediasoup 3.25 those are in the worker's own clock and tell when
 * the media was captured: the worker learns the sender's clock offset from the reports it receives, one estimate for
 * all tracks of a sender (RemoteCaptureTimeEstimator.cpp), which is what keeps picture and sound together. The worker's
 * clock is matched with ours by the report that took the shortest time to reach us.
 */
export class FrameTransport {
  readonly #router: types.Router;
  readonly #clock: Clock;
  readonly #listeners = new Map<number, ReportListener>();
  readonly #clockOffsetsUs: number[] = [];
  #transport: Promise<types.DirectTransport> | undefined;

  constructor(router: types.Router, clock: Clock) {
    this.#router = router;
    this.#clock = clock;
  }

  /** A paused consumer of the producer's best layer. */
  async consume(producer: types.Producer): Promise<types.Consumer> {
    if (producer.closed) throw new CodedError('publication.notFound', 'This track has ended.');
    this.#transport ??= this.#open();
    const transport = await this.#transport;
    const { rtpCapabilities } = this.#router;
    return transport.consume({ producerId: producer.id, rtpCapabilities, paused: true, enableRtx: false });
  }

  onSenderReport(ssrc: number, listener: ReportListener): () => void {
    this.#listeners.set(ssrc, listener);
    return () => this.#listeners.delete(ssrc);
  }

  async #open(): Promise<types.DirectTransport> {
    const transport = await this.#router.createDirectTransport();
    transport.on('rtcp', (packet) => this.#report(packet));
    return transport;
  }

  #report(packet: Uint8Array): void {
    const nowUs = this.#clock.nowMs() * 1000;
    for (const report of parseSenderReports(packet)) {
      this.#clockOffsetsUs.push(nowUs - report.ntpUs);
      if (this.#clockOffsetsUs.length > clockSamples) this.#clockOffsetsUs.shift();
      this.#listeners.get(report.ssrc)?.(report.rtpTimestamp, report.ntpUs + Math.min(...this.#clockOffsetsUs));
    }
  }
}
