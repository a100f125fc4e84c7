// Responsible for which publication feeds one track of a recording: the newest that is on offer. What another still has on
// its way when it goes comes yet, as far as the newest need not wait for it. Owns the open tap and closes it.
import { isCoded } from '#engine/contract';
import { background } from '#engine/kernel';
import type { Logger } from '#engine/kernel';
import type { EncodedFrame, FrameSink, FrameTapHandle, TrackFormat } from '#engine/media';
import type { GroupCutter } from '../hls/cutting/GroupCutter.ts';
import { earlyKeyframeMs } from '../hls/cutting/CutSegment.ts';
import type { RecordingTrack } from '../journal/rows.ts';
import type { RecordablePublication } from './RecordableLecture.ts';

export interface TrackSlotOptions {
  track: RecordingTrack;
  cutter: Pick<GroupCutter, 'format' | 'frame' | 'gap'>;
  logger: Logger;
  /** How long a segment is wanted: a picture without a keyframe for so long is asked for one. */
  targetSegmentMs: number;
  onFrame(): void;
}

export class TrackSlot {
  readonly #options: TrackSlotOptions;
  /** The newest last. */
  #offers: RecordablePublication[] = [];
  #current: RecordablePublication | undefined;
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
    this.#follow();
  }

  withdraw(publicationId: string): void {
    this.#offers = this.#offers.filter((offer) => offer.publicationId !== publicationId);
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

  #follow(): void {
    const newest = this.#offers.at(-1);
    const before = this.#current;
    if (newest === before) return;
    this.#handle?.end();
    if (this.#current === before && (newest || !this.#handle)) this.#turnTo(newest);
  }

  #turnTo(publication: RecordablePublication | undefined): void {
    this.#handle?.close();
    this.#handle = undefined;
    this.#current = publication;
    if (publication) background('recorder.openTap', this.#open(publication), this.#options.logger);
    else this.#tellIdle();
  }

  /** One that has ended for the sake of a newer one is still on offer. */
  #hasEnded(publication: RecordablePublication): void {
    if (this.#offers.at(-1) === publication) this.#offers.pop();
    if (this.#current === publication) this.#turnTo(this.#offers.at(-1));
  }

  async #open(publication: RecordablePublication): Promise<void> {
    try {
      const handle = await publication.frames.open(this.#sink(publication));
      if (this.#current === publication) this.#handle = handle;
      else handle.close();
    } catch (err) {
      const hasEnded = this.#current !== publication || isCoded(err, 'media.unavailable') || isCoded(err, 'publication.notFound');
      if (!hasEnded) throw err;
      this.#options.logger.info({ publicationId: publication.publicationId, err }, 'recorder.trackEndedEarly');
    }
  }

  #sink(publication: RecordablePublication): FrameSink {
    const { track, cutter } = this.#options;
    const isCurrent = () => this.#current === publication;
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
      ended: () => this.#hasEnded(publication),
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
