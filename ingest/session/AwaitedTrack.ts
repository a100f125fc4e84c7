import type { TrackKind } from '#engine/contract';
import type { MediaTrack, Unsubscribe } from '#engine';
import type { FrameTap } from '#engine/media';

/** In place of a track that no room carries yet: a recording takes its frames, and who wants to watch is told to wait. */
export class AwaitedTrack implements MediaTrack {
  readonly id: string;
  readonly kind: TrackKind;
  readonly isSimulcast = false;
  readonly hasMedia = true;
  readonly frames: FrameTap;

  constructor(kind: TrackKind, frames: FrameTap) {
    this.id = `awaited-${kind}`;
    this.kind = kind;
    this.frames = frames;
  }

  async pause(): Promise<void> {
    // Nothing flows.
  }

  async resume(): Promise<void> {
    // Nothing flows.
  }

  onMedia(listener: () => void): Unsubscribe {
    listener();
    return () => undefined;
  }

  onClosed(): Unsubscribe {
    return () => undefined;
  }

  close(): void {
    // It holds nothing.
  }
}
