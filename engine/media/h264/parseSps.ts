import { BitReader } from '../bits/BitReader.ts';
import { tryRead } from '../bits/tryRead.ts';
import { withoutEmulationPrevention } from './emulationPrevention.ts';
import { nalType, nalTypeOf } from './nalType.ts';
import { readVui } from './readVui.ts';
import type { Vui } from './readVui.ts';

/** Fields of a sequence parameter set: ITU-T H.264 §7.3.2.1.1. */
export interface Sps extends Vui {
  profileIdc: number;
  /** The byte with the constraint_set flags, between profile and level. */
  constraintFlags: number;
  levelIdc: number;
  /** Table 6-1: 0 is monochrome, 1 is 4:2:0, 2 is 4:2:2, 3 is 4:4:4. */
  chromaFormatIdc: number;
  bitDepthLuma: number;
  bitDepthChroma: number;
  /** Size of the displayed image, after cropping. */
  widthPx: number;
  heightPx: number;
  isInterlaced: boolean;
  /** 4:2:0 with 8 bits per sample, the only chroma format that every browser decodes. */
  isYuv420p: boolean;
}

/** profile_idc values with chroma format and bit depths in the SPS, listed in §7.3.2.1.1. */
const highProfiles = new Set([100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135]);
/** Level 6.2 allows sqrt(8 × 139,264) = 1055 macroblocks of 16 pixels per side: §A.3 and table A-1. */
const maxSidePx = 16_880;
/** Maximum of num_ref_frames_in_pic_order_cnt_cycle, §7.4.2.1.1. */
const maxPictureOrderCycle = 255;

/**
 * Parses an SPS.
 * @param nalUnit the NAL unit with its header byte
 * @throws RangeError when it ends early or a value is out of range
 */
export function parseSps(nalUnit: Uint8Array): Sps {
  if (nalTypeOf(nalUnit) !== nalType.sps) throw new RangeError('the NAL unit is not a sequence parameter set');
  const reader = new BitReader(withoutEmulationPrevention(nalUnit.subarray(1)));
  const profileIdc = reader.bits(8);
  const constraintFlags = reader.bits(8);
  const levelIdc = reader.bits(8);
  reader.unsignedGolomb(); // seq_parameter_set_id
  const chroma = highProfiles.has(profileIdc) ? readChromaFormat(reader) : { chromaFormatIdc: 1, bitDepthLuma: 8, bitDepthChroma: 8 };
  reader.unsignedGolomb(); // log2_max_frame_num_minus4
  skipPictureOrder(reader);
  reader.unsignedGolomb(); // max_num_ref_frames
  reader.skip(1); // gaps_in_frame_num_value_allowed_flag
  const size = readSize(reader, chroma.chromaFormatIdc);
  const isYuv420p = chroma.chromaFormatIdc === 1 && chroma.bitDepthLuma === 8 && chroma.bitDepthChroma === 8;
  // The VUI contains only hints. A damaged VUI does not make the SPS invalid.
  const vui = tryRead(() => (reader.flag() ? readVui(reader) : undefined));
  return { profileIdc, constraintFlags, levelIdc, ...chroma, ...size, isYuv420p, frameRate: vui?.frameRate, reorderFrames: vui?.reorderFrames };
}

function readChromaFormat(reader: BitReader): Pick<Sps, 'chromaFormatIdc' | 'bitDepthLuma' | 'bitDepthChroma'> {
  const chromaFormatIdc = reader.unsignedGolomb();
  if (chromaFormatIdc === 3) reader.skip(1); // separate_colour_plane_flag
  const bitDepthLuma = 8 + reader.unsignedGolomb();
  const bitDepthChroma = 8 + reader.unsignedGolomb();
  reader.skip(1); // qpprime_y_zero_transform_bypass_flag
  if (reader.flag()) skipScalingLists(reader, chromaFormatIdc === 3 ? 12 : 8);
  return { chromaFormatIdc, bitDepthLuma, bitDepthChroma };
}

/** scaling_list(), §7.3.2.1.1.1. */
function skipScalingLists(reader: BitReader, count: number): void {
  for (let list = 0; list < count; list += 1) {
    if (!reader.flag()) continue;
    let last = 8;
    for (let i = 0; i < (list < 6 ? 16 : 64); i += 1) {
      const next = (last + reader.signedGolomb() + 256) % 256;
      if (next === 0) break;
      last = next;
    }
  }
}

/** pic_order_cnt_type and the fields that depend on it, §7.3.2.1.1. */
function skipPictureOrder(reader: BitReader): void {
  const type = reader.unsignedGolomb();
  if (type === 0) reader.unsignedGolomb();
  if (type !== 1) return;
  reader.skip(1);
  reader.signedGolomb();
  reader.signedGolomb();
  const cycle = reader.unsignedGolomb();
  if (cycle > maxPictureOrderCycle) throw new RangeError('the picture order count cycle is out of range');
  for (let i = 0; i < cycle; i += 1) reader.signedGolomb();
}

/** Macroblocks of 16 × 16 pixels, minus the cropping rectangle, whose units are CropUnitX and CropUnitY: §7.4.2.1.1. */
function readSize(reader: BitReader, chromaFormat: number): Pick<Sps, 'widthPx' | 'heightPx' | 'isInterlaced'> {
  const widthInMbs = reader.unsignedGolomb() + 1;
  const heightInMapUnits = reader.unsignedGolomb() + 1;
  const isInterlaced = !reader.flag();
  if (isInterlaced) reader.skip(1); // mb_adaptive_frame_field_flag
  reader.skip(1); // direct_8x8_inference_flag
  const crop = reader.flag() ? readCrop(reader) : { horizontal: 0, vertical: 0 };
  const fieldFactor = isInterlaced ? 2 : 1;
  const unitX = chromaFormat === 1 || chromaFormat === 2 ? 2 : 1;
  const unitY = (chromaFormat === 1 ? 2 : 1) * fieldFactor;
  const widthPx = widthInMbs * 16 - crop.horizontal * unitX;
  const heightPx = heightInMapUnits * 16 * fieldFactor - crop.vertical * unitY;
  if (Math.min(widthPx, heightPx) <= 0 || Math.max(widthPx, heightPx) > maxSidePx) throw new RangeError('the image size is out of range');
  return { widthPx, heightPx, isInterlaced };
}

/** The sums of the left and right, and of the top and bottom offsets. */
function readCrop(reader: BitReader): { horizontal: number; vertical: number } {
  const horizontal = reader.unsignedGolomb() + reader.unsignedGolomb();
  const vertical = reader.unsignedGolomb() + reader.unsignedGolomb();
  return { horizontal, vertical };
}
