import { opusFormat } from '../../media/index.ts';
import type { FrameAssembler, FrameAssemblerOptions } from './FrameAssembler.ts';
import type { RtpPacket } from './rtpPacket.ts';

/**
 * RTP declares Opus as 48 kHz stereo whatever the stream contains (RFC 7587 §4.1), and a decoder outputs two channels for
 * mono as well. libopus has a look-ahead of 312 samples (6.5 ms).
 */
const format = opusFormat({ channelCount: 2, preSkipSamples: 312, inputSampleRateHz: 48_000 });

/**
 * Assembles frames of Opus from RTP (RFC 7587): one packet is one frame. A lost packet, or silence that the sender does not
 * send (DTX), shows as a jump of the times. It is no gap, because any packet can be decoded.
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
    // The time of the next packet shows how much is missing.
  }
}
