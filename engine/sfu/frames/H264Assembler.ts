import { accessUnitOf, buildAvcConfig, parseSps, tryRead } from '../../media/index.ts';
import type { FrameAssembler, FrameAssemblerOptions } from './FrameAssembler.ts';
import { H264Depacketizer } from './H264Depacketizer.ts';
import type { TimedNalUnits } from './H264Depacketizer.ts';
import type { RtpPacket } from './rtpPacket.ts';

/**
 * Assembles frames of H.264 from WebRTC. Starts at a keyframe, also after a loss. WebRTC senders use no B-frames, so decode
 * and presentation times are the same. The format comes from the parameter sets in the RTP.
 */
export class H264Assembler implements FrameAssembler {
  readonly #options: FrameAssemblerOptions;
  readonly #depacketizer = new H264Depacketizer((unit) => this.#addUnit(unit));
  #isWaiting = true;
  #hasBegun = false;
  #newSps: Uint8Array[] = [];
  #newPps: Uint8Array[] = [];
  #sps: Uint8Array[] = [];
  #pps: Uint8Array[] = [];
  #sentConfig: Uint8Array | undefined;

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

  #addUnit({ timestamp, nalUnits }: TimedNalUnits): void {
    const { data, hasSlice, hasIdr: isKeyframe, spsUnits, ppsUnits } = accessUnitOf(nalUnits);
    for (const unit of spsUnits) if (tryRead(() => parseSps(unit))) addDistinct(this.#newSps, unit);
    for (const unit of ppsUnits) if (unit.length > 1) addDistinct(this.#newPps, unit);
    if (!hasSlice) return;
    if (isKeyframe) this.#adoptParameterSets();
    if (this.#isWaiting && !(isKeyframe && this.#sentConfig)) return;
    this.#isWaiting = false;
    this.#hasBegun = true;
    const timeUs = this.#options.timeOf(timestamp);
    this.#options.sink.frame({ decodeTimeUs: timeUs, presentationTimeUs: timeUs, isKeyframe, data });
  }

  /** The parameter sets since the last keyframe replace all earlier ones: encoders change the size under the same id. */
  #adoptParameterSets(): void {
    if (this.#newSps.length > 0) this.#sps = this.#newSps;
    if (this.#newPps.length > 0) this.#pps = this.#newPps;
    this.#newSps = [];
    this.#newPps = [];
    const format = tryRead(() => buildAvcConfig({ spsUnits: this.#sps, ppsUnits: this.#pps }))?.format;
    if (!format || (this.#sentConfig && Buffer.compare(format.decoderConfig, this.#sentConfig) === 0)) return;
    this.#sentConfig = format.decoderConfig;
    this.#options.sink.format(format);
  }
}

/** AVCDecoderConfigurationRecord counts SPS in 5 bits and PPS in 8. Senders use one or two of each. */
function addDistinct(units: Uint8Array[], unit: Uint8Array): void {
  if (units.some((known) => Buffer.compare(known, unit) === 0)) return;
  if (units.length === 16) units.shift();
  units.push(unit);
}
