import type { TrackKind } from '#engine/contract';
import type { FrameSource, Unsubscribe } from '#engine';
import { Emitter } from '#engine/kernel';
import type { Logger } from '#engine/kernel';
import type { EncodedFrame, FrameSink, FrameTap, FrameTapHandle, TrackFormat } from '#engine/media';
import type { RecentMedia } from './RecentMedia.ts';

interface Taker {
  sink: FrameSink;
  isWaitingForKeyframe: boolean;
}

/**
 * One track of the encoder, as it was sent. The first taker gets everything since the last keyframe, so that a recording
 * misses nothing; a later one starts at the next keyframe, so that nothing is taken twice.
 */
export class TrackTap implements FrameTap, FrameSource {
  readonly kind: TrackKind;
  readonly frames: FrameTap = this;
  readonly #recent: RecentMedia;
  readonly #logger: Logger;
  readonly #takers = new Set<Taker>();
  readonly #onMedia: Emitter<void>;
  #format: TrackFormat | undefined;
  #takenUntilUs = -Infinity;
  #hasMedia = false;
  #hasEnded = false;

  constructor(kind: TrackKind, recent: RecentMedia, logger: Logger) {
    this.kind = kind;
    this.#recent = recent;
    this.#logger = logger;
    this.#onMedia = new Emitter(logger);
  }

  get format(): TrackFormat | undefined {
    return this.#format;
  }

  get hasMedia(): boolean {
    return this.#hasMedia;
  }

  onMedia(listener: () => void): Unsubscribe {
    if (!this.#hasMedia) return this.#onMedia.on(listener);
    listener();
    return () => undefined;
  }

  async open(sink: FrameSink): Promise<FrameTapHandle> {
    const taker: Taker = { sink, isWaitingForKeyframe: false };
    if (this.#hasEnded) {
      sink.ended();
      return { end: () => undefined, close: () => undefined };
    }
    this.#takers.add(taker);
    if (this.#format) this.#tell(taker, (to) => to.format(this.#format as TrackFormat));
    const missed = this.#untakenFrames();
    taker.isWaitingForKeyframe = missed.length === 0;
    for (const frame of missed) this.#give(taker, frame);
    return { end: () => this.#release(taker), close: () => void this.#takers.delete(taker) };
  }

  setFormat(format: TrackFormat): void {
    this.#format = format;
    for (const taker of this.#takers) this.#tell(taker, (sink) => sink.format(format));
  }

  push(frame: EncodedFrame): void {
    for (const taker of this.#takers) this.#give(taker, frame);
    if (this.#hasMedia) return;
    this.#hasMedia = true;
    this.#onMedia.emit();
  }

  /** Frames were lost: everyone goes on at the next keyframe. */
  gap(): void {
    for (const taker of this.#takers) {
      taker.isWaitingForKeyframe = true;
      this.#tell(taker, (sink) => sink.gap?.());
    }
  }

  end(): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    for (const taker of this.#takers) this.#tell(taker, (sink) => sink.ended());
    this.#takers.clear();
  }

  #release(taker: Taker): void {
    if (this.#takers.delete(taker)) this.#tell(taker, (sink) => sink.ended());
  }

  #untakenFrames(): readonly EncodedFrame[] {
    const recent = this.#recent.frames(this.kind);
    if (this.kind === 'audio') return recent.filter((frame) => frame.decodeTimeUs > this.#takenUntilUs);
    const [first] = recent;
    return first?.isKeyframe && first.decodeTimeUs > this.#takenUntilUs ? recent : [];
  }

  #give(taker: Taker, frame: EncodedFrame): void {
    if (taker.isWaitingForKeyframe && !frame.isKeyframe) return;
    taker.isWaitingForKeyframe = false;
    this.#takenUntilUs = Math.max(this.#takenUntilUs, frame.decodeTimeUs);
    this.#tell(taker, (sink) => sink.frame(frame));
  }

  #tell(taker: Taker, message: (sink: FrameSink) => void): void {
    try {
      message(taker.sink);
    } catch (err) {
      this.#logger.error({ err, kind: this.kind }, 'frameSink.failed');
      this.#release(taker);
    }
  }
}
