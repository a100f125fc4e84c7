import type { FrameAssembler, FrameAssemblerOptions } from './FrameAssembler.ts';
import { avcFormat, toAvcc } from './avcFormat.ts';
import { H264Depacketizer } from './H264Depacketizer.ts';
import type { AccessUnit } from './H264Depacketizer.ts';
import { parseSps } from './parseSps.ts';
import type { RtpPacket } from './rtpPacket.ts';

/** ITU-T H.264 table 7-1. */
const nalType = { idr: 5, sps: 7, pps: 8, delimiter: 9, filler: 12 } as const;
const notInFrames: readonly number[] = [nalType.sps, nalType.pps, nalType.delimiter, nalType.filler];

/**
 * H.264 from WebRTC to frames: the first at a keyframe, after a loss again at a keyframe. WebRTC senders use no
 * B-frames, so decode and presentation times are the same. The format comes from the parameter sets in the RTP.
 */
export class H264Assembler implements FrameAssembler {
  readonly #options: FrameAssemblerOptions;
  readonly #depacketizer = new H264Depacketizer((unit) => this.#take(unit));
  #isWaiting = true;
  #hasBegun = false;
  #newSps: Uint8Array[] = [];
  #newPps: Uint8Array[] = [];
  #sps: Uint8Array[] = [];
  #pps: Uint8Array[] = [];
  #toldConfig: Uint8Array | undefined;

  constructor(options: FrameAssemblerOptions) {
    this.#options = options;
  }

  push(packet: RtpPacket): void {
    if (this.#isWaiting) this.#options.requestKeyframe();
    this.#depacketizer.push(packet);
  }

  lost(): void {
    this.#depacketizer.reset();
    if (this.#isWaiting) return;
    this.#wait();
  }

  #wait(): void {
    this.#isWaiting = true;
    if (this.#hasBegun) this.#options.sink.gap?.();
    this.#options.requestKeyframe();
  }

  #take({ timestamp, nalUnits }: AccessUnit): void {
    for (const unit of nalUnits) {
      if (typeOf(unit) === nalType.sps && parseSps(unit)) remember(this.#newSps, unit);
      if (typeOf(unit) === nalType.pps && unit.length > 1) remember(this.#newPps, unit);
    }
    const picture = nalUnits.filter((unit) => !notInFrames.includes(typeOf(unit)));
    if (!picture.some((unit) => typeOf(unit) >= 1 && typeOf(unit) <= nalType.idr)) return;
    const isKeyframe = picture.some((unit) => typeOf(unit) === nalType.idr);
    if (isKeyframe) this.#adoptParameterSets();
    if (this.#isWaiting && !(isKeyframe && this.#toldConfig)) return;
    this.#isWaiting = false;
    this.#hasBegun = true;
    const timeUs = this.#options.timeOf(timestamp);
    this.#options.sink.frame({ decodeTimeUs: timeUs, presentationTimeUs: timeUs, isKeyframe, data: toAvcc(picture) });
  }

  /** What was said since the last keyframe replaces what was said before: encoders change sizes under the same id. */
  #adoptParameterSets(): void {
    if (this.#newSps.length > 0) this.#sps = this.#newSps;
    if (this.#newPps.length > 0) this.#pps = this.#newPps;
    this.#newSps = [];
    this.#newPps = [];
    const format = avcFormat(this.#sps, this.#pps);
    if (!format || (this.#toldConfig && Buffer.compare(format.decoderConfig, this.#toldConfig) === 0)) return;
    this.#toldConfig = format.decoderConfig;
    this.#options.sink.format(format);
  }
}

function typeOf(unit: Uint8Array): number {
  return (unit[0] ?? 0) & 0x1f;
}

/** AVCDecoderConfigurationRecord counts SPS in 5 bits and PPS in 8; senders repeat one or two. */
function remember(units: Uint8Array[], unit: Uint8Array): void {
  if (units.some((known) => Buffer.compare(known, unit) === 0)) return;
  if (units.length === 16) units.shift();
  units.push(unit);
}
