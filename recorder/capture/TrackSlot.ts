// Responsible for which publication feeds one track of a recording: the newest one that has media and is not paused.
// Frames in flight of a publication that ends are still recorded, unless another publication is ready to follow.
// Owns the open tap and closes it.
import { isCoded } from '#engine/contract';
import { background } from '#engine/kernel';
import type { Clock, Logger } from '#engine/kernel';
import type { EncodedFrame, FrameSink, FrameTapHandle, TrackFormat } from '#engine/media';
import type { GroupSegmenter } from '../hls/segmenting/GroupSegmenter.ts';
import type { RecordingTrack } from '../journal/rows.ts';
import type { RecordablePublication } from './RecordableLecture.ts';
import { earlyKeyframeMs, tapRetryFirstMs, tapRetryMaxMs } from '../limits.ts';

export interface TrackSlotOptions {
  track: RecordingTrack;
  segmenter: Pick<GroupSegmenter, 'format' | 'frame' | 'gap' | 'absent'>;
  clock: Clock;
  logger: Logger;
  /** Wanted length of a segment. A video source without a keyframe for this long is asked for one. */
  targetSegmentMs: number;
  onFrame(): void;
  /** The frames of a publication cannot be read, after a second attempt either; or they can. */
  onUnreadable(isUnreadable: boolean): void;
}

export class TrackSlot {
  readonly #options: TrackSlotOptions;
  /** The newest last. */
  #publications: RecordablePublication[] = [];
  readonly #paused = new Set<string>();
  /** Ids of publications that have sent media. */
  readonly #sending = new Set<string>();
  #current: RecordablePublication | undefined;
  /** Number of the current tap. A publication can be opened again; only its latest tap counts. */
  #tapNumber = 0;
  #handle: FrameTapHandle | undefined;
  /** Where the segment in progress begins; the first keyframe begins the first segment. */
  #segmentStartUs = -Infinity;
  /** The publication that sent the last format. */
  #lastPublicationId: string | undefined;
  #isSuspended = false;
  /** Attempts in a row to open the current publication that have failed. */
  #failures = 0;
  #cancelRetry: () => void = () => undefined;
  #resolveIdle: () => void = () => undefined;

  constructor(options: TrackSlotOptions) {
    this.#options = options;
  }

  /** A publication feeds the track, or may begin to. */
  get hasPublication(): boolean {
    return this.#current !== undefined;
  }

  #isPaused(publication: RecordablePublication): boolean {
    return this.#paused.has(publication.publicationId);
  }

  add(publication: RecordablePublication): void {
    this.#publications.push(publication);
    if (publication.isPaused) this.#paused.add(publication.publicationId);
    publication.onMedia(() => {
      if (!this.#publications.includes(publication)) return;
      this.#sending.add(publication.publicationId);
      this.#update();
    });
    this.#update();
  }

  setPaused(publicationId: string, isPaused: boolean): void {
    if (!this.#publications.some((publication) => publication.publicationId === publicationId)) return;
    if (isPaused) this.#paused.add(publicationId);
    else this.#paused.delete(publicationId);
    if (isPaused && this.#current?.publicationId === publicationId) this.#options.segmenter.absent(this.#options.track);
    this.#update();
  }

  remove(publicationId: string): void {
    this.#publications = this.#publications.filter((publication) => publication.publicationId !== publicationId);
    this.#paused.delete(publicationId);
    this.#sending.delete(publicationId);
    this.#update();
  }

  /** Drops frames while suspended. The gap is filled when recording resumes. */
  suspend(isSuspended: boolean): void {
    const { segmenter, track } = this.#options;
    if (this.#isSuspended && !isSuspended) segmenter.gap(track);
    if (isSuspended) segmenter.absent(track);
    this.#isSuspended = isSuspended;
  }

  /** Asks the source for a frame that can be shown without earlier ones. */
  requestKeyframe(): void {
    this.#handle?.requestKeyframe?.();
  }

  /** Removes all publications; resolves when the segmenter has their frames in flight. */
  async finish(): Promise<void> {
    this.#publications = [];
    this.#update();
    if (!this.#current) return;
    await new Promise<void>((resolve) => {
      this.#resolveIdle = resolve;
    });
  }

  close(): void {
    this.#publications = [];
    this.#switchTo(undefined);
  }

  /** While all publications are paused, the current one stays. */
  #select(): RecordablePublication | undefined {
    const open = this.#publications.filter(({ publicationId }) => !this.#paused.has(publicationId));
    const sending = open.findLast(({ publicationId }) => this.#sending.has(publicationId));
    return sending ?? open.at(-1) ?? this.#publications.find((publication) => publication === this.#current) ?? this.#publications.at(-1);
  }

  #update(): void {
    const selected = this.#select();
    const before = this.#current;
    if (selected === before) return;
    this.#handle?.end();
    if (this.#current === before && (selected || !this.#handle)) this.#switchTo(selected);
  }

  #switchTo(publication: RecordablePublication | undefined): void {
    this.#handle?.close();
    this.#handle = undefined;
    // The last frame stays until the first keyframe of a publication that follows.
    if (this.#current && !publication) this.#options.segmenter.absent(this.#options.track);
    this.#current = publication;
    this.#tapNumber += 1;
    this.#setFailures(0);
    if (publication) this.#openSoon(publication);
    else this.#resolveIdle();
  }

  #openSoon(publication: RecordablePublication): void {
    this.#tapNumber += 1;
    background('recorder.openTap', this.#open(publication), this.#options.logger);
  }

  #setFailures(failures: number): void {
    this.#cancelRetry();
    const wasUnreadable = this.#failures > 1;
    this.#failures = failures;
    if (failures > 1 !== wasUnreadable) this.#options.onUnreadable(failures > 1);
  }

  /** A publication that ended because another one replaced it is still published. */
  #hasEnded(publication: RecordablePublication): void {
    if (this.#select() === publication) this.#publications = this.#publications.filter((other) => other !== publication);
    this.#switchTo(this.#select());
  }

  async #open(publication: RecordablePublication): Promise<void> {
    const tapNumber = this.#tapNumber;
    const isCurrent = () => this.#tapNumber === tapNumber;
    try {
      const handle = await publication.frames.open(this.#sink(publication, isCurrent));
      if (!isCurrent()) return handle.close();
      this.#handle = handle;
      this.#setFailures(0);
    } catch (err) {
      if (isCurrent()) this.#retry(publication, err);
    }
  }

  /** As long as it is published: its media worker may be busy for a moment. A track that has ended is unpublished soon. */
  #retry(publication: RecordablePublication, err: unknown): void {
    const { clock, logger, track } = this.#options;
    const { publicationId } = publication;
    if (isCoded(err, 'publication.notFound')) return void logger.info({ publicationId, err }, 'recorder.trackEndedEarly');
    if (this.#failures < 2) logger.error({ publicationId, track, err }, 'recorder.tapFailed');
    this.#setFailures(this.#failures + 1);
    this.#cancelRetry = clock.after(Math.min(tapRetryMaxMs, tapRetryFirstMs * 2 ** Math.min(this.#failures - 1, 10)), () => this.#openSoon(publication));
  }

  #sink(publication: RecordablePublication, isCurrent: () => boolean): FrameSink {
    const { track, segmenter } = this.#options;
    return {
      format: (format: TrackFormat) => {
        if (!isCurrent()) return;
        segmenter.format(track, format, this.#lastPublicationId !== undefined && this.#lastPublicationId !== publication.publicationId);
        this.#lastPublicationId = publication.publicationId;
        this.#segmentStartUs = -Infinity;
      },
      frame: (frame) => {
        if (!isCurrent() || this.#isSuspended) return;
        segmenter.frame(track, frame);
        // A frame in flight when its publication was paused.
        if (this.#isPaused(publication)) segmenter.absent(track);
        this.#requestKeyframeWhenDue(frame);
        this.#options.onFrame();
      },
      gap: () => {
        if (isCurrent()) segmenter.gap(track);
      },
      ended: () => {
        if (isCurrent()) this.#hasEnded(publication);
      },
    };
  }

  /**
   * Segments end at keyframes, and a crash loses the segment in progress, but a browser makes keyframes only on request.
   * A keyframe requested for a joining viewer may come too early to end a segment.
   */
  #requestKeyframeWhenDue({ isKeyframe, decodeTimeUs }: EncodedFrame): void {
    const missingMs = this.#options.targetSegmentMs - (decodeTimeUs - this.#segmentStartUs) / 1000;
    if (isKeyframe && missingMs <= earlyKeyframeMs) this.#segmentStartUs = decodeTimeUs;
    else if (missingMs <= 0) this.requestKeyframe();
  }
}
