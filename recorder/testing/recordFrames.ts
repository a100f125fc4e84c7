import type { EncodedFrame } from '#engine/media';
import { interleaved } from './encodedMedia.ts';
import type { FakeTap } from './FakeLecture.ts';

/** Pushes frames into their taps in the order of time, a little at a time, as fast as they are taken. */
export async function recordFrames(tracks: readonly { tap: FakeTap; frames: readonly EncodedFrame[] }[]): Promise<void> {
  let count = 0;
  for (const { tag, frame } of interleaved(tracks.map(({ tap, frames }) => ({ tag: tap, frames })))) {
    tag.frame(frame);
    count += 1;
    if (count % 200 === 0) await new Promise((resolve) => setImmediate(resolve));
  }
}
