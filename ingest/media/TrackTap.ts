import type { TrackKind } from '#engine/contract';
import type { FrameSource, Unsubscribe } from '#engine';
import { background, Emitter } from '#engine/kernel';
import type { Logger } from '#engine/kernel';
import type { EncodedFrame, FrameSink, FrameTap, FrameTapHandle, TrackFormat } from '#engine/media';
import type { RecentMedia } from './RecentMedia.ts';
import { UnreadTrack } from './UnreadTrack.ts';
import type { UnreadItem } from './UnreadTrack.ts';

export interface TrackTapOptions {
  kind: TrackKind;
  recent: RecentMedia;
  logger: Logger;
  /** Resolves when the frames in progress have been pushed; undefined if there are none. */
  settled?: () => Promise<void> | undefined;
}

interface Reader {
  sink: FrameSink;
  isWaitingForKeyframe: boolean;
}

/**
 * One track of a session, as the encoder sent it. The first reader gets all that came before it, so that the recording misses
 * nothing. A later reader gets the frames since the last keyframe, or starts at the next one if they were read, so that no frame
 * is recorded twice.
 */
export class TrackTap implements FrameTap, FrameSource {
  readonly kind: TrackKind;
  readonly frames: FrameTap = this;
  readonly #recent: RecentMedia;
  readonly #logger: Logger;
  readonly #readers = new Set<Reader>();
  readonly #onMedia: Emitter<void>;
  readonly #settled: () => Promise<void> | undefined;
  /** Until the first reader. */
  #unread: UnreadTrack | undefined = new UnreadTrack();
  #format: TrackFormat | undefined;
  #readUntilUs = -Infinity;
  #hasMedia = false;
  #hasEnded = false;

  constructor({ kind, recent, logger, settled = () => undefined }: TrackTapOptions) {
    this.kind = kind;
    this.#recent = recent;
    this.#logger = logger;
    this.#settled = settled;
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
    const reader: Reader = { sink, isWaitingForKeyframe: false };
    if (this.#hasEnded) {
      sink.ended();
      return { end: () => undefined, close: () => undefined };
    }
    this.#readers.add(reader);
    const unread = this.#unread?.items;
    if (unread) this.#sendUnread(reader, unread);
    else this.#sendRecent(reader);
    this.#unread = undefined;
    return { end: () => this.#endReader(reader), close: () => void this.#readers.delete(reader) };
  }

  setFormat(format: TrackFormat): void {
    this.#format = format;
    this.#unread?.add({ format });
    for (const reader of this.#readers) this.#call(reader, (sink) => sink.format(format));
  }

  push(frame: EncodedFrame): void {
    this.#unread?.add({ frame });
    for (const reader of this.#readers) this.#sendFrame(reader, frame);
    if (this.#hasMedia) return;
    this.#hasMedia = true;
    this.#onMedia.emit();
  }

  /** Frames were lost: readers continue at the next keyframe. */
  gap(): void {
    this.#unread?.add('gap');
    for (const reader of this.#readers) this.#sendGap(reader);
  }

  end(): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    for (const reader of this.#readers) this.#call(reader, (sink) => sink.ended());
    this.#readers.clear();
  }

  #endReader(reader: Reader): void {
    const settled = this.#settled();
    if (settled) background('trackTap.settle', settled.then(() => this.#release(reader)), this.#logger);
    else this.#release(reader);
  }

  #release(reader: Reader): void {
    if (this.#readers.delete(reader)) this.#call(reader, (sink) => sink.ended());
  }

  #sendUnread(reader: Reader, items: readonly UnreadItem[]): void {
    reader.isWaitingForKeyframe = true;
    for (const item of items) {
      if (!this.#readers.has(reader)) return;
      if (item === 'gap') this.#sendGap(reader);
      else if ('format' in item) this.#call(reader, (sink) => sink.format(item.format));
      else this.#sendFrame(reader, item.frame);
    }
  }

  #sendRecent(reader: Reader): void {
    const [format, frames] = [this.#format, this.#unreadFrames()];
    if (format) this.#call(reader, (sink) => sink.format(format));
    reader.isWaitingForKeyframe = frames.length === 0;
    for (const frame of frames) this.#sendFrame(reader, frame);
  }

  #sendGap(reader: Reader): void {
    reader.isWaitingForKeyframe = true;
    this.#call(reader, (sink) => sink.gap?.());
  }

  #unreadFrames(): readonly EncodedFrame[] {
    const recent = this.#recent.frames(this.kind);
    if (this.kind === 'audio') return recent.filter((frame) => frame.decodeTimeUs > this.#readUntilUs);
    const [first] = recent;
    return first?.isKeyframe && first.decodeTimeUs > this.#readUntilUs ? recent : [];
  }

  #sendFrame(reader: Reader, frame: EncodedFrame): void {
    if (reader.isWaitingForKeyframe && !frame.isKeyframe) return;
    reader.isWaitingForKeyframe = false;
    this.#readUntilUs = Math.max(this.#readUntilUs, frame.decodeTimeUs);
    this.#call(reader, (sink) => sink.frame(frame));
  }

  #call(reader: Reader, method: (sink: FrameSink) => void): void {
    try {
      method(reader.sink);
    } catch (err) {
      this.#logger.error({ err, kind: this.kind }, 'frameSink.failed');
      this.#release(reader);
    }
  }
}
