import { opusFormat } from '../../media/index.ts';
import type { FrameAssembler, FrameAssemblerOptions } from './FrameAssembler.ts';
import type { RtpPacket } from './rtpPacket.ts';

/**
 * RTP carries Opus as 48 kHz stereo whatever is inside (RFC 7587 §4.1); decoders produce two channels from either.
 * 312 samples (6.5 ms) are libopus' look-ahead.
 */
const format = opusFormat({ channelCount: 2, preSkipSamples: 312, inputSampleRateHz: 48_000 });

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
    if (!this.#hasBegun) this.#options.sink.format(format);
    this.#hasBegun = true;
    const timeUs = this.#options.timeOf(packet.timestamp);
    this.#options.sink.frame({ decodeTimeUs: timeUs, presentationTimeUs: timeUs, isKeyframe: true, data: packet.payload });
  }

  lost(): void {
    // The next packet says by its time how much is missing.
  }
}
