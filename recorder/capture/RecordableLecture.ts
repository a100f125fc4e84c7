import type { Unsubscribe } from '#engine';
import type { RecordingNote, RecordingState, TrackKind, TrackSource } from '#engine/contract';
import type { FrameTap } from '#engine/media';

/** A track on offer in a lecture, as the recorder sees it. */
export interface RecordablePublication {
  publicationId: string;
  source: TrackSource;
  kind: TrackKind;
  /** When it was offered; nothing comes while it is. */
  isPaused: boolean;
  frames: FrameTap;
  /** Told once, when something of it has come; at once where it has. */
  onMedia(listener: () => void): void;
}

/** What the recorder needs of a live lecture. `main.ts` supplies it. */
export interface RecordableLecture {
  readonly lectureId: string;
  readonly courseId: string;
  /** Zero of the lecture's clock, ms since the Unix epoch. */
  readonly startedAtMs: number;
  /** Those on offer now, the newest last. */
  publications(): readonly RecordablePublication[];
  onPublication(listener: (publication: RecordablePublication) => void): Unsubscribe;
  onPaused(listener: (publicationId: string, isPaused: boolean) => void): Unsubscribe;
  onUnpublished(listener: (publicationId: string) => void): Unsubscribe;
  reportRecording(state: RecordingState, note?: RecordingNote | null): void;
}
