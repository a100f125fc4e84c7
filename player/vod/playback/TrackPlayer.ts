import type { ReadonlySignal } from '@preact/signals';
import type { MediaUrls } from './MediaUrls.ts';
import type { PlaybackProblem } from './PlaybackProblem.ts';
import type { PlaybackTrack } from '#api/contract';

export interface TrackPlayerOptions {
  media: HTMLVideoElement;
  source: PlaybackTrack['source'];
  urls: MediaUrls;
  startSeconds: number;
  /** The picture beside the main one: it may take less memory. */
  isSecondary: boolean;
}

/** Plays one track of a recording in one media element, and keeps at it through failures. */
export interface TrackPlayer {
  readonly problem: ReadonlySignal<PlaybackProblem | undefined>;
  /** The recording still grows; false once its playlist has ended. */
  readonly isGrowing: ReadonlySignal<boolean | undefined>;
  /** The qualities to choose from, highest first; empty when there is nothing to choose. */
  readonly heightsPx: ReadonlySignal<readonly number[]>;
  readonly playingHeightPx: ReadonlySignal<number | undefined>;
  /** undefined: what the connection carries and the page shows. */
  chooseHeight(heightPx: number | undefined): void;
  /** There is media at this position, loaded or not; true as long as that is not known. */
  hasMediaAt(seconds: number): boolean;
  retry(): void;
  close(): void;
}
