import type { AudioFormat } from '../EncodedFrame.ts';

/** Parameters of an Opus stream: RFC 7845 §5.1. */
export interface OpusHead {
  channelCount: number;
  /** Samples at 48 kHz that a player discards at the start. */
  preSkipSamples: number;
  /** Sample rate of the original audio. For information only: Opus is decoded at 48 kHz. */
  inputSampleRateHz: number;
}

/**
 * The format of an Opus track, with a `dOps` payload of version 0, no gain and channel mapping family 0.
 * Opus in ISOBMFF §4.3.2: https://opus-codec.org/docs/opus_in_isobmff.html
 */
export function opusFormat({ channelCount, preSkipSamples, inputSampleRateHz }: OpusHead): AudioFormat {
  const decoderConfig = new Uint8Array(11);
  const view = new DataView(decoderConfig.buffer);
  view.setUint8(1, channelCount);
  view.setUint16(2, preSkipSamples);
  view.setUint32(4, inputSampleRateHz);
  return { kind: 'audio', codec: 'opus', codecString: 'opus', decoderConfig, sampleRateHz: 48_000, channelCount };
}
