import { aacLcFormat, opusFormat } from '#engine/media';
import type { TrackFormat } from '#engine/media';
import type { InitSegmentRow } from '../../journal/rows.ts';
import { blackFormat } from './blackFrame.ts';

const webRtcOpus = { preSkipSamples: 312, inputSampleRateHz: 48_000 };

/**
 * The format of fillers that continue a track after a restart, before its first frame, from the track's last init segment.
 * Undefined when there is no filler for its codec.
 */
export function fillerFormat({ codecString, widthPx, heightPx, sampleRateHz, channelCount }: InitSegmentRow): TrackFormat | undefined {
  if (widthPx !== undefined && heightPx !== undefined) return blackFormat({ widthPx, heightPx });
  if (sampleRateHz === undefined || channelCount === undefined) return undefined;
  if (codecString === 'opus') return opusFormat({ ...webRtcOpus, channelCount });
  // Silence needs no spectral band replication.
  return aacLcFormat({ sampleRateHz, channelCount });
}
