import type { types } from 'mediasoup';
import { CodedError } from '../contract/index.ts';
import type { Clock, Logger } from '../kernel/index.ts';
import { ingressPorts, pipeLingerMs, socketBufferBytes } from './limits.ts';
import { requestFromWorker } from './mediaErrors.ts';
import type { SfuTrack } from './SfuTrack.ts';

interface Pipe {
  opening: Promise<types.PipeToRouterResult>;
  users: number;
  cancelClose: () => void;
}

/** The use of a track on another worker; `release` ends it, once. */
export interface PipeLease {
  readonly producerId: string;
  release(): void;
}

export interface TrackPipesOptions {
  /** The router of the publishers. */
  home: types.Router;
  /** The router of viewers on another worker. */
  branch: types.Router;
  clock: Clock;
  logger: Logger;
}

/**
 * The tracks of a room that viewers on another worker receive. Each is piped there once: from its first subscriber on that
 * worker until `pipeLingerMs` after the last one. mediasoup passes pauses and keyframe requests on to the publisher's worker,
 * where the requests of all workers are merged. Owns the pipes.
 */
export class TrackPipes {
  readonly #options: TrackPipesOptions;
  readonly #pipes = new Map<string, Pipe>();

  constructor(options: TrackPipesOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#pipes.size;
  }

  /** @throws CodedError `media.unavailable` when the track closes meanwhile */
  async acquire(track: SfuTrack): Promise<PipeLease> {
    const pipe = this.#pipes.get(track.id) ?? this.#open(track);
    pipe.cancelClose();
    pipe.users += 1;
    let isReleased = false;
    const release = () => {
      if (isReleased) return;
      isReleased = true;
      pipe.users -= 1;
      if (pipe.users === 0) this.#closeLater(track.id, pipe);
    };
    try {
      const { pipeProducer } = await pipe.opening;
      if (!pipeProducer || pipeProducer.closed) throw new CodedError('media.unavailable', 'This track is being connected again; try again in a moment.');
      return { producerId: pipeProducer.id, release };
    } catch (err) {
      release();
      throw err;
    }
  }

  close(): void {
    for (const { cancelClose } of this.#pipes.values()) cancelClose();
    this.#pipes.clear();
  }

  #open(track: SfuTrack): Pipe {
    const { home, branch, logger } = this.#options;
    const listenInfo = { protocol: 'udp' as const, ip: '127.0.0.1', portRange: ingressPorts, sendBufferSize: socketBufferBytes, recvBufferSize: socketBufferBytes };
    const opening = requestFromWorker('The track cannot reach this worker', () => home.pipeToRouter({ producerId: track.id, router: branch, listenInfo }));
    const pipe: Pipe = { opening, users: 0, cancelClose: () => undefined };
    this.#pipes.set(track.id, pipe);
    const forget = () => {
      pipe.cancelClose();
      if (this.#pipes.get(track.id) === pipe) this.#pipes.delete(track.id);
    };
    opening.then(({ pipeConsumer }) => {
      logger.info({ trackId: track.id, kind: track.kind }, 'trackPipe.opened');
      if (!pipeConsumer || pipeConsumer.closed) return forget();
      pipeConsumer.observer.once('close', () => {
        forget();
        logger.info({ trackId: track.id, kind: track.kind }, 'trackPipe.closed');
      });
    }, forget);
    return pipe;
  }

  #closeLater(trackId: string, pipe: Pipe): void {
    pipe.cancelClose();
    if (this.#pipes.get(trackId) !== pipe) return;
    pipe.cancelClose = this.#options.clock.after(pipeLingerMs, () => {
      this.#pipes.delete(trackId);
      void pipe.opening.then(({ pipeConsumer }) => pipeConsumer?.close(), () => undefined);
    });
  }
}
