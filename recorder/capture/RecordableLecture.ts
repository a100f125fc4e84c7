import type { Unsubscribe } from '#engine';
import type { RecordingNote, RecordingState, TrackKind, TrackSource } from '#engine/contract';
import type { FrameTap } from '#engine/media';

/** A published track of a lecture, as the recorder sees it. */
export interface RecordablePublication {
  publicationId: string;
  source: TrackSource;
  kind: TrackKind;
  /** Paused by its presenter, or on standby. As of when the object was made; `onPaused` reports changes. */
  isPaused: boolean;
  frames: FrameTap;
  /** Calls the listener once, when the track has sent media; immediately if it already has. */
  onMedia(listener: () => void): void;
}

/** The part of a live lecture that the recorder uses. */
export interface RecordableLecture {
  readonly lectureId: string;
  readonly courseId: string;
  /** The number under which this process owns the lecture. */
  readonly fence: number;
  /** Zero of the lecture's clock, ms since the Unix epoch. */
  readonly startedAtMs: number;
  /** The current publications, the newest last. */
  publications(): readonly RecordablePublication[];
  onPublication(listener: (publication: RecordablePublication) => void): Unsubscribe;
  onPaused(listener: (publicationId: string, isPaused: boolean) => void): Unsubscribe;
  onUnpublished(listener: (publicationId: string) => void): Unsubscribe;
  reportRecording(state: RecordingState, note?: RecordingNote | null): void;
}
