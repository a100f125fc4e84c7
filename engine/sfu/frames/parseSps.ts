import { BitReader } from './BitReader.ts';

export interface SequenceParameterSet {
  id: number;
  profileIdc: number;
  constraintFlags: number;
  levelIdc: number;
  chromaFormatIdc: number;
  bitDepthLuma: number;
  bitDepthChroma: number;
  widthPx: number;
  heightPx: number;
}

/** ITU-T H.264 §7.3.2.1.1: the profiles whose SPS says more about colour. */
const highProfiles = new Set([100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135]);

/** Reads a sequence parameter set (a NAL unit of type 7) as far as the picture size; undefined when it is none. */
export function parseSps(nalUnit: Uint8Array): SequenceParameterSet | undefined {
  if (((nalUnit[0] ?? 0) & 0x1f) !== 7) return undefined;
  try {
    return readSps(new BitReader(nalUnit.subarray(1)));
  } catch (err) {
    if (err instanceof RangeError) return undefined;
    throw err;
  }
}

function readSps(reader: BitReader): SequenceParameterSet | undefined {
  const profileIdc = reader.bits(8);
  const constraintFlags = reader.bits(8);
  const levelIdc = reader.bits(8);
  const id = reader.unsigned();
  const colour = highProfiles.has(profileIdc) ? readColour(reader) : { chromaFormatIdc: 1, bitDepthLuma: 8, bitDepthChroma: 8 };
  reader.unsigned(); // log2_max_frame_num_minus4
  skipPictureOrder(reader);
  reader.unsigned(); // max_num_ref_frames
  reader.flag(); // gaps_in_frame_num_value_allowed_flag
  const size = readSize(reader, colour.chromaFormatIdc);
  return size && { id, profileIdc, constraintFlags, levelIdc, ...colour, ...size };
}

function readColour(reader: BitReader) {
  const chromaFormatIdc = reader.unsigned();
  if (chromaFormatIdc === 3) reader.flag(); // separate_colour_plane_flag
  const bitDepthLuma = 8 + reader.unsigned();
  const bitDepthChroma = 8 + reader.unsigned();
  reader.flag(); // qpprime_y_zero_transform_bypass_flag
  if (reader.flag()) skipScalingMatrix(reader, chromaFormatIdc === 3 ? 12 : 8);
  return { chromaFormatIdc, bitDepthLuma, bitDepthChroma };
}

/** §7.3.2.1.1.1 */
function skipScalingMatrix(reader: BitReader, lists: number): void {
  for (let list = 0; list < lists; list += 1) {
    if (!reader.flag()) continue;
    const size = list < 6 ? 16 : 64;
    let lastScale = 8;
    let nextScale = 8;
    for (let i = 0; i < size; i += 1) {
      if (nextScale !== 0) nextScale = (lastScale + reader.signed() + 256) % 256;
      if (nextScale !== 0) lastScale = nextScale;
    }
  }
}

function skipPictureOrder(reader: BitReader): void {
  const type = reader.unsigned();
  if (type === 0) reader.unsigned();
  if (type !== 1) return;
  reader.flag();
  reader.signed();
  reader.signed();
  const cycle = reader.unsigned();
  // §7.4.2.1.1: at most 255.
  for (let i = 0; i < Math.min(cycle, 255); i += 1) reader.signed();
}

/** §7.4.2.1.1: macroblocks of 16 pixels, less what is cropped. */
function readSize(reader: BitReader, chromaFormatIdc: number): { widthPx: number; heightPx: number } | undefined {
  const widthMbs = reader.unsigned() + 1;
  const heightMapUnits = reader.unsigned() + 1;
  const isFramesOnly = reader.flag();
  if (!isFramesOnly) reader.flag(); // mb_adaptive_frame_field_flag
  reader.flag(); // direct_8x8_inference_flag
  const [left, right, top, bottom] = reader.flag()
    ? [reader.unsigned(), reader.unsigned(), reader.unsigned(), reader.unsigned()]
    : [0, 0, 0, 0];
  const fields = isFramesOnly ? 1 : 2;
  const cropX = chromaFormatIdc === 1 || chromaFormatIdc === 2 ? 2 : 1;
  const cropY = (chromaFormatIdc === 1 ? 2 : 1) * fields;
  const widthPx = widthMbs * 16 - cropX * (left + right);
  const heightPx = heightMapUnits * 16 * fields - cropY * (top + bottom);
  // Level 6.2 ends at 139,264 macroblocks (table A-1), none of its pictures is wider than 16,880 pixels.
  const isSane = widthPx > 0 && heightPx > 0 && widthPx <= 16_880 && heightPx <= 16_880;
  return isSane ? { widthPx, heightPx } : undefined;
}
