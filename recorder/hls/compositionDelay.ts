import { parseSps, readParameterSets, tryRead } from '#engine/media';
import type { TrackFormat } from '#engine/media';
import type { CompleteSegment } from './segmenting/CompleteSegment.ts';
import { usualFrameTicks } from './usualFrameTicks.ts';

/**
 * How much later than its decode time each frame of a track is presented, so that no frame is presented before it is decoded:
 * ticks. An edit list of the init segment takes it back. Players that ignore negative composition offsets, such as ffmpeg, show
 * B-frames early otherwise. 0 for video without B-frames and for audio.
 */
export function compositionDelay({ format, samples, isFiller, sourceDelayTicks = 0 }: Pick<CompleteSegment, 'format' | 'samples' | 'isFiller' | 'sourceDelayTicks'>): number {
  const earliest = samples.reduce((most, { compositionOffsetTicks }) => Math.max(most, -compositionOffsetTicks), sourceDelayTicks);
  if (sourceDelayTicks > 0) return earliest;
  // A filler lasts until the first frame comes.
  const durations = isFiller ? [] : samples.map(({ durationTicks }) => durationTicks).sort((a, b) => a - b);
  return Math.max(earliest, reorderedFrames(format) * (durations[durations.length >> 1] ?? usualFrameTicks));
}

/** max_num_reorder_frames of the parameter set; 0 when it is not there. */
function reorderedFrames(format: TrackFormat): number {
  if (format.kind !== 'video') return 0;
  const sps = tryRead(() => readParameterSets(format.decoderConfig).spsUnits.map(parseSps)[0]);
  return sps?.reorderFrames ?? 0;
}
