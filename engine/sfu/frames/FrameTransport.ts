import type { types } from 'mediasoup';
import { CodedError } from '../../contract/index.ts';

/** The way of a room's RTP into this process: one DirectTransport, opened with the first tap, closed with its router. */
export class FrameTransport {
  readonly #router: types.Router;
  #transport: Promise<types.DirectTransport> | undefined;

  constructor(router: types.Router) {
    this.#router = router;
  }

  /** A paused consumer of the producer's best layer. */
  async consume(producer: types.Producer): Promise<types.Consumer> {
    if (producer.closed) throw new CodedError('publication.notFound', 'This track has ended.');
    this.#transport ??= this.#router.createDirectTransport();
    const transport = await this.#transport;
    const { rtpCapabilities } = this.#router;
    return transport.consume({ producerId: producer.id, rtpCapabilities, paused: true, enableRtx: false });
  }
}
