import { concat, lengthPrefixed, readParameterSets, tryRead } from '#engine/media';
import type { TrackFormat } from '#engine/media';
import type { Sample } from './mediaSegment.ts';

/**
 * Repeats the parameter sets of an H.264 track before each keyframe, so that readers that keep the first `moov` of a
 * playlist, such as ffmpeg, can follow a change of format.
 */
export function withParameterSets(format: TrackFormat, samples: readonly Sample[]): readonly Sample[] {
  if (format.kind !== 'video') return samples;
  const sets = tryRead(() => readParameterSets(format.decoderConfig));
  if (!sets) return samples;
  const prefix = lengthPrefixed([...sets.spsUnits, ...sets.ppsUnits]);
  return samples.map((sample) => (sample.isKeyframe ? { ...sample, data: concat([prefix, sample.data]) } : sample));
}
