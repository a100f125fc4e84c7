import type { AudioPiece } from '../encode/pcm.ts';
import type { VideoPiece } from '../encode/partArgs.ts';
import type { RenditionGroup } from '../../contract/index.ts';
import type { Rate } from '../probe/SourceProfile.ts';
import type { TranscodePlan } from './transcodePlan.ts';

/** Frames of the timeline, and where decoding begins. */
export interface FrameRange {
  firstFrame: number;
  frameCount: number;
  rate: Rate;
  /** On the timeline; null for the start. */
  decodeFromSeconds: number | null;
}

/** The source of a video, in the folder of a job. */
export interface OpenedSource {
  videoPieces(group: RenditionGroup, range: FrameRange): Promise<VideoPiece[]>;
  /** A whole track. */
  audioPieces(track: TranscodePlan['audio'][number]): Promise<AudioPiece[]>;
  close(): Promise<void> | void;
}
