import { lowComplexityFormat, opusFormat } from '#engine/media';
import type { TrackFormat } from '#engine/media';
import type { InitSegmentRow } from '../../journal/rows.ts';
import { blackFormat } from './blackFrame.ts';

const webRtcOpus = { preSkipSamples: 312, inputSampleRateHz: 48_000 };

/**
 * What black or silence is like that fits a track as an init segment of it was, for a run of the recorder in which nothing
 * of the track has come yet; undefined where no filler is known.
 */
export function fillerFormat({ codecString, widthPx, heightPx, sampleRateHz, channelCount }: InitSegmentRow): TrackFormat | undefined {
  if (widthPx !== undefined && heightPx !== undefined) return blackFormat({ widthPx, heightPx });
  if (sampleRateHz === undefined || channelCount === undefined) return undefined;
  if (codecString === 'opus') return opusFormat({ ...webRtcOpus, channelCount });
  return codecString === 'mp4a.40.2' ? lowComplexityFormat({ sampleRateHz, channelCount }) : undefined;
}
