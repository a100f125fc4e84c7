import { isSliceType, lengthPrefixed, nalType, nalTypeOf, nalUnits, seiType, tryRead, withoutSeiMessages } from '#engine/media';
import type { TrackFormat } from '#engine/media';
import type { Sample } from './mediaSegment.ts';

/**
 * Removes the recovery points (H.264 §D.2.8) from all frames of a video but the keyframes. Encoders with an open GOP or with intra
 * refresh send them. Chromium starts there after a seek, and fails at the B-frames that follow and refer to what is before.
 */
export function withoutRecoveryPoints(format: TrackFormat, samples: readonly Sample[]): readonly Sample[] {
  if (format.kind !== 'video') return samples;
  return samples.map((sample) => {
    const data = sample.isKeyframe ? sample.data : tryRead(() => dataWithout(sample.data));
    return data === undefined || data === sample.data ? sample : { ...sample, data };
  });
}

/** The data itself if there is no recovery point in it. SEI comes before the slices (§7.4.1.2.3). */
function dataWithout(data: Uint8Array): Uint8Array {
  let isChanged = false;
  const kept: Uint8Array[] = [];
  for (const unit of nalUnits(data)) {
    const type = nalTypeOf(unit);
    if (!isChanged && isSliceType(type)) return data;
    const rest = type === nalType.sei ? withoutSeiMessages(unit, seiType.recoveryPoint) : unit;
    isChanged ||= rest !== unit;
    if (rest) kept.push(rest);
  }
  return isChanged ? lengthPrefixed(kept) : data;
}
