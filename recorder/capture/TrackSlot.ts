// Responsible for which publication feeds one track of a recording: the newest on publication of which something has come, and
// that is not paused. What another still has on its way when it goes comes yet, as far as the next need not wait for it.
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
  /** How long a segment is selected: a picture without a keyframe for so long is asked for one. */
  targetSegmentMs: number;
  onFrame(): void;
}

export class TrackSlot {
  readonly #options: TrackSlotOptions;
  /** The newest last. */
  #publications: RecordablePublication[] = [];
  readonly #paused = new Set<string>();
  /** Those of which something has come. */
  readonly #sending = new Set<string>();
  #current: RecordablePublication | undefined;
  /** Counts them: one publication can have several taps, one after the other, and is heard through the last. */
  #tapNumber = 0;
  #handle: FrameTapHandle | undefined;
  /** Where the segment in progress begins, as far as it is known here; any keyframe begins the first. */
  #segmentStartUs = -Infinity;
  /** Whose frames the track had last. */
  #lastPublicationId: string | undefined;
  #isSuspended = false;
  #resolveIdle: () => void = () => undefined;

  constructor(options: TrackSlotOptions) {
    this.#options = options;
  }

  /** Frames may come. */
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

  /** Lets frames pass, and has what is missing in the recording filled when they are taken again. */
  suspend(isSuspended: boolean): void {
    if (this.#isSuspended && !isSuspended) this.#options.segmenter.gap(this.#options.track);
    this.#isSuspended = isSuspended;
  }

  /** Withdraws everything; resolves when the segmenter has what was on its way. */
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

  /** While all are paused it stays with the one it has, which may be the first to go on. */
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

  /** One that has ended for the sake of another is still on publication. */
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
   * A browser makes keyframes only when asked, and segments end at them: what is not cut is lost in a crash. Those that
   * someone who joins has asked for come too early to end a segment.
   */
  #requestKeyframeWhenDue({ isKeyframe, decodeTimeUs }: EncodedFrame): void {
    const missingMs = this.#options.targetSegmentMs - (decodeTimeUs - this.#segmentStartUs) / 1000;
    if (isKeyframe && missingMs <= earlyKeyframeMs) this.#segmentStartUs = decodeTimeUs;
    else if (missingMs <= 0) this.#handle?.requestKeyframe?.();
  }
}
