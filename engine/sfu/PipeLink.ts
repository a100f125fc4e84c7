import type { types } from 'mediasoup';
import { ingressPorts, keyFrameRequestDelayMs, socketBufferBytes } from './limits.ts';
import { trackClosed } from './mediaErrors.ts';

/** A track on another worker. */
export interface OpenPipe {
  /** Takes the place of the track's Producer there, and has its id. It is paused, resumed and closed with the track. */
  readonly producer: types.Producer;
  readonly close: () => void;
}

const loopback = '127.0.0.1';
const options: types.PipeTransportOptions = {
  listenInfo: { protocol: 'udp', ip: loopback, portRange: ingressPorts, sendBufferSize: socketBufferBytes, recvBufferSize: socketBufferBytes },
  // A packet that the pipe loses is missing for every viewer behind it.
  enableRtx: true,
};

interface End {
  router: types.Router;
  transport: types.PipeTransport;
}

/**
 * The loopback path between two workers: a PipeTransport on each, which carry the tracks of one room. Owns both. What a
 * worker has closed with its parent is not closed again: the request would fail.
 */
export class PipeLink {
  readonly #near: End;
  readonly #far: End;

  private constructor(near: End, far: End) {
    this.#near = near;
    this.#far = far;
  }

  /** From the router of the track to another one. */
  static async open(from: types.Router, to: types.Router): Promise<PipeLink> {
    const [near, far] = await Promise.allSettled([from.createPipeTransport(options), to.createPipeTransport(options)]);
    const ends = [near, far].flatMap((opened, index) => (opened.status === 'fulfilled' ? [{ router: index === 0 ? from : to, transport: opened.value }] : []));
    const [first, second] = ends;
    if (first && second && !from.closed && !to.closed) {
      const link = new PipeLink(first, second);
      await link.#connect();
      return link;
    }
    for (const end of ends) closeEnd(end);
    throw [near, far].find((opened) => opened.status === 'rejected')?.reason ?? trackClosed();
  }

  get #isClosed(): boolean {
    return [this.#near, this.#far].some(({ router, transport }) => router.closed || transport.closed);
  }

  /** Carries one track. @throws CodedError `media.unavailable` when the track or a worker closes meanwhile */
  async carry(producerId: string): Promise<OpenPipe> {
    const consumer = await this.#near.transport.consume({ producerId });
    if (this.#isClosed) throw trackClosed();
    const { kind, rtpParameters, producerPaused } = consumer;
    const producer = await this.#produce(consumer, { id: producerId, kind, rtpParameters, paused: producerPaused, keyFrameRequestDelay: keyFrameRequestDelayMs });
    const close = () => {
      if (this.#isClosed) return;
      consumer.close();
      producer.close();
    };
    const follow = () => void (consumer.producerPaused ? producer.pause() : producer.resume()).catch(close);
    consumer.on('producerpause', follow).on('producerresume', follow).on('producerclose', close);
    if (consumer.producerPaused !== producerPaused) follow();
    return { producer, close };
  }

  close(): void {
    closeEnd(this.#near);
    closeEnd(this.#far);
  }

  async #produce(consumer: types.Consumer, producerOptions: types.ProducerOptions): Promise<types.Producer> {
    try {
      const producer = await this.#far.transport.produce(producerOptions);
      if (this.#isClosed) throw trackClosed();
      if (!consumer.closed) return producer;
      producer.close();
      throw trackClosed();
    } catch (err) {
      if (!this.#isClosed) consumer.close();
      throw err;
    }
  }

  async #connect(): Promise<void> {
    try {
      const [near, far] = [this.#near.transport, this.#far.transport];
      await Promise.all([near.connect({ ip: loopback, port: far.tuple.localPort }), far.connect({ ip: loopback, port: near.tuple.localPort })]);
    } catch (err) {
      this.close();
      throw err;
    }
  }
}

function closeEnd({ router, transport }: End): void {
  if (!router.closed) transport.close();
}
