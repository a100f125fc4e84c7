import type { types } from 'mediasoup';
import type { Clock, Logger } from '../kernel/index.ts';
import { pipeLingerMs } from './limits.ts';
import { requestFromWorker, trackClosed } from './mediaErrors.ts';
import { PipeLink } from './PipeLink.ts';
import type { OpenPipe } from './PipeLink.ts';
import type { SfuTrack } from './SfuTrack.ts';

interface Pipe {
  opening: Promise<OpenPipe>;
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
 * worker until `pipeLingerMs` after the last one. Pauses follow the publisher; keyframe requests are passed on to the
 * publisher's worker, which merges those of all workers. Owns the link and the pipes.
 */
export class TrackPipes {
  readonly #options: TrackPipesOptions;
  readonly #pipes = new Map<string, Pipe>();
  #link: Promise<PipeLink> | undefined;

  constructor(options: TrackPipesOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#pipes.size;
  }

  /** @throws CodedError `media.unavailable` when the track or a worker closes meanwhile */
  async acquire(track: Pick<SfuTrack, 'id' | 'kind'>): Promise<PipeLease> {
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
      const { producer } = await pipe.opening;
      if (producer.closed) throw trackClosed();
      return { producerId: producer.id, release };
    } catch (err) {
      release();
      throw err;
    }
  }

  close(): void {
    for (const { cancelClose } of this.#pipes.values()) cancelClose();
    this.#pipes.clear();
    void this.#link?.then((link) => link.close(), () => undefined);
  }

  #open(track: Pick<SfuTrack, 'id' | 'kind'>): Pipe {
    const { logger } = this.#options;
    const fields = { trackId: track.id, kind: track.kind };
    const opening = requestFromWorker('The track cannot reach this worker', async () => (await this.#openLink()).carry(track.id));
    const pipe: Pipe = { opening, users: 0, cancelClose: () => undefined };
    this.#pipes.set(track.id, pipe);
    const forget = () => {
      pipe.cancelClose();
      if (this.#pipes.get(track.id) === pipe) this.#pipes.delete(track.id);
    };
    opening.then(({ producer }) => {
      logger.info(fields, 'trackPipe.opened');
      const closed = () => {
        forget();
        logger.info(fields, 'trackPipe.closed');
      };
      if (producer.closed) return closed();
      producer.observer.once('close', closed);
    }, forget);
    return pipe;
  }

  /** After a failure, the next track tries again. */
  #openLink(): Promise<PipeLink> {
    if (this.#link) return this.#link;
    const opening = PipeLink.open(this.#options.home, this.#options.branch);
    this.#link = opening;
    opening.catch(() => {
      if (this.#link === opening) this.#link = undefined;
    });
    return opening;
  }

  #closeLater(trackId: string, pipe: Pipe): void {
    pipe.cancelClose();
    if (this.#pipes.get(trackId) !== pipe) return;
    pipe.cancelClose = this.#options.clock.after(pipeLingerMs, () => {
      this.#pipes.delete(trackId);
      void pipe.opening.then(({ close }) => close(), () => undefined);
    });
  }
}
