import type { types } from 'mediasoup';
import { CodedError } from '../../contract/index.ts';

/** Brings the RTP of a room into this process over one DirectTransport, which opens with the first tap and closes with its router. */
export class FrameTransport {
  readonly #router: types.Router;
  #transport: Promise<types.DirectTransport> | undefined;

  constructor(router: types.Router) {
    this.#router = router;
  }

  /** A paused consumer of the producer's best layer. @throws CodedError `publication.notFound` when the producer is closed */
  async consume(producer: types.Producer): Promise<types.Consumer> {
    if (producer.closed) throw new CodedError('publication.notFound', 'This track has ended.');
    const transport = await this.#open();
    const { rtpCapabilities } = this.#router;
    return transport.consume({ producerId: producer.id, rtpCapabilities, paused: true, enableRtx: false });
  }

  /** After a failure, the next tap tries again. */
  #open(): Promise<types.DirectTransport> {
    this.#transport ??= this.#router.createDirectTransport().catch((err: unknown) => {
      this.#transport = undefined;
      throw err;
    });
    return this.#transport;
  }
}
