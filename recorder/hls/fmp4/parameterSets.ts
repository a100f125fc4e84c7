import { concat, lengthPrefixed, readParameterSets, tryRead } from '#engine/media';
import type { TrackFormat } from '#engine/media';
import type { Sample } from './mediaSegment.ts';

/**
 * Puts the parameter sets of an H.264 track in front of its keyframes too, and not only into the init segment: readers
 * that keep the first `moov` of a playlist for good (ffmpeg's does) then follow a change of picture all the same.
 */
export function withParameterSets(format: TrackFormat, samples: readonly Sample[]): readonly Sample[] {
  if (format.kind !== 'video') return samples;
  const sets = tryRead(() => readParameterSets(format.decoderConfig));
  if (!sets) return samples;
  const prefix = lengthPrefixed([...sets.spsUnits, ...sets.ppsUnits]);
  return samples.map((sample) => (sample.isKeyframe ? { ...sample, data: concat([prefix, sample.data]) } : sample));
}
