// Responsible for which publication feeds one track of a recording: the newest on offer of which something has come, and
// that is not paused. What another still has on its way when it goes comes yet, as far as the next need not wait for it.
// Owns the open tap and closes it.
import { isCoded } from '#engine/contract';
import { background } from '#engine/kernel';
import type { Logger } from '#engine/kernel';
import type { EncodedFrame, FrameSink, FrameTapHandle, TrackFormat } from '#engine/media';
import type { GroupSegmenter } from '../hls/segmenting/GroupSegmenter.ts';
import { earlyKeyframeMs } from '../hls/segmenting/CompleteSegment.ts';
import type { RecordingTrack } from '../journal/rows.ts';
import type { RecordablePublication } from './RecordableLecture.ts';

export interface TrackSlotOptions {
  track: RecordingTrack;
  cutter: Pick<GroupSegmenter, 'format' | 'frame' | 'gap'>;
  logger: Logger;
  /** How long a segment is wanted: a picture without a keyframe for so long is asked for one. */
  targetSegmentMs: number;
  onFrame(): void;
}

export class TrackSlot {
  readonly #options: TrackSlotOptions;
  /** The newest last. */
  #offers: RecordablePublication[] = [];
  readonly #paused = new Set<string>();
  /** Those of which something has come. */
  readonly #sending = new Set<string>();
  #current: RecordablePublication | undefined;
  /** Counts them: one publication can have several taps, one after the other, and is heard through the last. */
  #turn = 0;
  #handle: FrameTapHandle | undefined;
  /** Where the segment in progress begins, as far as it is known here; any keyframe begins the first. */
  #segmentStartUs = -Infinity;
  /** Whose frames the track had last. */
  #lastFedBy: string | undefined;
  #isSuspended = false;
  #tellIdle: () => void = () => undefined;

  constructor(options: TrackSlotOptions) {
    this.#options = options;
  }

  /** Frames may come. */
  get isOnOffer(): boolean {
    return this.#current !== undefined;
  }

  offer(publication: RecordablePublication): void {
    this.#offers.push(publication);
    if (publication.isPaused) this.#paused.add(publication.publicationId);
    publication.onMedia(() => {
      if (!this.#offers.includes(publication)) return;
      this.#sending.add(publication.publicationId);
      this.#follow();
    });
    this.#follow();
  }

  setPaused(publicationId: string, isPaused: boolean): void {
    if (!this.#offers.some((offer) => offer.publicationId === publicationId)) return;
    if (isPaused) this.#paused.add(publicationId);
    else this.#paused.delete(publicationId);
    this.#follow();
  }

  withdraw(publicationId: string): void {
    this.#offers = this.#offers.filter((offer) => offer.publicationId !== publicationId);
    this.#paused.delete(publicationId);
    this.#sending.delete(publicationId);
    this.#follow();
  }

  /** Lets frames pass, and has what is missing in the recording filled when they are taken again. */
  suspend(isSuspended: boolean): void {
    if (this.#isSuspended && !isSuspended) this.#options.cutter.gap(this.#options.track);
    this.#isSuspended = isSuspended;
  }

  /** Withdraws everything; resolves when the cutter has what was on its way. */
  async finish(): Promise<void> {
    this.#offers = [];
    this.#follow();
    if (!this.#current) return;
    await new Promise<void>((resolve) => {
      this.#tellIdle = resolve;
    });
  }

  close(): void {
    this.#offers = [];
    this.#turnTo(undefined);
  }

  /** While all are paused it stays with the one it has, which may be the first to go on. */
  #wanted(): RecordablePublication | undefined {
    const open = this.#offers.filter(({ publicationId }) => !this.#paused.has(publicationId));
    const sending = open.findLast(({ publicationId }) => this.#sending.has(publicationId));
    return sending ?? open.at(-1) ?? this.#offers.find((offer) => offer === this.#current) ?? this.#offers.at(-1);
  }

  #follow(): void {
    const wanted = this.#wanted();
    const before = this.#current;
    if (wanted === before) return;
    this.#handle?.end();
    if (this.#current === before && (wanted || !this.#handle)) this.#turnTo(wanted);
  }

  #turnTo(publication: RecordablePublication | undefined): void {
    this.#handle?.close();
    this.#handle = undefined;
    this.#current = publication;
    this.#turn += 1;
    if (publication) background('recorder.openTap', this.#open(publication), this.#options.logger);
    else this.#tellIdle();
  }

  /** One that has ended for the sake of another is still on offer. */
  #hasEnded(publication: RecordablePublication): void {
    if (this.#wanted() === publication) this.#offers = this.#offers.filter((offer) => offer !== publication);
    this.#turnTo(this.#wanted());
  }

  async #open(publication: RecordablePublication): Promise<void> {
    const turn = this.#turn;
    const isCurrent = () => this.#turn === turn;
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
    const { track, cutter } = this.#options;
    return {
      format: (format: TrackFormat) => {
        if (!isCurrent()) return;
        cutter.format(track, format, this.#lastFedBy !== undefined && this.#lastFedBy !== publication.publicationId);
        this.#lastFedBy = publication.publicationId;
        this.#segmentStartUs = -Infinity;
      },
      frame: (frame) => {
        if (!isCurrent() || this.#isSuspended) return;
        cutter.frame(track, frame);
        this.#keepCuttable(frame);
        this.#options.onFrame();
      },
      gap: () => {
        if (isCurrent()) cutter.gap(track);
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
  #keepCuttable({ isKeyframe, decodeTimeUs }: EncodedFrame): void {
    const missingMs = this.#options.targetSegmentMs - (decodeTimeUs - this.#segmentStartUs) / 1000;
    if (isKeyframe && missingMs <= earlyKeyframeMs) this.#segmentStartUs = decodeTimeUs;
    else if (missingMs <= 0) this.#handle?.requestKeyframe?.();
  }
}
