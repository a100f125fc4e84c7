import type { Span } from '../contract/index.ts';
import { readFragments } from '../download/readFragments.ts';
import { readTrackHeader } from '../download/TrackHeader.ts';
import { mediaSegment } from '../hls/fmp4/mediaSegment.ts';
import type { Sample } from '../hls/fmp4/mediaSegment.ts';

/** A segment of audio, whose frames do not depend on one another. */
export interface TrimmableSegment {
  init: Uint8Array;
  segment: Uint8Array;
  /** Source time of its first frame. */
  startMs: number;
}

/** A segment with only those frames whose middle is in the span. Nothing is encoded again. @throws RangeError when the segment is damaged */
export async function trimSegment({ init, segment, startMs }: TrimmableSegment, kept: Span): Promise<Uint8Array> {
  const { timescale, defaults } = readTrackHeader(init);
  const runs = await readFragments(async (offset, bytes) => segment.subarray(offset, offset + bytes), segment.length, defaults);
  const zeroTicks = runs[0]?.startTicks ?? 0;
  const samples: Sample[] = [];
  let decodeTimeTicks: number | undefined;
  for (const run of runs) {
    let [ticks, offset] = [run.startTicks, run.offset];
    for (const { durationTicks, bytes, isSync, compositionOffsetTicks } of run.samples) {
      const middleMs = startMs + ((ticks - zeroTicks + durationTicks / 2) * 1000) / timescale;
      if (middleMs >= kept.startMs && middleMs < kept.endMs) {
        decodeTimeTicks ??= ticks;
        samples.push({ durationTicks, compositionOffsetTicks, isKeyframe: isSync, data: segment.subarray(offset, offset + bytes) });
      }
      ticks += durationTicks;
      offset += bytes;
    }
  }
  return mediaSegment({ fragmentNumber: 1, decodeTimeTicks: decodeTimeTicks ?? zeroTicks, samples });
}
