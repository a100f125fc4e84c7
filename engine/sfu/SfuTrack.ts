import type { types } from 'mediasoup';
import type { Logger } from '../kernel/index.ts';
import type { FrameTap } from '../media/index.ts';
import type { MediaCloseReason, MediaTrack, Unsubscribe } from '../lecture/ports.ts';
import { Closure } from './Closure.ts';

export interface SfuTrackOptions {
  producer: types.Producer;
  logger: Logger;
  /** The frames of the RTP that reaches the room. */
  rtpFrames: FrameTap;
  /** The frames at the source, where they exist outside RTP. */
  sourceFrames?: FrameTap;
}

/** One track in the room. Owns the Producer and closes it; whatever hangs on the track listens to `onClosed`. */
export class SfuTrack implements MediaTrack {
  readonly id: string;
  readonly kind: MediaTrack['kind'];
  readonly isSimulcast: boolean;
  readonly frames: FrameTap;
  readonly rtpFrames: FrameTap;
  readonly #producer: types.Producer;
  readonly #closure: Closure;

  constructor(options: SfuTrackOptions) {
    const { producer, logger } = options;
    this.#producer = producer;
    this.#closure = new Closure(logger);
    this.id = producer.id;
    this.kind = producer.kind;
    this.isSimulcast = producer.type !== 'simple';
    this.rtpFrames = options.rtpFrames;
    this.frames = options.sourceFrames ?? options.rtpFrames;
  }

  get isClosed(): boolean {
    return this.#closure.isClosed;
  }

  async pause(): Promise<void> {
    if (!this.#closure.isClosed) await this.#producer.pause();
  }

  async resume(): Promise<void> {
    if (!this.#closure.isClosed) await this.#producer.resume();
  }

  onClosed(listener: (reason: MediaCloseReason) => void): Unsubscribe {
    return this.#closure.onClosed(listener);
  }

  close(reason: MediaCloseReason): void {
    this.#closure.close(reason, () => this.#producer.close());
  }
}
