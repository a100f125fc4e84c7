import type { BitReader } from '../bits/BitReader.ts';

/** Fields of the video usability information of an SPS (ITU-T H.264 Annex E). Undefined when not present. */
export interface Vui {
  /** Frames per second. */
  frameRate: number | undefined;
  /**
   * max_num_reorder_frames: the number of frames that may precede a frame in decoding order and follow it in output order. 0
   * means that there are no B-frames.
   */
  reorderFrames: number | undefined;
}

/** Extended_SAR of table E-1: width and height follow in 16 bits each. */
const extendedSampleAspectRatio = 255;

/** Parses vui_parameters(), §E.1.1. @throws RangeError when it ends early */
export function readVui(reader: BitReader): Vui {
  skipDisplayHints(reader);
  const frameRate = reader.flag() ? readFrameRate(reader) : undefined;
  const hasNalHrd = reader.flag();
  if (hasNalHrd) skipHrd(reader);
  const hasVclHrd = reader.flag();
  if (hasVclHrd) skipHrd(reader);
  if (hasNalHrd || hasVclHrd) reader.skip(1); // low_delay_hrd_flag
  reader.skip(1); // pic_struct_present_flag
  return { frameRate, reorderFrames: reader.flag() ? readReorderFrames(reader) : undefined };
}

/** Aspect ratio, overscan, video signal type and chroma location. */
function skipDisplayHints(reader: BitReader): void {
  if (reader.flag() && reader.bits(8) === extendedSampleAspectRatio) reader.skip(32);
  if (reader.flag()) reader.skip(1);
  if (reader.flag()) {
    reader.skip(4);
    if (reader.flag()) reader.skip(24);
  }
  if (!reader.flag()) return;
  reader.unsignedGolomb();
  reader.unsignedGolomb();
}

/** time_scale / num_units_in_tick / 2: a tick is the duration of a field, and a frame has two (§E.2.1). */
function readFrameRate(reader: BitReader): number | undefined {
  const unitsInTick = reader.bits(32);
  const timeScale = reader.bits(32);
  reader.skip(1); // fixed_frame_rate_flag
  return unitsInTick > 0 && timeScale > 0 ? timeScale / unitsInTick / 2 : undefined;
}

/** hrd_parameters(), §E.1.2. */
function skipHrd(reader: BitReader): void {
  const count = reader.unsignedGolomb() + 1;
  reader.skip(8);
  for (let i = 0; i < count; i += 1) {
    reader.unsignedGolomb();
    reader.unsignedGolomb();
    reader.skip(1);
  }
  reader.skip(20);
}

/** The fields behind bitstream_restriction_flag, §E.1.1. */
function readReorderFrames(reader: BitReader): number {
  reader.skip(1);
  for (let i = 0; i < 4; i += 1) reader.unsignedGolomb();
  return reader.unsignedGolomb();
}
