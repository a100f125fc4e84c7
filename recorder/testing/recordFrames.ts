import type { EncodedFrame } from '#engine/media';
import { interleaved } from './encodedMedia.ts';
import type { FakeTap } from './FakeLecture.ts';

/** Pushes frames into their taps in the order of time, yielding to the event loop now and then. */
export async function recordFrames(tracks: readonly { tap: FakeTap; frames: readonly EncodedFrame[] }[]): Promise<void> {
  let count = 0;
  for (const { tag, frame } of interleaved(tracks.map(({ tap, frames }) => ({ tag: tap, frames })))) {
    tag.frame(frame);
    count += 1;
    if (count % 200 === 0) await new Promise((resolve) => setImmediate(resolve));
  }
}
