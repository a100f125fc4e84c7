// Responsible for which publication feeds one track of a recording: the newest one that has media and is not paused.
// Frames in flight of a publication that ends are still recorded, unless another publication is ready to follow.
// Owns the open tap and closes it.
import { isCoded } from '#engine/contract';
import { background } from '#engine/kernel';
import type { Logger } from '#engine/kernel';
import type { EncodedFrame, FrameSink, FrameTapHandle, TrackFormat } from '#engine/media';
import type { GroupSegmenter } from '../hls/segmenting/GroupSegmenter.ts';
import type { RecordingTrack } from '../journal/rows.ts';
import type { RecordablePublication } from './RecordableLecture.ts';
import { earlyKeyframeMs } from '../limits.ts';

export interface TrackSlotOptions {
  track: RecordingTrack;
  segmenter: Pick<GroupSegmenter, 'format' | 'frame' | 'gap'>;
  logger: Logger;
  /** Wanted length of a segment. A video source without a keyframe for this long is asked for one. */
  targetSegmentMs: number;
  onFrame(): void;
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
  #resolveIdle: () => void = () => undefined;

  constructor(options: TrackSlotOptions) {
    this.#options = options;
  }

  /** A publication feeds the track, or may begin to. */
  get hasPublication(): boolean {
    return this.#current !== undefined;
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
    if (this.#isSuspended && !isSuspended) this.#options.segmenter.gap(this.#options.track);
    this.#isSuspended = isSuspended;
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
    this.#current = publication;
    this.#tapNumber += 1;
    if (publication) background('recorder.openTap', this.#open(publication), this.#options.logger);
    else this.#resolveIdle();
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
      if (isCurrent()) this.#handle = handle;
      else handle.close();
    } catch (err) {
      const hasEnded = !isCurrent() || isCoded(err, 'media.unavailable') || isCoded(err, 'publication.notFound');
      if (!hasEnded) throw err;
      this.#options.logger.info({ publicationId: publication.publicationId, err }, 'recorder.trackEndedEarly');
    }
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
    else if (missingMs <= 0) this.#handle?.requestKeyframe?.();
  }
}
