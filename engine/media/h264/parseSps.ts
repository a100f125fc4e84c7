import { BitReader } from '../bits/BitReader.ts';
import { tryRead } from '../bits/tryRead.ts';
import { withoutEmulationPrevention } from './emulationPrevention.ts';
import { nalType, nalTypeOf } from './nalType.ts';
import { readVui } from './readVui.ts';
import type { Vui } from './readVui.ts';

/** What a sequence parameter set says (ITU-T H.264 §7.3.2.1.1), as far as anyone here asks. */
export interface Sps extends Vui {
  profileIdc: number;
  /** The byte between profile and level. */
  constraintFlags: number;
  levelIdc: number;
  chromaFormatIdc: number;
  bitDepthLuma: number;
  bitDepthChroma: number;
  /** Without the cropped rim. */
  widthPx: number;
  heightPx: number;
  isInterlaced: boolean;
  /** 8 bits, 4:2:0: what every browser decodes. */
  isYuv420p: boolean;
}

/** §7.3.2.1.1: the profiles whose SPS says more about colour. */
const highProfiles = new Set([100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135]);
/** Level 6.2 ends at 139,264 macroblocks (table A-1), and none of its pictures is wider or higher. */
const maxSidePx = 16_880;
/** §7.4.2.1.1 */
const maxPictureOrderCycle = 255;

/** @param nalUnit the whole NAL unit, header byte included. @throws RangeError when it ends early or makes no sense */
export function parseSps(nalUnit: Uint8Array): Sps {
  if (nalTypeOf(nalUnit) !== nalType.sps) throw new RangeError('this is no sequence parameter set');
  const reader = new BitReader(withoutEmulationPrevention(nalUnit.subarray(1)));
  const profileIdc = reader.bits(8);
  const constraintFlags = reader.bits(8);
  const levelIdc = reader.bits(8);
  reader.unsignedGolomb();
  const colour = highProfiles.has(profileIdc) ? readColour(reader) : { chromaFormatIdc: 1, bitDepthLuma: 8, bitDepthChroma: 8 };
  reader.unsignedGolomb();
  skipPictureOrder(reader);
  reader.unsignedGolomb();
  reader.skip(1);
  const size = readSize(reader, colour.chromaFormatIdc);
  const isYuv420p = colour.chromaFormatIdc === 1 && colour.bitDepthLuma === 8 && colour.bitDepthChroma === 8;
  // The VUI only adds hints: a broken one does not make the picture unreadable.
  const vui = tryRead(() => (reader.flag() ? readVui(reader) : undefined));
  return { profileIdc, constraintFlags, levelIdc, ...colour, ...size, isYuv420p, frameRate: vui?.frameRate, reorderFrames: vui?.reorderFrames };
}

function readColour(reader: BitReader): Pick<Sps, 'chromaFormatIdc' | 'bitDepthLuma' | 'bitDepthChroma'> {
  const chromaFormatIdc = reader.unsignedGolomb();
  if (chromaFormatIdc === 3) reader.skip(1);
  const bitDepthLuma = 8 + reader.unsignedGolomb();
  const bitDepthChroma = 8 + reader.unsignedGolomb();
  reader.skip(1);
  if (reader.flag()) skipScalingLists(reader, chromaFormatIdc === 3 ? 12 : 8);
  return { chromaFormatIdc, bitDepthLuma, bitDepthChroma };
}

/** §7.3.2.1.1.1 */
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

function skipPictureOrder(reader: BitReader): void {
  const type = reader.unsignedGolomb();
  if (type === 0) reader.unsignedGolomb();
  if (type !== 1) return;
  reader.skip(1);
  reader.signedGolomb();
  reader.signedGolomb();
  const cycle = reader.unsignedGolomb();
  if (cycle > maxPictureOrderCycle) throw new RangeError('the picture order makes no sense');
  for (let i = 0; i < cycle; i += 1) reader.signedGolomb();
}

/** §7.4.2.1.1: macroblocks of 16 pixels, less what is cropped. */
function readSize(reader: BitReader, chromaFormat: number): Pick<Sps, 'widthPx' | 'heightPx' | 'isInterlaced'> {
  const widthInMbs = reader.unsignedGolomb() + 1;
  const heightInMapUnits = reader.unsignedGolomb() + 1;
  const isInterlaced = !reader.flag();
  if (isInterlaced) reader.skip(1);
  reader.skip(1);
  const crop = reader.flag() ? readCrop(reader) : { horizontal: 0, vertical: 0 };
  const fieldFactor = isInterlaced ? 2 : 1;
  const unitX = chromaFormat === 1 || chromaFormat === 2 ? 2 : 1;
  const unitY = (chromaFormat === 1 ? 2 : 1) * fieldFactor;
  const widthPx = widthInMbs * 16 - crop.horizontal * unitX;
  const heightPx = heightInMapUnits * 16 * fieldFactor - crop.vertical * unitY;
  if (Math.min(widthPx, heightPx) <= 0 || Math.max(widthPx, heightPx) > maxSidePx) throw new RangeError('the picture size makes no sense');
  return { widthPx, heightPx, isInterlaced };
}

function readCrop(reader: BitReader): { horizontal: number; vertical: number } {
  const horizontal = reader.unsignedGolomb() + reader.unsignedGolomb();
  const vertical = reader.unsignedGolomb() + reader.unsignedGolomb();
  return { horizontal, vertical };
}
