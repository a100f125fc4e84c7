import type { TrackFormat } from '#engine/media';
import { concat, u32 } from './boxes.ts';
import type { Sample } from './mediaSegment.ts';

/**
 * Puts the parameter sets of an H.264 track in front of its keyframes too, and not only into the init segment: readers
 * that keep the first `moov` of a playlist for good (ffmpeg's does) then follow a change of picture all the same.
 */
export function withParameterSets(format: TrackFormat, samples: readonly Sample[]): readonly Sample[] {
  if (format.kind !== 'video') return samples;
  const sets = parameterSets(format.decoderConfig);
  return samples.map((sample) => (sample.isKeyframe ? { ...sample, data: concat([sets, sample.data]) } : sample));
}

/**
 * The SPS and PPS of an AVCDecoderConfigurationRecord (ISO/IEC 14496-15 §5.3.3.1), each behind its length in 4 bytes. A
 * record that is cut short gives those that are whole.
 */
function parameterSets(decoderConfig: Uint8Array): Uint8Array {
  const sets: Uint8Array[] = [];
  let at = 5;
  for (const countMask of [0x1f, 0xff]) {
    const count = (decoderConfig[at] ?? 0) & countMask;
    at += 1;
    for (let index = 0; index < count; index += 1) {
      const set = decoderConfig.subarray(at + 2, at + 2 + (((decoderConfig[at] ?? 0) << 8) | (decoderConfig[at + 1] ?? 0)));
      at += 2 + set.length;
      if (set.length > 0) sets.push(u32(set.length), set);
    }
  }
  return concat(sets);
}
