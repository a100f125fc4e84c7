import type { ReadonlySignal } from '@preact/signals';
import type { MediaUrls, SignedTracks } from './MediaUrls.ts';
import type { PlaybackProblem } from './PlaybackProblem.ts';
import type { PlaybackTrack } from '#api/contract';

/** The URLs of one video, the same for all viewers. */
export type PlayableUrls = Pick<MediaUrls<SignedTracks>, 'multivariantUrl' | 'current' | 'renew' | 'isDenied'>;

export interface TrackPlayerOptions {
  media: HTMLVideoElement;
  source: PlaybackTrack['source'];
  urls: PlayableUrls;
  startSeconds: number;
  /** The video beside the main one. It uses less memory. */
  isSecondary: boolean;
}

/** Plays one track of a recording in a media element and recovers from failures. */
export interface TrackPlayer {
  readonly problem: ReadonlySignal<PlaybackProblem | undefined>;
  /** The playlist still grows; false once it has ended. */
  readonly isGrowing: ReadonlySignal<boolean | undefined>;
  /** The available qualities, highest first; empty if there is no choice. */
  readonly heightsPx: ReadonlySignal<readonly number[]>;
  readonly playingHeightPx: ReadonlySignal<number | undefined>;
  /** undefined: automatic, by bandwidth and size on the page. */
  chooseHeight(heightPx: number | undefined): void;
  /** There is media at this position, loaded or not; true while that is unknown. */
  hasMediaAt(seconds: number): boolean;
  retry(): void;
  close(): void;
}
