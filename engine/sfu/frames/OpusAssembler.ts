import type { AudioFormat } from '../../media/index.ts';
import type { FrameAssembler, FrameAssemblerOptions } from './FrameAssembler.ts';
import type { RtpPacket } from './rtpPacket.ts';

/** RTP carries Opus as 48 kHz stereo whatever is inside (RFC 7587 §4.1); decoders produce two channels from either. */
const opusFormat: AudioFormat = {
  kind: 'audio',
  codec: 'opus',
  codecString: 'opus',
  // "Encapsulation of Opus in ISO Base Media File Format" §4.3.2: version 0, 2 channels, pre-skip 312 (6.5 ms, libopus'
  // look-ahead), 48,000 Hz, gain 0, mapping family 0.
  decoderConfig: Uint8Array.of(0, 2, 312 >> 8, 312 & 0xff, 0, 0, 48_000 >> 8, 48_000 & 0xff, 0, 0, 0),
  sampleRateHz: 48_000,
  channelCount: 2,
};

/**
 * Opus from RTP (RFC 7587): one packet is one frame. Lost packets and the silences that a sender leaves out (DTX) show
 * as a jump of the times; they are no gap, because any packet can be decoded.
 */
export class OpusAssembler implements FrameAssembler {
  readonly #options: FrameAssemblerOptions;
  #hasBegun = false;

  constructor(options: FrameAssemblerOptions) {
    this.#options = options;
  }

  push(packet: RtpPacket): void {
    if (packet.payload.length === 0) return;
    if (!this.#hasBegun) this.#options.sink.format(opusFormat);
    this.#hasBegun = true;
    const timeUs = this.#options.timeOf(packet.timestamp);
    this.#options.sink.frame({ decodeTimeUs: timeUs, presentationTimeUs: timeUs, isKeyframe: true, data: packet.payload });
  }

  lost(): void {
    // The next packet says by its time how much is missing.
  }
}
