import type { RecordingNote, RecordingState, TrackKind, TrackSource } from '#engine/contract';
import { newId } from '#engine/kernel';
import type { EncodedFrame, FrameSink, FrameTap, TrackFormat } from '#engine/media';
import type { RecordableLecture, RecordablePublication } from '../capture/RecordableLecture.ts';

/** A tap into which a test pushes frames. Frames that are held back are delivered when it ends. */
export class FakeTap implements FrameTap {
  readonly #sinks = new Set<FrameSink>();
  /** Those that have had a keyframe. */
  readonly #started = new WeakSet<FrameSink>();
  #held: EncodedFrame[] = [];
  #ignoresEnd = false;
  /** The error of every call of `open`. */
  failure: Error | undefined;
  failures = 0;
  keyframeRequests = 0;
  #format: TrackFormat | undefined;

  get isOpen(): boolean {
    return this.#sinks.size > 0;
  }

  async open(sink: FrameSink) {
    if (this.failure) {
      this.failures += 1;
      throw this.failure;
    }
    this.#sinks.add(sink);
    if (this.#format) sink.format(this.#format);
    return { end: () => this.#endOf(sink), close: () => void this.#sinks.delete(sink), requestKeyframe: () => void (this.keyframeRequests += 1) };
  }

  /** Makes `end` have no effect. */
  ignoreEnd(): void {
    this.#ignoresEnd = true;
  }

  holdBack(frame: EncodedFrame): void {
    this.#held.push(frame);
  }

  format(format: TrackFormat): void {
    this.#format = format;
    for (const sink of this.#sinks) sink.format(format);
  }

  frame(frame: EncodedFrame): void {
    for (const sink of this.#sinks) {
      if (frame.isKeyframe) this.#started.add(sink);
      if (this.#started.has(sink)) sink.frame(frame);
    }
  }

  ended(): void {
    for (const sink of [...this.#sinks]) if (this.#sinks.delete(sink)) sink.ended();
  }

  /** Ends at once, or asynchronously while frames are held back, like a decoder that is still busy. */
  #endOf(sink: FrameSink): void {
    const end = () => {
      if (this.#ignoresEnd || !this.#sinks.delete(sink)) return;
      for (const frame of this.#held) sink.frame(frame);
      sink.ended();
    };
    if (this.#held.length > 0) setImmediate(end);
    else end();
  }
}

/** The `onMedia` of a publication that has sent media. */
export const sendsAtOnce = (listener: () => void) => listener();

export interface FakePublishOptions {
  format?: TrackFormat;
  isPaused?: boolean;
  /** False: the publication has sent no media until `sendMedia`. */
  hasMedia?: boolean;
}

export class FakePublication implements RecordablePublication {
  readonly publicationId = newId('pub');
  readonly kind: TrackKind;
  readonly source: TrackSource;
  readonly frames = new FakeTap();
  isPaused: boolean;
  #hasMedia: boolean;
  #onMedia: (() => void)[] = [];

  constructor(kind: TrackKind, source: TrackSource, { format, isPaused = false, hasMedia = true }: FakePublishOptions) {
    this.kind = kind;
    this.source = source;
    this.isPaused = isPaused;
    this.#hasMedia = hasMedia;
    if (format) this.frames.format(format);
  }

  onMedia(listener: () => void): void {
    if (this.#hasMedia) listener();
    else this.#onMedia.push(listener);
  }

  sendMedia(): void {
    this.#hasMedia = true;
    for (const listener of this.#onMedia.splice(0)) listener();
  }
}

/** A live lecture without an engine, whose publications a test controls. */
export class FakeLecture implements RecordableLecture {
  readonly lectureId: string;
  readonly courseId = newId('crs');
  readonly startedAtMs: number;
  fence = 1;
  readonly states: RecordingState[] = [];
  /** The note that was reported with each state. */
  readonly notes: (RecordingNote | null)[] = [];
  #publications: FakePublication[] = [];
  readonly #onPublication = new Set<(publication: RecordablePublication) => void>();
  readonly #onPaused = new Set<(publicationId: string, isPaused: boolean) => void>();
  readonly #onUnpublished = new Set<(publicationId: string) => void>();

  constructor(startedAtMs: number, lectureId = newId('lec')) {
    this.startedAtMs = startedAtMs;
    this.lectureId = lectureId;
  }

  publications(): readonly RecordablePublication[] {
    return this.#publications;
  }

  onPublication(listener: (publication: RecordablePublication) => void) {
    this.#onPublication.add(listener);
    return () => void this.#onPublication.delete(listener);
  }

  onPaused(listener: (publicationId: string, isPaused: boolean) => void) {
    this.#onPaused.add(listener);
    return () => void this.#onPaused.delete(listener);
  }

  onUnpublished(listener: (publicationId: string) => void) {
    this.#onUnpublished.add(listener);
    return () => void this.#onUnpublished.delete(listener);
  }

  reportRecording(state: RecordingState, note: RecordingNote | null = null): void {
    this.states.push(state);
    this.notes.push(note);
  }

  publish(kind: TrackKind, source: TrackSource, options: FakePublishOptions = {}): FakePublication {
    return this.add(new FakePublication(kind, source, options));
  }

  add(publication: FakePublication): FakePublication {
    this.#publications = [...this.#publications, publication];
    for (const listener of this.#onPublication) listener(publication);
    return publication;
  }

  setPaused(publication: FakePublication, isPaused: boolean): void {
    publication.isPaused = isPaused;
    for (const listener of this.#onPaused) listener(publication.publicationId, isPaused);
  }

  unpublish(publication: FakePublication): void {
    this.#publications = this.#publications.filter((other) => other !== publication);
    for (const listener of this.#onUnpublished) listener(publication.publicationId);
  }
}
