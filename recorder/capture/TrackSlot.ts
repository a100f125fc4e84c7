// Responsible for which publication feeds one track of a recording: the newest that is on offer. Owns the open tap and
// closes it.
import { isCoded } from '#engine/contract';
import { background } from '#engine/kernel';
import type { Logger } from '#engine/kernel';
import type { EncodedFrame, FrameSink, FrameTapHandle, TrackFormat } from '#engine/media';
import type { GroupCutter } from '../hls/cutting/GroupCutter.ts';
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
  #lastKeyframeUs = -Infinity;
  /** Whose frames the track had last. */
  #lastFedBy: string | undefined;
  #isSuspended = false;

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

  close(): void {
    this.#offers = [];
    this.#follow();
  }

  #follow(): void {
    const newest = this.#offers.at(-1);
    if (newest === this.#current) return;
    this.#handle?.close();
    this.#handle = undefined;
    this.#current = newest;
    if (newest) background('recorder.openTap', this.#open(newest), this.#options.logger);
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
      ended: () => this.withdraw(publication.publicationId),
    };
  }

  /** A browser makes keyframes only when asked, and segments end at them: what is not cut is lost in a crash. */
  #keepCuttable({ isKeyframe, decodeTimeUs }: EncodedFrame): void {
    if (isKeyframe) this.#lastKeyframeUs = decodeTimeUs;
    else if (decodeTimeUs - this.#lastKeyframeUs >= this.#options.targetSegmentMs * 1000) this.#handle?.requestKeyframe?.();
  }
}
