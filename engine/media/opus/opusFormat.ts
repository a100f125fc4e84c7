import type { AudioFormat } from '../EncodedFrame.ts';

/** What an Opus source says about itself: RFC 7845 §5.1, without what only concerns Ogg. */
export interface OpusHead {
  channelCount: number;
  /** Samples at 48 kHz that a decoder drops at the start. */
  preSkipSamples: number;
  inputSampleRateHz: number;
}

/** With a `dOps` payload: "Encapsulation of Opus in ISO Base Media File Format" §4.3.2, no gain, mapping family 0. */
export function opusFormat({ channelCount, preSkipSamples, inputSampleRateHz }: OpusHead): AudioFormat {
  const decoderConfig = new Uint8Array(11);
  const view = new DataView(decoderConfig.buffer);
  view.setUint8(1, channelCount);
  view.setUint16(2, preSkipSamples);
  view.setUint32(4, inputSampleRateHz);
  return { kind: 'audio', codec: 'opus', codecString: 'opus', decoderConfig, sampleRateHz: 48_000, channelCount };
}
