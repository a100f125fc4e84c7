import type { TrackKind } from '#engine/contract';
import type { AudioFormat, AvcConfig, EncodedFrame } from '#engine/media';
import type { DetachReason } from '../IngestLectures.ts';

/**
 * How the timestamps of a source relate to the server's clock. `ahead`: it sends faster than real time. `standing`: those of a
 * track do not advance, so the time of arrival takes their place.
 */
export type SourceTiming = 'good' | 'ahead' | 'standing';

/** Takes the media of one connection, whatever its protocol: formats and frames on the server's clock. */
export interface MediaReceiver {
  /** Something has arrived, readable or not: the connection is alive. */
  arrived(): void;
  videoConfig(config: AvcConfig): void;
  audioFormat(format: AudioFormat): void;
  frame(kind: TrackKind, frame: EncodedFrame): void;
  /** A frame could not be read and is left out. */
  damaged(kind: TrackKind, reason: string): void;
  /** A configuration could not be read and is ignored. */
  unreadable(kind: TrackKind, reason: string): void;
  /** Called when it changes. */
  timing(timing: SourceTiming): void;
  /** The connection was closed, or brings what Lectern cannot carry. Idempotent. */
  end(reason: DetachReason, problem?: string | null): void;
}
